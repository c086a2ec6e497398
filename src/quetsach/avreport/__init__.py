"""The edXML message AVReport of công văn 2290/BTTTT-CATTT: written, signed, read and verified."""
