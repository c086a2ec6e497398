"""Indicators of compromise: read, put in canonical form, checked, and held for matching."""
