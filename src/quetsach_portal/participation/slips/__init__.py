"""One-time slips of a unit: printed, pressed, revoked, and what of them is proposed."""
