"""Figures one looks at: rates, the ladder, devices, coverage, ranking, trend, the map of tiles."""
