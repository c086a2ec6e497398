"""Signing in by another system (OpenID Connect), where one is set."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

PROVIDER = "sso"
"""The system's name in addresses: /account/oidc/sso/login/callback/ is what it has to know."""


def oidc_providers(oidc: Mapping[str, str]) -> dict[str, Any]:
    """Return allauth's setting for the one system that `oidc` describes, or for none."""
    if not oidc:
        return {}
    app = {
        "provider_id": PROVIDER,
        "name": oidc["name"] or urlsplit(oidc["server_url"]).hostname,
        "client_id": oidc["client_id"],
        "secret": oidc["secret"],
        "settings": {"server_url": oidc["server_url"], "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


def origins_of(oidc: Mapping[str, str]) -> list[str]:
    """Return the origin to which a form may lead on the way to that system."""
    if not oidc:
        return []
    parts = urlsplit(oidc["server_url"])
    return [f"{parts.scheme}://{parts.netloc}"]
