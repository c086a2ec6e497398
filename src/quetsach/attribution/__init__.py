"""From an address at a time to a device, with a grade and rivals."""
