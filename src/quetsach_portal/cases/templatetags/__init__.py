"""Template tags of the app `cases`."""
