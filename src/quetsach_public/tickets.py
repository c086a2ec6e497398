"""A press counts once: each form contains a ticket, which allows one count of each kind.

A ticket is a time and random bits under a code of ours; it says nothing of who holds it.
"""

import base64
import binascii
import fcntl
import hmac
import mmap
import os
import secrets
import struct
import threading
import time
import weakref
from pathlib import Path

GOOD_FOR = 3 * 3600
"""Seconds that a form may lie open."""

LEAST_AGE = 1
"""Seconds that a person needs at least between opening a form and pressing it."""

GROUPS = 1 << 18
"""Where marks of used tickets lie: each has one group, by a number that only we can compute."""

PLACES = 4
"""Marks of a group; the one made longest ago goes out for a fifth."""

_TIME, _RANDOM, _CODE = 4, 12, 16
_PLACE = struct.Struct("<QI")
_GROUP = PLACES * _PLACE.size
_ONE_THREAD = threading.Lock()


class Tickets:
    """Makes tickets and takes each once, across all processes that share `folder`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._key = _shared_key(folder / "tickets.key")
        self._file = os.open(folder / "tickets.marks", os.O_RDWR | os.O_CREAT, 0o644)
        weakref.finalize(self, os.close, self._file)
        self._used = _shared_marks(self._file)

    def make(self, now: float | None = None) -> str:
        """Return a new ticket."""
        at = int(time.time() if now is None else now)
        body = at.to_bytes(_TIME, "big") + secrets.token_bytes(_RANDOM)
        return base64.urlsafe_b64encode(body + self._code(body)).decode().rstrip("=")

    def take(self, ticket: str, what: str, now: float | None = None) -> bool:
        """True once for a ticket of ours and this kind of count, not too young and not too old."""
        now = time.time() if now is None else now
        body = self._body(ticket)
        if body is None:
            return False
        age = now - int.from_bytes(body[:_TIME], "big")
        return LEAST_AGE <= age <= GOOD_FOR and self._is_first(body, what)

    def is_too_young(self, ticket: str, now: float | None = None) -> bool:
        """True for a ticket of ours that was made a moment ago."""
        now = time.time() if now is None else now
        body = self._body(ticket)
        return body is not None and now - int.from_bytes(body[:_TIME], "big") < LEAST_AGE

    def _body(self, ticket: str) -> bytes | None:
        """Return what a ticket of ours says, None for what is none."""
        try:
            raw = base64.urlsafe_b64decode(ticket + "=" * (-len(ticket) % 4))
        except (binascii.Error, ValueError):
            return None
        body, code = raw[: _TIME + _RANDOM], raw[_TIME + _RANDOM :]
        if len(code) != _CODE or not hmac.compare_digest(code, self._code(body)):
            return None
        return body

    def _code(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256")[:_CODE]

    def _mark(self, body: bytes, what: str) -> tuple[int, int]:
        """Return the group and the mark of a use; under the key, so nobody finds two that meet."""
        digest = hmac.digest(self._key, b"used" + body + what.encode(), "sha256")
        return int.from_bytes(digest[:4], "little") % GROUPS, int.from_bytes(digest[4:12], "little")

    def _is_first(self, body: bytes, what: str) -> bool:
        # Of very many marks some go out early: then a press could count twice, never none.
        group, mark = self._mark(body, what)
        start = group * _GROUP
        # The file's lock keeps other processes away, and the other one threads of this process.
        with _ONE_THREAD:
            fcntl.lockf(self._file, fcntl.LOCK_EX, _GROUP, start)
            try:
                places = range(start, start + _GROUP, _PLACE.size)
                held = [_PLACE.unpack_from(self._used, place) for place in places]
                if any(one == mark for one, _ in held):
                    return False
                oldest = min(range(PLACES), key=lambda n: held[n][1])
                made = int.from_bytes(body[:_TIME], "big")
                _PLACE.pack_into(self._used, places[oldest], mark, made)
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN, _GROUP, start)
        return True


def _shared_key(path: Path) -> bytes:
    """Return the key in `path`; the first process makes it."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    if not path.exists():
        aside.touch(mode=0o600)
        aside.write_bytes(secrets.token_bytes(32))
        try:
            path.hardlink_to(aside)
        except FileExistsError:
            pass
        finally:
            aside.unlink()
    return path.read_bytes()


def _shared_marks(file: int) -> mmap.mmap:
    if os.fstat(file).st_size < GROUPS * _GROUP:
        os.ftruncate(file, GROUPS * _GROUP)
    return mmap.mmap(file, GROUPS * _GROUP)
