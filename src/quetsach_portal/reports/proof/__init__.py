"""Is a copy what was issued? Asked by its code or by its bytes, by anybody."""
