"""Releases of a set of indicators: store, differences, decisions."""
