"""Texts of the public page that are reviewed, and those that can be heard."""
