"""The formats of indicator lists, one file each."""
