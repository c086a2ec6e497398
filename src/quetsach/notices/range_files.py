"""Tables of public ranges as CSV, and dated files of the prefixes that systems announce.

Source: CAIDA's RouteViews prefix-to-AS files (prefix, length, origin, tab-separated; `1_2` where
several systems announce it, `1,2` for a set), iptoasn.com's (first, last, AS, country, name).
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from quetsach.addresses import (
    AddressScope,
    Network,
    parse_address,
    parse_network,
    parse_range,
    standing,
)
from quetsach.errors.catalogue import N_
from quetsach.notices.headings import folded
from quetsach.notices.ranges import NOT_OURS, UnitRange
from quetsach.texts import _, plain

MOST_ROWS = 100_000
LONGEST_CELL = 300

_HEADINGS = {
    "unit": ("unit", "unit code", "code", "ma don vi", "don vi", "ten don vi", "co quan"),
    "range": (
        *("cidr", "range", "ip", "network", "prefix", "address", "asn", "as", "dai dia chi"),
        *("dai ip", "dai dia chi ip", "dia chi ip", "dia chi", "mang"),
    ),
    "since": ("since", "from", "tu ngay", "ngay bat dau"),
    "until": ("until", "to", "den ngay", "ngay ket thuc", "den het ngay"),
    "shared": ("shared", "dung chung"),
}
_YES = frozenset({"x", "1", "co", "yes", "true", "y", "dung", "chung"})
_NO = frozenset({"", "0", "khong", "no", "false", "n"})
_NONE = frozenset({NOT_OURS, "–", "khong thuoc", "not ours"})
_SYSTEM = re.compile(r"asn?\s?(\d{1,10})", re.IGNORECASE | re.ASCII)
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
_SPAN = re.compile(r"([0-9a-f.:]+)\s*(?:-|–|->|đến|to)\s*([0-9a-f.:]+)", re.IGNORECASE)
_LARGEST_SYSTEM = 2**32 - 1
_ORIGIN = re.compile(r"(?i)(?:as)?[\d_, ]+")

FLAWS = {
    "no-unit": N_("it names no unit"),
    "bad-range": N_("not a range of addresses or a system number"),
    "host-bits": N_("the address does not begin the network that its length means"),
    "private": N_("private or reserved addresses are nobody’s to the outside"),
    "bad-day": N_("its day cannot be read"),
    "reversed": N_("its last day is before its first"),
    "bad-mark": N_("whether it is shared cannot be read"),
    "too-many": N_("the table has more rows than are read"),
}


@dataclass(frozen=True)
class RefusedRow:
    """A row of a table that was not taken: its number, why, and how it begins."""

    row: int
    flaw: str
    excerpt: str

    @property
    def why(self) -> str:
        """The reason in words."""
        return _(FLAWS[self.flaw])


def read_ranges(text: str) -> tuple[list[UnitRange], list[RefusedRow]] | None:
    """Return the ranges of a table, and the rows refused; None where it has no headings."""
    lines = io.StringIO(text.lstrip("\ufeff"), newline="")
    first = next((line for line in lines if line.strip()), "")
    delimiter = max(",;\t|", key=first.count)
    places = _places(next(csv.reader([first], delimiter=delimiter), []))
    if "unit" not in places or "range" not in places:
        return None
    ranges: list[UnitRange] = []
    refused: list[RefusedRow] = []
    try:
        for number, cells in enumerate(csv.reader(lines, delimiter=delimiter), start=2):
            if number > MOST_ROWS + 1:
                refused.append(RefusedRow(number, "too-many", ""))
                break
            if not any(cell.strip() for cell in cells):
                continue
            row = {
                name: cells[at].strip()[:LONGEST_CELL]
                for name, at in places.items()
                if at < len(cells)
            }
            row_ranges = ranges_of(row, number)
            if isinstance(row_ranges, str):
                refused.append(RefusedRow(number, row_ranges, plain(", ".join(cells))[:80]))
            else:
                ranges += row_ranges
    except csv.Error:
        refused.append(RefusedRow(len(ranges) + len(refused) + 2, "bad-range", ""))
    return ranges, refused


def _places(heads: Sequence[str]) -> dict[str, int]:
    folded_heads = [folded(one) for one in heads]
    return {
        name: folded_heads.index(known)
        for name, words in _HEADINGS.items()
        for known in reversed(words)
        if known in folded_heads
    }


def ranges_of(row: dict[str, str], number: int = 0) -> list[UnitRange] | str:
    """Return the ranges that a row writes, or the name of its flaw.

    Shapes: `row` has "unit", "range", "since", "until", "shared" as text; what misses is "".
    """
    unit = row.get("unit", "")
    if not unit:
        return "no-unit"
    if folded(unit) in _NONE or unit in _NONE:
        unit = NOT_OURS
    mark = folded(row.get("shared", ""))
    if mark not in _YES | _NO:
        return "bad-mark"
    since, until = _day(row.get("since", "")), _day(row.get("until", ""))
    if isinstance(since, str) or isinstance(until, str):
        return "bad-day"
    if since is not None and until is not None and until < since:
        return "reversed"
    networks = networks_or_system(row.get("range", ""))
    if isinstance(networks, str):
        return networks
    given = {"since": since, "until": until, "is_shared": mark in _YES, "row": number}
    if isinstance(networks, int):
        return [UnitRange(unit, asn=networks, **given)]  # type: ignore[arg-type]
    return [UnitRange(unit, network, **given) for network in networks]  # type: ignore[arg-type]


def networks_or_system(text: str) -> list[Network] | int | str:
    """Return the networks that `text` writes, the number of a system, or the name of a flaw."""
    written = text.strip()
    system = _SYSTEM.fullmatch(written)
    if system is not None:
        asn = int(system[1])
        return asn if 0 < asn <= _LARGEST_SYSTEM else "bad-range"
    span = _SPAN.fullmatch(written)
    if span is not None:
        networks = parse_range(span[1], span[2])
    elif "/" in written:
        parsed = parse_network(written)
        if parsed is not None and parsed[1]:
            return "host-bits"
        networks = None if parsed is None else [parsed[0]]
    else:
        parsed = None if parse_address(written) is None else parse_network(written)
        networks = None if parsed is None else [parsed[0]]
    if not networks:
        return "bad-range"
    # Only what is of nobody here may be as wide as the Internet.
    special = (AddressScope.PRIVATE, AddressScope.RESERVED)
    if any(one.prefixlen and standing(one) in special for one in networks):
        return "private"
    return networks


def _day(text: str) -> date | str | None:
    """Return the day that `text` writes, None where it writes none, else that it is a flaw."""
    if not text:
        return None
    found = _DAY.fullmatch(text)
    try:
        if found is not None:
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(text[:10])
    except ValueError:
        return "bad-day"


# Prefixes that autonomous systems announce: only those of the systems that are asked for.


def read_prefixes(lines: Sequence[str], systems: Iterable[int]) -> dict[int, list[Network]]:
    """Return the networks that each of `systems` announces alone.

    What several systems announce at once is nobody's: nothing tells which of them it is.
    """
    networks: dict[int, list[Network]] = {asn: [] for asn in systems}
    spans: dict[tuple[str, ...], set[int]] = {}
    for line in lines:
        span, origins = _announced(line)
        if not networks.keys().isdisjoint(origins):
            spans.setdefault(span, set())
    for line in lines:
        span, origins = _announced(line)
        if span in spans:
            spans[span].update(origins)
    for span, announced_by in spans.items():
        if len(announced_by) == 1:
            networks[next(iter(announced_by))] += _networks_in(span)
    return networks


def _announced(line: str) -> tuple[tuple[str, ...], list[int]]:
    """Return the cells that write a span of addresses, and the systems that announce it."""
    cells = line.strip().split("\t")
    if len(cells) < 2:
        cells = [one.strip() for one in re.split("[;,]", line.strip(), maxsplit=4)]
    at = 1 if "/" in cells[0] else 2
    origin = cells[at] if at < len(cells) else ""
    # A set of systems may be cut in two where commas part the cells: then it is no number.
    if not _ORIGIN.fullmatch(origin):
        return (), []
    return tuple(cells[:at]), [int(one) for one in re.findall(r"\d{1,10}", origin)]


def _networks_in(span: Sequence[str]) -> list[Network]:
    if len(span) == 2 and not span[1].isdigit():
        return parse_range(span[0], span[1]) or []
    parsed = parse_network("/".join(span))
    return [] if parsed is None else [parsed[0]]
