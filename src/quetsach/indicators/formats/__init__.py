"""The forms in which lists of indicators come, one file each."""
