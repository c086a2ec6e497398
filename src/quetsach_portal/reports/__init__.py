"""Reports that units hand in: written, added up, checked, signed, and traced to their rows."""
