"""Dialects: forms of log lines as data, one TOML file each, and the engine that reads them."""
