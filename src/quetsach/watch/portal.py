"""What a watch asks of a portal: which node it reports for, heartbeats, folders, the list."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Any
from uuid import UUID

import msgspec

from quetsach import __version__
from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.fetch.connection import (
    Credentials,
    FetchBounds,
    HttpClient,
    ServerAddress,
    parse_target,
)
from quetsach.texts import _

MOST_HEARTBEAT = 256 * 1024
_MOST_ANSWER = 8 << 20
_MOST_LIST = 512 << 20
_REFUSED = frozenset({400, 413, 415, 422})
_NOT_NOW = 409


@dataclass(frozen=True)
class PortalAccess:
    """Which portal is told, by which token; `node` where the token's unit has several.

    `name` is what the watch is called there, "" for the name of this machine; `is_signed` tells
    of a list whether a trusted key signed it, None where that is not asked.
    """

    address: str
    token: str = field(repr=False)
    node: int | None = None
    name: str = ""
    ca_file: Path | None = None
    is_signed: Callable[[Path], bool] | None = None


@dataclass(frozen=True)
class ListAt:
    """The list in force: the SHA-256 of its file, and its path on the portal."""

    digest: str
    path: str


class RefusedError(Exception):
    """The portal does not take something, however often it is sent; why."""


class NotNowError(RefusedError):
    """The portal does not take it as things stand, as while a campaign does not run; why."""


class TooSoonError(Exception):
    """The portal was asked a moment ago, and wants to be asked less often."""


class Portal:
    """The portal at one address. No other host is asked."""

    def __init__(self, wishes: PortalAccess) -> None:
        """Check the address. Errors: E214 for one that is not https; E601 for the token."""
        self._wishes = wishes
        self._base = parse_target(wishes.address.rstrip("/"))
        self._credentials = Credentials(token=wishes.token)

    def nodes(self) -> list[Mapping[str, Any]]:
        """Return the nodes for which the token may report, the newest first. Errors: as `_json`."""
        nodes = self._json("GET", "/api/v1/watch").get("nodes", [])
        only = self._wishes.node
        return [
            one
            for one in nodes
            if isinstance(one, Mapping)
            and isinstance(one.get("node"), int)
            and only in (None, one["node"])
        ]

    def heartbeat(self, node: int, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """Tell how the watch is; return the answer. Errors: as `_json`."""
        body = msgspec.json.encode(message)
        return self._json("POST", f"/api/v1/nodes/{node}/watch/heartbeat", body)

    def hand_in(self, node: int, key: UUID, note: str, packed: bytes) -> Mapping[str, Any]:
        """Hand in a folder; the same key again is the same submission. Errors: as `_json`."""
        edge = token_hex(16)
        fields = {"kind": "findings", "key": str(key), "note": note}
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
            for name, text in fields.items()
        ]
        parts += [
            f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{key}.zip"\r\n'
            f"Content-Type: application/zip\r\n\r\n".encode(),
            packed,
            f"\r\n--{edge}--\r\n".encode(),
        ]
        form = f"multipart/form-data; boundary={edge}"
        return self._json("POST", f"/api/v1/nodes/{node}/submissions", b"".join(parts), form)

    def list_at(self, at: ListAt) -> bytes:
        """Return the list. Errors: E213 to E216, E216 also where it is not what was announced."""
        address = self._at(at.path)
        reply = self._client(_MOST_LIST).get(address)
        if hashlib.sha256(reply.body).hexdigest() != at.digest:
            raise QuetsachError("E216", str(address), reason=_("the list is not the one announced"))
        return reply.body

    def _json(
        self, method: str, path: str, body: bytes | None = None, form: str = "application/json"
    ) -> Mapping[str, Any]:
        """Return the answer to a request.

        Errors: RefusedError where it would be no use to send it again, NotNowError where it may be
        of use later; TooSoonError; QuetsachError E213 to E216.
        """
        address = self._at(path)
        status, reply = self._client(_MOST_ANSWER, form).ask(method, address, body)
        if status in (401, 403):
            raise QuetsachError("E215", str(address), status=status)
        if status == _NOT_NOW:
            raise NotNowError(f"HTTP {status}{_told(reply.body)}")
        if status in _REFUSED:
            raise RefusedError(f"HTTP {status}{_told(reply.body)}")
        if status == 429:
            raise TooSoonError
        if status not in (200, 201):
            raise QuetsachError("E216", str(address), reason=f"HTTP {status}")
        try:
            answer = msgspec.json.decode(reply.body, type=dict[str, Any])
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise QuetsachError("E216", str(address), reason=_("it is no JSON")) from error
        return answer

    def _at(self, path: str) -> ServerAddress:
        base = self._base.path.rstrip("/")
        return self._base.at(base + path)

    def _client(self, largest: int, form: str = "application/json") -> HttpClient:
        headers = {
            "Accept": "application/json",
            "Content-Type": form,
            "User-Agent": f"quetsach/{__version__}",
            **self._credentials.header("Bearer"),
        }
        bounds = FetchBounds(wait_s=30.0, request_s=300.0, largest=largest)
        return HttpClient(self._base, headers, bounds, self._wishes.ca_file)


def list_in(answer: Mapping[str, Any]) -> ListAt | None:
    """Return the list that an answer names, None where it names none, or not as it should."""
    release = answer.get("release")
    if not isinstance(release, Mapping):
        return None
    digest, path = release.get("digest"), release.get("address")
    if not isinstance(digest, str) or not isinstance(path, str) or not path.startswith("/api/"):
        return None
    return ListAt(digest.removeprefix("sha256:"), path)


def _told(body: bytes) -> str:
    """Return what a refusal says, shortly."""
    try:
        answer = msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""
    text = next((answer[name] for name in ("detail", "code", "what") if answer.get(name)), "")
    return f": {str(text)[:160]}" if text else ""
