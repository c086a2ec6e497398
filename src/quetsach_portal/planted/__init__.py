"""Planted names: what a unit asks for itself, to learn whether its logs would show a contact."""
