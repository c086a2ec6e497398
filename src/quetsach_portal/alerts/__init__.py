"""A machine was found: its unit is told at once, and who stays silent is asked again above it."""
