"""Decides on parsed fields whether an event meets an indicator, and how strong the sighting is."""
