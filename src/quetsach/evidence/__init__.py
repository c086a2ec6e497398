"""Raw bytes of evidence: which files there are, how they open, how they become whole lines."""
