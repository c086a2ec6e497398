"""One-time links: 256 bits that stand in the link alone; the database keeps their digest (A8, A11).

The token is made from a random nonce and the secret key. So the job that mails a link can make it
again, while neither the job nor the row holds it.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse


@dataclass(frozen=True)
class Link:
    """A new one-time link; `address` is shown once and kept nowhere."""

    nonce: str
    digest: str
    address: str


def new_link() -> Link:
    """Return a link that nobody can guess."""
    nonce = secrets.token_urlsafe(32)
    token = _token(nonce)
    return Link(nonce, digest_of(token), _address(token))


def link_from(nonce: str) -> Link:
    """Return the link that was made with `nonce`."""
    token = _token(nonce)
    return Link(nonce, digest_of(token), _address(token))


def digest_of(token: str) -> str:
    """Return what the database keeps of `token`."""
    return hashlib.sha256(token.encode()).hexdigest()


def _token(nonce: str) -> str:
    mac = hmac.new(settings.SECRET_KEY.encode(), f"rights.link:{nonce}".encode(), hashlib.sha256)
    return urlsafe_b64encode(mac.digest()).decode().rstrip("=")


def _address(token: str) -> str:
    path = reverse("invitation", kwargs={"token": token})
    return f"{settings.QUETSACH.public_url}{path}"
