"""Figures that the records of a unit fill in."""
