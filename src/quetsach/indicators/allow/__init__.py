"""Allow-lists: what an indicator should not name, and who says so."""
