"""Fetching lists from a given server; nothing else here uses the network."""
