"""Background work: in the database, retried, leased, and visible."""
