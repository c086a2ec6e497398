"""Who asked to be told when there is a newer list: the only thing kept of a ticket, and not long.

Each lies in a file of its own, encrypted under a key that is forgotten a week after the last
ticket under it; it goes when the message was sent, when the service knows the browser no more, and
when the ticket ends.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from quetsach_public.plane_keys import PlaneKeys
from quetsach_public.sealed_tickets import GOOD_FOR_DAYS, KEY_DAYS
from quetsach_public.web_push import PushSubscription

MOST_WAITING = 20_000
_CONTEXT, _NONCE = b"quetsach push 1", 12


class WaitingPush(NamedTuple):
    """A browser that waits for an answer to `ticket`; `language` is that of the page."""

    subscription: PushSubscription
    ticket: str
    language: str


class WaitingPushes:
    """The files, shared by the plane that writes them and the sender that reads them."""

    def __init__(self, run: Path) -> None:
        self._folder = run / "push"
        self._keys = PlaneKeys(
            run / "push.keys",
            lambda: AESGCM.generate_key(256),
            renew_after=KEY_DAYS,
            keep_for=GOOD_FOR_DAYS + 1,
        )

    def keep(self, waiting: WaitingPush, today: date) -> bool:
        """Keep it; a browser that asks again replaces what it asked. False where there is no room.

        Raises OSError where the folder cannot be written.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / hashlib.sha256(waiting.subscription.endpoint.encode()).hexdigest()
        if not path.exists() and sum(1 for _ in self._folder.iterdir()) >= MOST_WAITING:
            return False
        where = waiting.subscription
        row = [where.endpoint, where.point.hex(), where.secret.hex(), *waiting[1:]]
        nonce, key = os.urandom(_NONCE), self._keys.newest(today).secret
        content = nonce + AESGCM(key).encrypt(nonce, json.dumps(row).encode(), _CONTEXT)
        aside = self._folder.with_name(f".push-{os.urandom(8).hex()}")
        aside.touch(mode=0o600)
        aside.write_bytes(content)
        aside.replace(path)
        return True

    def each(self, today: date) -> Iterator[tuple[Path, WaitingPush]]:
        """Return what waits; what nobody can read any more is deleted."""
        keys = [AESGCM(key.secret) for key in self._keys.known(today)]
        for path in sorted(self._folder.iterdir()) if self._folder.exists() else []:
            waiting = _opened(path.read_bytes(), keys)
            if waiting is None:
                path.unlink(missing_ok=True)
            else:
                yield path, waiting


def _opened(content: bytes, keys: list[AESGCM]) -> WaitingPush | None:
    for key in keys:
        try:
            plain = key.decrypt(content[:_NONCE], content[_NONCE:], _CONTEXT)
        except (InvalidTag, ValueError):
            continue
        endpoint, point, secret, ticket, language = json.loads(plain)
        where = PushSubscription(endpoint, bytes.fromhex(point), bytes.fromhex(secret))
        return WaitingPush(where, ticket, language)
    return None
