"""Campaigns, their tree, expected reports, checks, and calendar addresses."""

from quetsach_portal.campaigns.models import calendar, campaign, checks

__all__ = ["calendar", "campaign", "checks"]
