"""Versions of the list of a campaign: received, checked, tried, decided on, put in force."""
