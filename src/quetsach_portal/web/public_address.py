"""The addresses by which the portal is reached from outside, whatever a single request says.

Behind a proxy that ends TLS a request says `http`, and its Host header is what its sender wrote.
"""

from collections.abc import Callable
from functools import partial
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def public_address(path: str) -> str:
    """Return the address of `path` for print, mail and redirects: QUETSACH_URL with `path`."""
    return f"{settings.QUETSACH.public_url}{path}"


def public_host() -> str:
    """Return host and port of the portal's public address."""
    return urlsplit(settings.QUETSACH.public_url).netloc


class PublicAddressMiddleware:
    """Lets what libraries make of a request begin with the public address as well.

    allauth names the page to which another system leads back (OpenID Connect, `redirect_uri`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer to `request`."""
        absolute = partial(_absolute, request)
        request.build_absolute_uri = absolute  # type: ignore[method-assign]  # Django has no setting
        return self._get_response(request)


def _absolute(request: HttpRequest, location: str | None = None) -> str:
    if location is None:
        return public_address(request.get_full_path())
    return urljoin(public_address(request.path), location)
