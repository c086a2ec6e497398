"""Settings from files: which keys there are, what a file says, and where each value came from."""
