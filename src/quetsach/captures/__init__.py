"""Decoders of packed and binary evidence: each turns one file into JSON lines; see registry.py."""
