"""Dashboards of a campaign: rates, steps, devices, coverage, ranking, trend and the tile map."""
