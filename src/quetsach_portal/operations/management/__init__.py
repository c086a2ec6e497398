"""What the person at the machine runs for the portal as a whole."""
