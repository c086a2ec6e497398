"""How a program says who it is: `Authorization: Bearer TOKEN`, or the token as a Basic password."""

import base64
import binascii
from typing import Any

from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import HttpBearer

from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.tokens import Caller, caller_of


class ByToken(HttpBearer):
    """Lets in who has a token for `purpose`; firewalls that know only Basic may send it so."""

    def __init__(self, purpose: TokenScope) -> None:
        self.purpose = purpose
        super().__init__()

    def __call__(self, request: HttpRequest) -> Any:
        """Return the caller. Errors: 401 without a good token, 403 for another purpose."""
        caller = caller_of(token_in(request.headers.get("Authorization", "")))
        if caller is None:
            return None
        if not caller.may(self.purpose):
            raise HttpError(403, f"this token is not for: {self.purpose}")
        return caller

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Return the caller; ninja asks for it by this name."""
        return caller_of(token)


def token_in(header: str) -> str:
    """Return the token that the header carries, "" where there is none."""
    way, _space, rest = header.strip().partition(" ")
    if way.lower() == "bearer":
        return rest.strip()
    if way.lower() == "basic":
        try:
            pair = base64.b64decode(rest.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return ""
        return pair.partition(":")[2]
    return ""


def caller(request: HttpRequest) -> Caller:
    """Return who calls; the route's guard has put it there."""
    found: Caller = request.auth  # type: ignore[attr-defined]  # ninja adds it
    return found
