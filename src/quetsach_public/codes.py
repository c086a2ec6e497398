"""Which codes of units live, and whose they are, from codes.json.

The file is read by this plane alone and served to nobody. It holds digests of the codes under its
salt, not codes: those of 130 bits cannot be found from them. Short ones can, with some 10^10 tries;
who finds one has what hangs on a wall.
"""

import hashlib
import json
from array import array
from base64 import b64decode
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

FORMAT = "quetsach-codes/1"
MOST_CODES = 400_000
MOST_BYTES = 64_000_000
KEY = 8
"""Bytes of a code's digest."""


class CodesError(ValueError):
    """The file is no list of codes; the text says why."""


class Audience(StrEnum):
    """Whom a code is for, in the order of their numbers in the file."""

    STAFF = "staff"
    RELATIVE = "relative"
    PUBLIC = "public"


AUDIENCES = tuple(Audience)


@dataclass(frozen=True)
class Unit:
    """Whose code it is, by the unit's public name, and whom it is for."""

    name: str
    audience: Audience


def key_of(salt: bytes, code: str) -> bytes:
    """Return the digest under which `code` stands; long ones are written in either case."""
    return hashlib.blake2b(code.lower().encode(), digest_size=KEY, key=salt).digest()


class Codes:
    """The living codes of the campaign that is shown; `runs` is False where nothing is counted.

    Cost: 12 bytes a code, and each unit's name once.
    """

    def __init__(self, content: Mapping[str, Any]) -> None:
        """Take what codes.json holds. Raises CodesError."""
        try:
            if content["format"] != FORMAT:
                raise CodesError("it is of another format")
            self.runs = content["runs"] is True
            self._salt = bytes.fromhex(content["salt"])
            self._names: list[str] = [str(one) for one in content["names"]]
            self._keys = b64decode(content["keys"], validate=True)
            self._places = array("I", content["places"])
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
            raise CodesError(f"{type(error).__name__}: {error}") from error
        most = len(self._names) * len(AUDIENCES)
        if not 0 < len(self._salt) <= 64 or len(self._keys) != KEY * len(self._places):
            raise CodesError("its parts do not fit together")
        if len(self._places) > MOST_CODES or max(self._places, default=-1) >= most:
            raise CodesError("its numbers are out of bounds")

    def unit_of(self, code: str) -> Unit | None:
        """Return whose `code` is, None for one that nobody has or that has ended."""
        key = key_of(self._salt, code)
        place = bisect_left(range(len(self._places)), key, key=self._key)
        if place == len(self._places) or self._key(place) != key:
            return None
        name, audience = divmod(self._places[place], len(AUDIENCES))
        return Unit(self._names[name], AUDIENCES[audience])

    def _key(self, place: int) -> bytes:
        return self._keys[KEY * place : KEY * (place + 1)]


def read_codes(path: Path) -> Codes:
    """Return what `write_codes` wrote. Raises OSError, CodesError."""
    if path.stat().st_size > MOST_BYTES:
        raise CodesError("it is too large")
    try:
        content = json.loads(path.read_bytes())
    except ValueError as error:
        raise CodesError(str(error)) from error
    if not isinstance(content, dict):
        raise CodesError("it is no object")
    return Codes(content)
