"""What can go wrong, by area: a code that never changes, what happened, and what to do next."""
