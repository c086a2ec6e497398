"""Follow-up: informed, received, deployed, reported, signed; reminders, escalation, extensions."""
