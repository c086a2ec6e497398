"""Sightings sent to a server: only what is new, noted in a ledger, taken back by it."""
