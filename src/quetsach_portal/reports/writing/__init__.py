"""Writing a report: draft, checks, version, submission."""
