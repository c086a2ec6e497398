"""Forms of notices: one file each; registry.py has their order."""
