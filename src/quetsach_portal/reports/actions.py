"""What people do with reports: one function an act."""
