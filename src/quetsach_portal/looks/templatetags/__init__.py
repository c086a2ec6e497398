"""Template tags of the app `looks`."""
