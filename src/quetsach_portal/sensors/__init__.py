"""Watches that report: what each source reads, how far behind, what it lost, what is wrong."""
