"""Names of packed files: none may lead elsewhere, hide what it is, or stand twice.

Nothing is ever unpacked under such a name here; but people do so with what they download.
"""

import re
import unicodedata

from quetsach_portal.files.problems import N_, FileRefused

LONGEST_MEMBER_NAME = 1_024
_MOST_SHOWN = 120
_DRIVE = re.compile(r"[A-Za-z]:")
_TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_OUTSIDE = N_("it leads out of the archive")
_ABSOLUTE = N_("it begins at the root of a disk")
_CONTROL = N_("it holds control characters")
_TURNED = N_("it turns the direction of writing, which hides its ending")
_LONG = N_("it is too long")
_NAMELESS = N_("it is empty")


def refuse_name(name: str, raw: bytes, seen: set[str]) -> None:
    """Refuse a packed file's name that is not safe; otherwise add it to `seen`.

    Errors: P111 with the reason, P113 for a name that was there before.
    """
    reason = _reason(name, raw)
    if reason:
        raise FileRefused("P111", member=printable_name(name), reason=[reason])
    same = unicodedata.normalize("NFC", name.replace("\\", "/"))
    same = "/".join(part for part in same.split("/") if part not in ("", "."))
    if same in seen:
        raise FileRefused("P113", member=printable_name(name))
    seen.add(same)


def printable_name(name: str) -> str:
    """Return a packed file's name as text that can be shown: one line, no turns, not long."""
    plain = "".join(
        sign if sign.isprintable() and sign not in _TURNS else "\ufffd"
        for sign in name[:_MOST_SHOWN]
    )
    return plain or "?"


def _reason(name: str, raw: bytes) -> str:
    slashed = name.replace("\\", "/")
    if not slashed.strip("/. "):
        # A folder packed as "./" is what tar writes of its own; anything else of dots is not.
        return "" if slashed in ("./", ".") else _NAMELESS
    if len(raw) > LONGEST_MEMBER_NAME:
        return _LONG
    if any(sign in _TURNS for sign in name):
        return _TURNED
    if b"\x00" in raw or any(unicodedata.category(sign) == "Cc" for sign in name):
        return _CONTROL
    if slashed.startswith("/") or _DRIVE.match(slashed):
        return _ABSOLUTE
    return _OUTSIDE if ".." in slashed.split("/") else ""
