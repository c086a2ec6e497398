"""Start, end, archive and check a campaign: plain calls to every app that has part in it."""
