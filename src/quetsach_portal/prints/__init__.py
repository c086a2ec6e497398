"""A campaign's list asked of logs that are destroyed, by their fingerprints."""
