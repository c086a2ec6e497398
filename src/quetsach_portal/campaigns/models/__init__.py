"""Campaigns, their tree, expected reports, changes, checks, and calendar addresses."""

from quetsach_portal.campaigns.models import calendar, campaign, changes, checks, corrections

__all__ = ["calendar", "campaign", "changes", "checks", "corrections"]
