"""Correct a unit, a date or a text of a campaign that runs; its effects are shown before."""
