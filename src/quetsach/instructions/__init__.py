"""What to do with a machine that may be infected: the one source of all texts that say so."""
