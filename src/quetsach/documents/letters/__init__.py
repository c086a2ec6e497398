"""Official letters: drafts, blocks, annexes, files."""
