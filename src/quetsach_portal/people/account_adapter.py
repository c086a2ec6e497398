"""What allauth asks the portal about accounts: nobody signs up, and who has a factor shows it."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from quetsach_portal.audit.record import client_ip
from quetsach_portal.people.models import User
from quetsach_portal.people.proof import was_confirmed_recently


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts come from invitations alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """False: an account begins with an invitation."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that our own middleware believes (R4)."""
        return client_ip.get() or "0.0.0.0"  # noqa: S104  # stands for "not known"

    def is_reauthentication_required(self, *, app: str) -> bool:
        """True when allauth's own weighty pages ask again: as ours do, ten minutes later."""
        return not was_confirmed_recently(context.request)

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        """Return how `user` may prove who they are: by the second factor where there is one."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        factors = [one for one in methods if one["id"] != "reauthenticate"]
        return factors or methods
