"""Lists of addresses for the public page."""
