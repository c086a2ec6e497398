"""Accounts; roles and invitations."""

from quetsach_portal.people.models import account, roles

__all__ = ["account", "roles"]
