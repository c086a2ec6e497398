"""Accounts; roles and invitations; news."""

from quetsach_portal.people.models import account, news, roles

__all__ = ["account", "news", "roles"]
