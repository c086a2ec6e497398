"""Campaigns: the frozen tree, phases with deadlines, expected reports, figures by counters."""
