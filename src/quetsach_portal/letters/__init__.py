"""Letters down the tree: each level issues its own, numbered, released at once, sent once."""
