"""The name a file came with: it is only ever shown; a file is kept under its random id.

Source: RFC 6266 and RFC 8187 for the header; Microsoft, "Naming Files, Paths, and Namespaces",
for what a name cannot be where the download is saved.
"""

import re
import unicodedata

from django.utils.http import content_disposition_header

LONGEST_NAME_BYTES = 255
_LONGEST_ENDING_BYTES = 20
_UNNAMED = "file"
_NOT_IN_WINDOWS = re.compile(r'[<>:"|?*]')
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(?=\.|$)")
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control signs, signs without a shape (turns of direction among them), and no signs at all."""


def display_name(given: str) -> str:
    """Return the name that may be shown and saved for a file that came as `given`.

    It is NFC, one line without hidden signs, without a path, no longer than 255 bytes, and its
    ending is kept.
    """
    last = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    seen = "".join(sign for sign in last if unicodedata.category(sign) not in _HIDDEN_CATEGORIES)
    plain = " ".join(_NOT_IN_WINDOWS.sub("_", seen).split()).strip(". ")
    named = unicodedata.normalize("NFC", plain) or _UNNAMED
    return _shortened(f"_{named}" if _DEVICES.match(named) else named)


def ending_of(name: str) -> str:
    """Return how a name ends, in small letters and without the dot; "" for no ending."""
    stem, dot, ending = name.rpartition(".")
    return ending.casefold() if dot and stem else ""


def with_ending(name: str, ending: str) -> str:
    """Return `name` with another ending, still no longer than 255 bytes."""
    stem = name.rpartition(".")[0] or name
    return _shortened(f"{stem}.{ending}")


def attachment_header(name: str) -> str:
    """Return the Content-Disposition that saves a file under `name` and never shows it."""
    header = content_disposition_header(True, display_name(name))
    assert header is not None
    return header


def _shortened(name: str) -> str:
    if len(name.encode()) <= LONGEST_NAME_BYTES:
        return name
    stem, dot, ending = name.rpartition(".")
    tail = dot + ending
    if not stem or len(tail.encode()) > _LONGEST_ENDING_BYTES:
        stem, tail = name, ""
    kept = stem.encode()[: LONGEST_NAME_BYTES - len(tail.encode())]
    return kept.decode("utf-8", "ignore").rstrip(". ") + tail
