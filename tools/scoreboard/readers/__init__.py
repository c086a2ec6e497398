"""Readers of pairs, one a kind: where the message lies, and how its expectation is written."""
