"""The commands of `quetsach watch`, one file each."""
