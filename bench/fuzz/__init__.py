"""Readers of strangers' bytes, fed with damaged copies of true samples: `python -m bench.fuzz`."""
