"""Totals: adding up, changes below, the recount."""
