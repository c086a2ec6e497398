"""Log formats, one small file each, behind one protocol; registry.py has the list."""
