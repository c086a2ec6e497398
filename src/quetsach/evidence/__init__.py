"""Raw bytes of evidence: which files there are, how they are opened, how they become whole lines."""
