"""Template tags of the app `worklist`."""
