"""What in lease records, inventory and network plan cannot be relied on, and what was not kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quetsach.report.written import foreign, number
from quetsach.texts import _

MOST_ROWS = 200
"""How many flaws of tables the page shows; manifest.json has more, and the count is of all."""


@dataclass(frozen=True)
class Record:
    """One kind of flaw in records of leases and translations, with the places of the first."""

    what: str
    count: str
    places: Sequence[str]


@dataclass(frozen=True)
class TableRow:
    """One flaw of a table of the office."""

    path: str
    row: str
    what: str
    value: str


@dataclass(frozen=True)
class Flaws:
    """The sections on flaws of records and tables."""

    records: Sequence[Record]
    rows: Sequence[TableRow]
    total: str
    not_shown: str
    left_out: Sequence[str]


def flaws_of(coverage: Mapping[str, Any], manifest: Mapping[str, Any]) -> Flaws:
    """Return the flaws that coverage.json and manifest.json tell."""
    tables = manifest.get("own_tables") or {}
    rows = tables.get("flaw_rows", [])[:MOST_ROWS]
    left = tables.get("flaws", 0) - len(rows)
    return Flaws(
        records=[_record(one) for one in coverage.get("record_notes", ())],
        rows=[_row(one) for one in rows],
        total=number(tables.get("flaws", 0)),
        not_shown=number(left) if left > 0 else "",
        left_out=[_left_out(one) for one in tables.get("left_out", ())],
    )


def _record(one: Mapping[str, Any]) -> Record:
    places = [
        _("%(path)s, byte %(offset)s")
        % {"path": foreign(place["path"]), "offset": number(place["offset"])}
        for place in one["places"]
    ]
    return Record(foreign(one["what"]), number(one["count"]), places)


def _row(one: Mapping[str, Any]) -> TableRow:
    what = foreign(one["what"])
    if one["other_row"] is not None:
        what += " " + _("(the other is row %(n)s)") % {"n": number(one["other_row"])}
    return TableRow(_file(one), number(one["row"]), what, foreign(one["excerpt"]))


def _left_out(one: Mapping[str, Any]) -> str:
    facts = {
        "heading": foreign(one["heading"]),
        "path": _file(one),
        "n": number(one["values"]),
    }
    text = _("%(path)s, column “%(heading)s”: %(n)s values about people, none of them kept")
    return text % facts


def _file(one: Mapping[str, Any]) -> str:
    sheet = f" [{foreign(one['sheet'])}]" if one["sheet"] else ""
    return foreign(one["path"]) + sheet
