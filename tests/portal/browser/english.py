"""English on a Vietnamese page: message ids of our catalogue, and words no Vietnamese text has."""

import re
from functools import cache
from pathlib import Path

import polib

PARTS = Path("src/quetsach_portal/locale/vi")

_HOLE = re.compile(r"%\(\w+\)[a-z]|%%|%|<[^>]*>")
_ENGLISH = re.compile(
    r"\b(?:the|and|of|is|are|with|this|that|your|has|have|was|were|please|not|for|from|by|"
    r"invalid|required|sign|email|choose|select|none|yes)\b",
    re.IGNORECASE,
)


_OWN_NAME = "English"
"""What the language calls itself, where one chooses among languages."""


@cache
def texts() -> tuple[frozenset[str], tuple[str, ...]]:
    """Return what may not be seen as a whole text, and what not as part of one."""
    whole, parts, vietnamese = set(), set(), set()
    for file in sorted(PARTS.glob("*.po")):
        for entry in polib.pofile(str(file)):
            vietnamese |= {entry.msgstr, *entry.msgstr_plural.values()}
            for message in filter(None, (entry.msgid, entry.msgid_plural)):
                whole.add(_flat(message))
                parts |= {
                    _flat(one) for one in _HOLE.split(message) if len(_flat(one).split()) >= 4
                }
    vietnamese.add(_OWN_NAME)
    return frozenset(whole - {_flat(one) for one in vietnamese}), tuple(sorted(parts))


def english_in(seen: list[str]) -> list[str]:
    """Return which of the texts that stand on a page are English."""
    whole, parts = texts()
    found = []
    for text in (_flat(one) for one in seen):
        words = _ENGLISH.findall(text)
        if text in whole or len(words) >= 2 or any(part in text for part in parts):
            found.append(text[:120])
    return found


def _flat(text: str) -> str:
    return " ".join(text.split())
