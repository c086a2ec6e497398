"""A row of a request for the holder of an address as it is written, and addresses in its text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from quetsach.letters.holder_times import ProseTime, stated_zones
from quetsach.letters.lines import LetterLine

_V4 = r"(?:\d{1,3}(?:\.|\[\.\]|\(\.\))){3}\d{1,3}"
# With two colons together, or eight groups: 08:15:10 is a time.
_V6 = r"(?=[0-9a-f:]{0,39}::|(?:[0-9a-f]{1,4}:){7})[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){2,7}"
ADDRESS = re.compile(
    # "IP:203.0.113.5" names an address; in 10:203.0.113.5 the figure before may be a part of it.
    rf"(?<![\w./])(?<!\d:)(?<!::)(?<!ffff:)(?:::ffff:)?{_V4}(?:/\d{{1,2}})?(?![\w]|\.\d)"
    rf"|\[{_V6}\](?:/\d{{1,3}})?(?!\w)"
    rf"|(?:(?<=\bip:)|(?<=\bipv6:)|(?<=\bla:)|(?<=\bchi:)|(?<![\w.:\[])){_V6}(?:/\d{{1,3}})?(?![\w:])"
)
"""An address in a text without accents; whether it is one is judged later."""

# What a scan makes of an address: 203.O.113.5, 203.0. l13.5, 203,0.113.5, 203.0113.5, 2OO1:db8::5.
_DAMAGED = re.compile(
    r"(?<![\w.,/])(?<!\d:)(?=[a-z., ]{0,6}\d)"
    r"[\doilsbz]{1,3}(?:[.,] ?[\doilsbz]{1,3}){3}(?![\w]|[.,]\d)"
    r"|(?<![\w.,/:-])\d{1,6}\.\d{1,6}\.\d{1,6}(?![\w/-]|[.,]\d)"
    r"|(?<![\w.:])(?=[\da-z:]{0,39}::)[\da-z]{1,4}(?::[\da-z]{0,4}){2,7}(?![\w:])"
)
_DOTTED_DAY = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}")
_PORT = re.compile(
    r"(?P<before>\bsource |\bsrc )?(?:cong|port)(?: \(port\))?"
    r"(?P<other> dich| ket noi den| dest\w*)?(?P<source> nguon| source)?"
    r"(?: so| la)? ?:? ?(?P<port>[oilsbz]?\d\w{0,6})(?!\w)"
)
# "Connected to the server ... port 443": its port, not that of who connected.
_SERVER = re.compile(
    r"\b(?:den|toi(?! pham)|may chu|dich(?! vu)|trang web|website|ten mien)\b[^.;\d]{0,60}\Z"
)
_PORT_BEHIND = re.compile(r":([oilsbz]?\d\w{0,6})(?![\w:])")


@dataclass(frozen=True)
class WrittenRow:
    """A row before anything is judged.

    Shapes: `ports` and `zones` are all that are written of it; `is_in_unread_table` says that
    nobody can tell which cell holds what.
    """

    address: str
    ports: tuple[str, ...]
    time: ProseTime | None
    zones: tuple[str, ...]
    destination: str
    line: LetterLine
    is_in_unread_table: bool = False


def damaged_addresses(folded: str) -> Iterator[str]:
    """Yield what looks like an address that a machine read wrongly off a scan."""
    for match in _DAMAGED.finditer(folded):
        parts = re.split(r"[., ]+", match[0])
        has_letter = any(sign.isalpha() for sign in match[0])
        # 1.234.567 is a number, 01.9.2026 a day; 1, 2, 3, 4 is a list.
        is_one = (
            any(len(part) > 3 for part in parts) and not _DOTTED_DAY.fullmatch(match[0])
            if len(parts) == 3
            else has_letter or "." in match[0]
        )
        if is_one and ADDRESS.search(folded, *_around(match)) is None:
            yield match[0]


def _around(match: "re.Match[str]") -> tuple[int, int]:
    # An address in brackets, and the word before one, are parts of what was found.
    return max(0, match.start() - 1), match.end() + 1


def split_cell(folded: str) -> tuple[str, str]:
    """Return the address in a cell, and the port written behind it; of several, the whole cell.

    An arrow leads to what was reached.
    """
    matches = [
        match
        for match in ADDRESS.finditer(folded)
        if not folded[: match.start()].rstrip().endswith(("->", "=>", "→"))
    ]
    if len(matches) != 1:
        return folded.strip()[:60], ""
    return matches[0][0], port_behind(folded, matches[0].end())


def port_behind(folded: str, end: int) -> str:
    """Return the port written right behind an address that ends at `end`, else ""."""
    behind = _PORT_BEHIND.match(folded, end)
    return behind[1] if behind else ""


def ports_in(words: str) -> list[str]:
    """Return the source ports that words without accents name.

    Shapes: `words` are those before or behind the address that is asked about, so that each
    address in them was reached. A port behind one, if not called a source port, may be of either:
    it is left out and asked about.
    """
    reached = ADDRESS.search(words)
    end = len(words) if reached is None else reached.start()
    return [
        port["port"]
        for port in _PORT.finditer(words)
        if not port["other"]
        and (
            port["source"]
            or port["before"]
            or (port.start() < end and not _SERVER.search(words, 0, port.start()))
        )
    ]


def zone_words(lines: Iterable[LetterLine], zones: Iterable[str]) -> str:
    """Return the words with which `lines` state these zones."""
    words = [
        line.at(zone.start, zone.end)
        for line in lines
        for zone in stated_zones(line.folded)
        if zone.offset in set(zones)
    ]
    return "; ".join(dict.fromkeys(words))[:120]
