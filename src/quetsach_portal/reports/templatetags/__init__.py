"""Template tags of the app `reports`."""
