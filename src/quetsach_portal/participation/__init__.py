"""Who takes part: counted by unit, kind and day, and never by name."""
