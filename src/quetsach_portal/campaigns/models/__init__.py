"""Campaigns, their tree, expected reports, and calendar addresses."""

from quetsach_portal.campaigns.models import calendar, campaign

__all__ = ["calendar", "campaign"]
