"""Accounts; roles and invitations; news; requests for erasure."""

from quetsach_portal.people.models import account, erasure, news, roles

__all__ = ["account", "erasure", "news", "roles"]
