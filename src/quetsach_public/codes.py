"""Which codes of units live, and whose they are, from codes.json.

The file is read by this plane alone and served to nobody. It holds digests of the codes under its
salt, not codes: those of 130 bits cannot be found from them. Short ones can, with some 10^10 tries;
who finds one has what hangs on a wall.
"""

import hashlib
import json
import re
import secrets
import unicodedata
from array import array
from base64 import b64decode, b64encode
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
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


class CodeAudience(StrEnum):
    """Whom a code is for, in the order of their numbers in the file."""

    STAFF = "staff"
    RELATIVE = "relative"
    PUBLIC = "public"


AUDIENCES = tuple(CodeAudience)


@dataclass(frozen=True)
class CodeUnit:
    """Whose code it is, by the unit's public name, and whom it is for."""

    name: str
    audience: CodeAudience


def key_of(salt: bytes, code: str) -> bytes:
    """Return the digest under which `code` is stored; long ones are accepted in either case."""
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

    def unit_of(self, code: str) -> CodeUnit | None:
        """Return whose `code` is, None for one that nobody has or that has ended."""
        key = key_of(self._salt, code)
        place = bisect_left(range(len(self._places)), key, key=self._key)
        if place == len(self._places) or self._key(place) != key:
            return None
        name, audience = divmod(self._places[place], len(AUDIENCES))
        return CodeUnit(self._names[name], AUDIENCES[audience])

    def _key(self, place: int) -> bytes:
        return self._keys[KEY * place : KEY * (place + 1)]


def read_codes(path: Path) -> Codes:
    """Return what `write_codes` wrote. Raises OSError, CodesError."""
    if path.stat().st_size > MOST_BYTES:
        raise CodesError("it is too large")
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise CodesError(str(error)) from error
    if not isinstance(content, dict):
        raise CodesError("it is no object")
    return Codes(content)


LONGEST_NAME = 200


def codes_text(
    codes: Iterable[tuple[str, CodeUnit]], *, runs: bool, salt: bytes, of: str = ""
) -> bytes:
    """Return the file for `codes`; the same codes under the same salt give the same bytes.

    `of` is kept for the writer: what the codes were made of. Errors: CodesError for more codes than
    a plane takes.
    """
    names: dict[str, int] = {}
    rows: dict[bytes, int] = {}
    for code, unit in codes:
        name = names.setdefault(unit.name[:LONGEST_NAME], len(names))
        rows[key_of(salt, code)] = name * len(AUDIENCES) + AUDIENCES.index(unit.audience)
    if len(rows) > MOST_CODES:
        raise CodesError(f"there are {len(rows)} codes, and {MOST_CODES} are taken")
    keys = sorted(rows)
    content = {
        "format": FORMAT,
        "runs": runs,
        "of": of,
        "salt": salt.hex(),
        "names": list(names),
        "keys": b64encode(b"".join(keys)).decode(),
        "places": [rows[key] for key in keys],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def read_salt(path: Path) -> tuple[bytes, str]:
    """Return the salt of the file at `path`, or a new one, and what it was made of, or "".

    Under the same salt what says the same stays the same.
    """
    try:
        found = json.loads(path.read_bytes())
        is_ours = found["format"] == FORMAT
        salt, of = bytes.fromhex(found["salt"]), str(found["of"]) if is_ours else ""
    except (OSError, KeyError, TypeError, ValueError):
        salt, of = b"", ""
    return (salt, of) if 16 <= len(salt) <= 64 else (secrets.token_bytes(16), "")


# Codes to be typed and read aloud: eight characters on posters, twelve on slips that count once.
# The last character checks the others: a wrong one, or two changed about, is always noticed.

ALPHABET = "0123456789ABCDEFGHJKMNPRSTVWXYZ"
LENGTH = 8
SLIP_LENGTH = 12
"""Eleven drawn: some 2^54 codes, of which nobody finds one of a million by trying for years."""

_LOOKS_LIKE = str.maketrans({"O": "0", "Q": "0", "I": "1", "L": "1", "U": "V"})
_PARTED = re.compile(r"[\s.\-\u2010-\u2015]")
_PLACES = {sign: place for place, sign in enumerate(ALPHABET)}


def drawn(below: Callable[[int], int], length: int = LENGTH) -> str:
    """Return a new code; `below(n)` draws a number from 0 to n - 1, as secrets.randbelow does."""
    signs = "".join(ALPHABET[below(len(ALPHABET))] for _ in range(length - 1))
    return next(signs + last for last in ALPHABET if _is_whole(signs + last))


def plain(text: str, length: int = LENGTH) -> str:
    """Return the code that somebody typed, in capitals and digits; "" for what is none."""
    code = bare(text)
    return code if _is_code(code, length) and _is_whole(code) else ""


def is_mistyped(text: str, length: int = LENGTH) -> bool:
    """True for what has the form of a code and is none: a character is wrong."""
    code = bare(text)
    return _is_code(code, length) and not _is_whole(code)


def bare(text: str) -> str:
    """Return `text` without what parts it, its letters as they are compared."""
    return _PARTED.sub("", unicodedata.normalize("NFKC", text[:100])).upper().translate(_LOOKS_LIKE)


def format_code(code: str) -> str:
    """Return a plain code as it is printed: 7K3M-9PXR."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _is_code(code: str, length: int) -> bool:
    return len(code) == length and all(sign in _PLACES for sign in code)


def _is_whole(code: str) -> bool:
    # The alphabet has a prime number of signs, 31: no weight below it loses an error.
    return sum(weight * _PLACES[sign] for weight, sign in enumerate(code, 1)) % len(ALPHABET) == 0
