"""The local watch: logs followed as they grow, each line looked at once, sightings told at once."""
