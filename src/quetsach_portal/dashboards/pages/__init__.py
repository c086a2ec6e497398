"""The content of each dashboard page, as values."""
