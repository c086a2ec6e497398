"""The addresses by which the portal is reached from outside, whatever a single request says.

Behind a proxy that ends TLS a request says `http`, and its Host header is what its sender wrote.
"""

from collections.abc import Callable
from functools import partial
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.http import HttpRequest, HttpResponse


def public_address(path: str) -> str:
    """Return the address of `path` for print, mail and redirects: QUETSACH_URL with `path`."""
    return f"{settings.QUETSACH.public_url}{path}"


def public_host() -> str:
    """Return host and port of the portal's public address."""
    return urlsplit(settings.QUETSACH.public_url).netloc


def cookie_name(name: str, *, path: str = "/") -> str:
    """Return what the cookie `name` for `path` is called: under https no other host may set it."""
    if not settings.SESSION_COOKIE_SECURE:
        return name
    return f"__Host-{name}" if path == "/" else f"__Secure-{name}"


class MessageCookie(CookieStorage):
    """What was done a moment ago, in a cookie whose name is as those of all others."""

    @property
    def cookie_name(self) -> str:  # type: ignore[override]  # Django has one name for all
        """How the cookie is called."""
        return cookie_name("messages")


class MessageStore(FallbackStorage):
    """Messages in a cookie; what is too long for it lies in the session."""

    storage_classes = (MessageCookie, SessionStorage)


class PublicAddressMiddleware:
    """Lets what libraries make of a request begin with the public address as well.

    allauth names the page to which another system leads back (OpenID Connect, `redirect_uri`).
    Django asks for the scheme before it looks at the Referer of a form and sends HSTS.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer to `request`."""
        if settings.QUETSACH.public_url.startswith("https://"):
            request.META["wsgi.url_scheme"] = "https"
        absolute = partial(_absolute, request)
        request.build_absolute_uri = absolute  # type: ignore[method-assign]  # Django has no setting
        return self._get_response(request)


def _absolute(request: HttpRequest, location: str | None = None) -> str:
    if location is None:
        return public_address(request.get_full_path())
    return urljoin(public_address(request.path), location)
