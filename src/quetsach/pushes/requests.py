"""Requests of a push: tried again with longer and longer waits where that may help."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from quetsach import __version__
from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.fetch.connection import (
    FetchBounds,
    HttpClient,
    HttpReply,
    ServerAddress,
    follow_link,
)
from quetsach.indicators.fetch.trust import ClientCertificate, is_distrust
from quetsach.texts import _

_PASSES = frozenset({408, 425, 429, 500, 502, 503, 504})
"""What a server answers that may take the same a moment later."""

_BOUNDS = FetchBounds(wait_s=20.0, request_s=120.0, largest=32 << 20)
_LONGEST_WAIT_S = 60.0


@dataclass
class Patience:
    """How often and how long it is tried. Units: seconds; `wait` waits for so many."""

    tries: int = 5
    limit_s: float = 600.0
    first_s: float = 1.0
    wait: Callable[[float], Any] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _until_s: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self._until_s = self.clock() + self.limit_s

    def again(self, tried: int, asked_s: float = 0.0) -> bool:
        """Wait before the next try, at least as long as the server asked for.

        False, at once, where it was tried often enough or the time is over.
        """
        # Many offices begin at the same hour: each waits a little longer or shorter.
        share = 0.75 + secrets.randbelow(501) / 1000
        wait_s = max(self.first_s * 2 ** (tried - 1) * share, asked_s)
        if tried >= self.tries or self.clock() + wait_s > self._until_s:
            return False
        self.wait(wait_s)
        return True


@dataclass(frozen=True)
class PushClient:
    """POSTs to the host of `address` alone; no redirect is followed.

    `shown` is what messages call the server: what stands in a path may be a secret.
    """

    address: ServerAddress
    headers: Mapping[str, str]
    patience: Patience
    ca_file: Path | None = None
    certificate: ClientCertificate | None = None

    @property
    def shown(self) -> str:
        """The server, without its path."""
        return str(self.address.at("/"))

    def post(
        self, path: str, body: bytes, sign: Callable[[], Mapping[str, str]] = dict
    ) -> HttpReply:
        """Return the answer to POST, whatever it says; `sign` gives headers anew for each try.

        Errors: E213 unreachable; E214 for a redirect elsewhere; E215 not let in; E216 where it
        answers again and again that it cannot now, or redirects.
        """
        tried = 0
        while True:
            tried += 1
            try:
                reply = self._post(path, body, sign())
            except QuetsachError as error:
                if _may_pass(error) and self.patience.again(tried):
                    continue
                raise self._without_path(error) from None
            if reply.status not in _PASSES:
                return self._checked(reply)
            if not self.patience.again(tried, _asked_s(reply)):
                raise QuetsachError("E216", self.shown, reason=f"HTTP {reply.status}")

    def _post(self, path: str, body: bytes, more: Mapping[str, str]) -> HttpReply:
        headers = {"User-Agent": f"quetsach/{__version__}", **self.headers, **more}
        client = HttpClient(
            self.address, headers, _BOUNDS, self.ca_file, certificate=self.certificate
        )
        return client.ask("POST", self.address.at(path), body)[1]

    def _checked(self, reply: HttpReply) -> HttpReply:
        if reply.status == 401:
            raise QuetsachError("E215", self.shown, status=reply.status)
        if 300 <= reply.status < 400:
            try:
                follow_link(reply.headers.get("location", ""), self.address)
            except QuetsachError as error:
                raise self._without_path(error) from None
            raise QuetsachError("E216", self.shown, reason=f"HTTP {reply.status}")
        return reply

    def _without_path(self, error: QuetsachError) -> QuetsachError:
        return QuetsachError(error.problem.code, self.shown, **error.problem.facts)

    def refusal(self, reply: HttpReply) -> QuetsachError:
        """Return the error for an answer that takes nothing: E215, E216."""
        if reply.status == 403:
            return QuetsachError("E215", self.shown, status=reply.status)
        return QuetsachError("E216", self.shown, reason=f"HTTP {reply.status}")

    def decoded(self, reply: HttpReply, of_type: Any) -> Any:
        """Return what the answer says. Errors: E216 where it is not of this form."""
        try:
            return msgspec.json.decode(reply.body, type=of_type)
        except (ValueError, RecursionError) as error:
            reason = _("it is not of the expected form: %(why)s") % {"why": str(error)[:200]}
            raise QuetsachError("E216", self.shown, reason=reason) from error


def _may_pass(error: QuetsachError) -> bool:
    """Return whether the connection failed, or broke off amid the answer; not by a certificate."""
    is_cut = error.problem.code == "E216" and error.__cause__ is not None
    return is_cut or (error.problem.code == "E213" and not is_distrust(error.__cause__))


def _asked_s(reply: HttpReply) -> float:
    """Return how long the server wants to be left alone. Source: RFC 9110, 10.2.3 (seconds)."""
    text = reply.headers.get("retry-after", "")
    return min(float(text), _LONGEST_WAIT_S) if text.isascii() and text.isdigit() else 0.0
