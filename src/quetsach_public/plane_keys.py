"""Secret keys of the plane that its processes share: made when they are due, and forgotten."""

import fcntl
import json
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple


class PlaneKey(NamedTuple):
    """A key; `since` is the day on which it was made."""

    since: date
    secret: bytes


class PlaneKeys:
    """Keys in one file, the newest first; what they made is worthless once they are forgotten.

    Shapes: a key is used for `renew_after` days and read for `keep_for` days more.
    """

    def __init__(
        self, path: Path, make: Callable[[], bytes], *, renew_after: int, keep_for: int
    ) -> None:
        self._path, self._make = path, make
        self._renew_after = timedelta(days=renew_after)
        self._lifetime = timedelta(days=renew_after + keep_for)

    def newest(self, today: date) -> PlaneKey:
        """Return the key to make something with. Raises OSError where the folder is read-only."""
        keys = self.known(today)
        if keys and keys[0].since <= today < keys[0].since + self._renew_after:
            return keys[0]
        return self._renewed(today)

    def known(self, today: date) -> Sequence[PlaneKey]:
        """Return the keys with which something may have been made."""
        return [key for key in _read(self._path) if today < key.since + self._lifetime]

    def _renewed(self, today: date) -> PlaneKey:
        """Return a new key, unless another process has just made one."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            keys = list(self.known(today))
            if not keys or not keys[0].since <= today < keys[0].since + self._renew_after:
                keys.insert(0, PlaneKey(today, self._make()))
                aside = self._path.with_suffix(".new")
                aside.touch(mode=0o600)
                rows = [[key.since.isoformat(), key.secret.hex()] for key in keys]
                aside.write_text(json.dumps(rows), encoding="utf-8")
                aside.replace(self._path)
            return keys[0]


def _read(path: Path) -> list[PlaneKey]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return [PlaneKey(date.fromisoformat(day), bytes.fromhex(secret)) for day, secret in rows]
    except FileNotFoundError:
        return []
    except (ValueError, TypeError):
        # A damaged file opens nothing; the next key replaces it.
        return []
