"""Allow-lists: values that an indicator should not name, by source."""
