"""A register file held against the register, and saved when a person says so."""
