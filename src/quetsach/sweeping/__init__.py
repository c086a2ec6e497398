"""Engines that map the scan over the plan, and the sweep from evidence to findings."""
