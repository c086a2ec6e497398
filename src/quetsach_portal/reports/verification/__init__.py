"""The open page that verifies a copy of a report."""
