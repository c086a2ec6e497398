"""Follow-up: told, received, deployed, reported, signed; reminders, escalation, more time."""
