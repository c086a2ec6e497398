"""The lines of a campaign's letter that decide a step of its preparation, with the words marked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quetsach_portal.campaigns.letter_review import place_text

MOST_SHOWN = 360
"""Characters of one line of the letter that are shown around its first marked word."""

_PUBLIC_NAME = "Cục An toàn thông tin|địa chỉ IP|tên miền|danh sách"
_STEPS: Mapping[int, tuple[tuple[str, ...], re.Pattern[str]]] = {
    1: (
        ("number", "date", "subject"),
        re.compile(r"Số:[\s.…_]*(?=/)|ngày[\s.…_]*(?=tháng)", re.IGNORECASE),
    ),
    2: (
        ("addressees",),
        re.compile(
            r"\(?\b(?:0?[1-9]|hai|ba|bốn)\s+(?:hệ|khối)\b\)?"
            r"|\bcác\s+(?:xã|phường|thị trấn|huyện|sở|trường)\b[^;.()]*",
            re.IGNORECASE,
        ),
    ),
    3: (("due",), re.compile(r"trước\s+(?:ngày|\d)[^.;()]{0,40}\d{4}", re.IGNORECASE)),
    4: (("tasks",), re.compile(_PUBLIC_NAME, re.IGNORECASE)),
    5: (
        ("basis", "report_to"),
        re.compile(r"số\s+\S+\s+ngày\s+[\d/]+|\(theo Phụ lục[^)]*\)", re.IGNORECASE),
    ),
    6: (("signer",), re.compile(r"^.+$", re.MULTILINE)),
    7: (("due",), re.compile(r"trước\s+(?:ngày|\d)[^.;()]{0,40}\d{4}", re.IGNORECASE)),
}
"""Step of the preparation -> the fields whose lines are shown, and the words that decide it."""


@dataclass(frozen=True)
class DecidingLine:
    """A line of the letter: where it stands, and its text in pieces, each marked or not."""

    place: str
    pieces: Sequence[tuple[str, bool]]


def letter_lines(letter: Mapping[str, Any], step: int) -> list[DecidingLine]:
    """Return the lines that decide `step`, in the order of the letter; none where it has none.

    Shapes: `letter` is what `letter read` gave.
    """
    if step not in _STEPS:
        return []
    names, deciding = _STEPS[step]
    quoted: dict[tuple[int, str], str] = {}
    for source in _sources(letter, names):
        text = str(source.get("text") or "").strip()
        if text and (step != 4 or deciding.search(text)):
            place = source.get("place") or {}
            quoted.setdefault((int(place.get("line") or 0), text), place_text(place))
    return [
        DecidingLine(place, _pieces(text, deciding))
        for (line, text), place in sorted(quoted.items(), key=lambda row: row[0][0])
        if not any(line == other and text in whole != text for other, whole in quoted)
    ]


def _sources(letter: Mapping[str, Any], names: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    """Yield the sources of the fields with these names, and of what stands below them."""
    for name in names:
        yield from _sources_in(letter.get(name))


def _sources_in(read: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(read, list):
        for part in read:
            yield from _sources_in(part)
    elif isinstance(read, Mapping):
        source = read.get("source")
        if isinstance(source, Mapping):
            yield source
        else:
            for part in read.values():
                yield from _sources_in(part)


def _pieces(text: str, deciding: re.Pattern[str]) -> list[tuple[str, bool]]:
    """Return `text` in pieces around what decides, cut to MOST_SHOWN characters."""
    first = deciding.search(text)
    begin = 0 if first is None else max(0, first.start() - MOST_SHOWN // 2)
    shown = text[begin : begin + MOST_SHOWN]
    pieces: list[tuple[str, bool]] = [("… ", False)] if begin else []
    at = 0
    for match in deciding.finditer(shown):
        pieces += [(shown[at : match.start()], False), (match[0], True)]
        at = match.end()
    pieces.append((shown[at:], False))
    if begin + MOST_SHOWN < len(text):
        pieces.append((" …", False))
    return [piece for piece in pieces if piece[0]]
