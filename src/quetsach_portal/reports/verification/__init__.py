"""The public page that verifies a copy of a report."""
