"""Signing in by another system (OIDC) opens an account that was invited, and never makes one."""

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


class OtherAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # no types there
    """Only a verified address of an invited account leads in."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """False: whom nobody invited has no account here."""
        return False
