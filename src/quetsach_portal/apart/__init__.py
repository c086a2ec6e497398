"""Processes of their own for what reads strangers' files: bounded and shut in."""
