"""What was looked at: machines of units, one look at one machine, and the figures up the tree."""
