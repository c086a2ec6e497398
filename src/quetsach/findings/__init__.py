"""The findings folder: sightings folded per device, coverage, rejects, manifest."""
