"""Sightings in the forms that other programs read, row by row out of a findings folder."""
