"""The sieve: from raw lines to the few that may hold an indicator."""
