"""What units hand out with their own name and code: editions of it, and pulls counted."""
