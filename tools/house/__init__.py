"""What the code must keep while it is rearranged: the baseline and the ratchets."""
