"""Deadlines as a calendar that programs fetch, by an address that can be ended."""
