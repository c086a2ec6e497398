"""Totals: summing, changes from below, the nightly recount."""
