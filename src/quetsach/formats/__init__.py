"""Log formats, one small file each, behind one protocol; `FORMATS` in registry.py is the list."""
