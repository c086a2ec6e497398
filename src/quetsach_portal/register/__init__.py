"""The pages of the register, its import, and events of the tree with all that they change."""
