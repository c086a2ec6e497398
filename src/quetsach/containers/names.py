"""Names of packed files: none may lead elsewhere, hide what it is, or occur twice.

Nothing is unpacked under such a name here, but people unpack what they download.
"""

import unicodedata
from enum import StrEnum

from quetsach.containers.refusal import ContainerRefused, RefusalCode

LONGEST_NAME = 1_024
"""In bytes."""

_MOST_SHOWN = 120
_TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that turn the direction of writing (Unicode Standard Annex 9, 2)."""


class NameFlaw(StrEnum):
    """What makes a name unsafe."""

    OUTSIDE = "outside"
    ABSOLUTE = "absolute"
    CONTROL = "control"
    TURNED = "turned"
    LONG = "long"
    NAMELESS = "nameless"


class NameRegister:
    """The names of one container so far; reports which name is unsafe or occurs twice."""

    def __init__(self, *, any_name: bool, fold_case: bool) -> None:
        self._any_name = any_name
        self._fold_case = fold_case
        self._keys: set[str] = set()

    def refusal_of(self, name: str, raw: bytes) -> ContainerRefused | None:
        """Return why a name is refused, None otherwise; a good name is remembered."""
        flaw = None if self._any_name else flaw_of(name, raw)
        if flaw is not None:
            return ContainerRefused(RefusalCode.UNSAFE_NAME, member=printable_name(name), flaw=flaw)
        key = key_of(name, fold_case=self._fold_case)
        if key in self._keys:
            return ContainerRefused(RefusalCode.DUPLICATE, member=printable_name(name))
        self._keys.add(key)
        return None


def flaw_of(name: str, raw: bytes) -> NameFlaw | None:
    """Return what makes a name unsafe, None for a safe one; `raw` is the name as it is stored."""
    slashed = name.replace("\\", "/")
    if not slashed.strip("/. "):
        # tar itself packs the folder it starts from as "./"; no other name consists of dots.
        return None if slashed in ("./", ".") else NameFlaw.NAMELESS
    if len(raw) > LONGEST_NAME:
        return NameFlaw.LONG
    if not _TURNS.isdisjoint(name):
        return NameFlaw.TURNED
    if b"\x00" in raw or any(unicodedata.category(sign) == "Cc" for sign in name):
        return NameFlaw.CONTROL
    if slashed.startswith("/") or _has_drive(slashed):
        return NameFlaw.ABSOLUTE
    return NameFlaw.OUTSIDE if ".." in slashed.split("/") else None


def key_of(name: str, *, fold_case: bool) -> str:
    """Return what two names share that unpack to the same file."""
    key = unicodedata.normalize("NFC", name.replace("\\", "/"))
    parts = [part for part in key.split("/") if part not in ("", ".")]
    key = "/".join(parts)
    return unicodedata.normalize("NFC", key.casefold()) if fold_case else key


def printable_name(name: str) -> str:
    """Return a packed file's name as text that can be shown: one line, no turns, not long."""
    plain = "".join(
        sign if sign.isprintable() and sign not in _TURNS else "\ufffd"
        for sign in name[:_MOST_SHOWN]
    )
    return plain or "?"


def _has_drive(slashed: str) -> bool:
    return len(slashed) > 1 and slashed[1] == ":" and slashed[0].isascii() and slashed[0].isalpha()
