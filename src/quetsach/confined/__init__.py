"""A process that reads what strangers wrote shuts itself in: few files, no network, no way back."""
