"""The output formats for devices, sensors and other programs, one file each."""
