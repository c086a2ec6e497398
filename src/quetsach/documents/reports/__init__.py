"""Official reports on paper, and the paper of a sweep."""
