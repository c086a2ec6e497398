"""Lists fetched from the one server that somebody named; nothing else here uses the network."""
