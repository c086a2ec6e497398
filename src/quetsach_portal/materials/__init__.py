"""What the campaign hands out: printed with a unit's own code, kept by version, pulls counted."""
