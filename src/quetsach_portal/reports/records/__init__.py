"""Figures that fill themselves from the records."""
