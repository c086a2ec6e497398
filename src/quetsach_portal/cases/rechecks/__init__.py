"""Declared against verified: a random sample of devices or units is checked again."""
