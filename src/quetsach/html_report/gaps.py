"""Sightings that blame no device: addresses that only pass on, and those nobody can claim."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from quetsach.errors.exceptions import CATALOGUE
from quetsach.html_report.cards import why
from quetsach.html_report.lists import tallied
from quetsach.html_report.words import Term, foreign, number, reason, role, span, strength
from quetsach.texts import _


@dataclass(frozen=True)
class NotBlamedRow:
    """An address that stands in sightings but is not to be handled for them."""

    name: str
    addresses: Sequence[str]
    where: str
    role: Term
    because: str
    indicators: Sequence[str]
    sightings: str
    strength: str
    period: str
    commands: Sequence[str]


@dataclass(frozen=True)
class UnattributedSection:
    """The sightings for which no device could be named."""

    count: int
    sightings: str
    indicators: Sequence[str]
    missing: str
    commands: Sequence[str]
    groups: Sequence["ReasonGroup"]


@dataclass(frozen=True)
class ReasonGroup:
    """Those of them that lack the same thing."""

    missing: str
    sightings: str
    addresses: Sequence[str]
    indicators: Sequence[str]
    commands: Sequence[str]


def not_blamed(devices: Mapping[str, Any], zone: tzinfo) -> list[NotBlamedRow]:
    """Return the addresses seen but not blamed, each with its reason."""
    return [_one(one, zone) for one in devices["not_blamed"]]


def unattributed(devices: Mapping[str, Any]) -> UnattributedSection:
    """Return the sightings nobody could be found for, and what would have told."""
    lost = devices["unattributed"]
    return UnattributedSection(
        count=lost["sightings"],
        sightings=number(lost["sightings"]),
        indicators=[foreign(one) for one in lost["indicators"]],
        missing=foreign(lost["missing"] or ""),
        commands=[why(one) for one in lost["samples"]],
        groups=[_group(one) for one in lost.get("groups", ())],
    )


def _group(one: Mapping[str, Any]) -> ReasonGroup:
    return ReasonGroup(
        missing=foreign(one["missing"]),
        sightings=number(one["sightings"]),
        addresses=[foreign(each) for each in one["addresses"]],
        indicators=[foreign(each) for each in one["indicators"]],
        commands=[why(each) for each in one["samples"]],
    )


def _one(one: Mapping[str, Any], zone: tzinfo) -> NotBlamedRow:
    return NotBlamedRow(
        name=foreign(one["device"]),
        addresses=[foreign(each) for each in one["addresses"] if each != one["device"]],
        where=foreign((one.get("place") or {}).get("unit_name", "")),
        role=role(one["role"]),
        because=foreign(one["because"]),
        indicators=[foreign(each) for each in one["indicators"]],
        sightings=number(one["sightings"]),
        strength=strength(one["best_grade"]).name,
        period=span(one["first_seen"], one["last_seen"], zone),
        commands=[why(each) for each in one["samples"]],
    )


# How the clocks of the sources stood to each other, those that are off first.


SAME_S = 2
"""Clocks so near are the same, in seconds; sweeping/evidence_checks.py uses the same bound."""


@dataclass(frozen=True)
class ClockComparison:
    """One source's clock against that of another source."""

    path: str
    apart: str
    done: str
    reference: str
    pairs: str


@dataclass(frozen=True)
class ClocksSection:
    """The clocks that are off, and those that agree; `told` is whether they were compared."""

    told: bool
    off: Sequence[ClockComparison]
    same: Sequence[ClockComparison]


def clocks_of(coverage: Mapping[str, Any]) -> ClocksSection:
    """Return the clocks of coverage.json; findings of an earlier version tell none."""
    found = sorted(coverage.get("clocks", ()), key=lambda one: (-abs(one["offset_s"]), one["path"]))
    return ClocksSection(
        told="clocks" in coverage,
        off=[_clock(one) for one in found if not _is_same(one)],
        same=[_clock(one) for one in found if _is_same(one)],
    )


def _is_same(one: Mapping[str, Any]) -> bool:
    return bool(abs(one["offset_s"]) <= SAME_S)


def _clock(one: Mapping[str, Any]) -> ClockComparison:
    return ClockComparison(
        path=foreign(one["path"]),
        apart=_apart(one),
        done=_done(one),
        reference=foreign(one["reference"]),
        pairs=number(one["pairs"]),
    )


def _apart(one: Mapping[str, Any]) -> str:
    if _is_same(one):
        return _("the same, within 2 seconds")
    facts = {"time": _duration(round(abs(one["offset_s"])))}
    return (_("%(time)s fast") if one["offset_s"] > 0 else _("%(time)s slow")) % facts


def _done(one: Mapping[str, Any]) -> str:
    if _is_same(one):
        return ""
    if one["used"]:
        return _("set right when machines were named")
    return _("the difference is not steady: not set right, and machines are named less surely")


def _duration(seconds: int) -> str:
    """Return the two largest units of a time."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [
        (days, _("%(n)s d")),
        (hours, _("%(n)s h")),
        (minutes, _("%(n)s min")),
        (rest, _("%(n)s s")),
    ]
    return " ".join([text % {"n": number(count)} for count, text in parts if count][:2])


# What in lease records, inventory and network plan cannot be relied on, and what was not kept.


MOST_FLAW_ROWS = 200
"""How many flaws of tables the page shows; manifest.json has more, and the count is of all."""


@dataclass(frozen=True)
class RecordFlaw:
    """One kind of flaw in records of leases and translations, with the places of the first."""

    what: str
    count: str
    places: Sequence[str]


@dataclass(frozen=True)
class TableFlaw:
    """One flaw of a table of the office."""

    path: str
    row: str
    what: str
    value: str


@dataclass(frozen=True)
class FlawsSection:
    """The sections on flaws of records and tables."""

    records: Sequence[RecordFlaw]
    rows: Sequence[TableFlaw]
    total: str
    not_shown: str
    left_out: Sequence[str]


def flaws_of(coverage: Mapping[str, Any], manifest: Mapping[str, Any]) -> FlawsSection:
    """Return the flaws that coverage.json and manifest.json tell."""
    tables = manifest.get("own_tables") or {}
    rows = tables.get("flaw_rows", [])[:MOST_FLAW_ROWS]
    left = tables.get("flaws", 0) - len(rows)
    return FlawsSection(
        records=[_record(one) for one in coverage.get("record_notes", ())],
        rows=[_row(one) for one in rows],
        total=number(tables.get("flaws", 0)),
        not_shown=number(left) if left > 0 else "",
        left_out=[_left_out(one) for one in tables.get("left_out", ())],
    )


def _record(one: Mapping[str, Any]) -> RecordFlaw:
    places = [
        _("%(path)s, byte %(offset)s")
        % {"path": foreign(place["path"]), "offset": number(place["offset"])}
        for place in one["places"]
    ]
    return RecordFlaw(foreign(one["what"]), number(one["count"]), places)


def _row(one: Mapping[str, Any]) -> TableFlaw:
    what = foreign(one["what"])
    if one["other_row"] is not None:
        what += " " + _("(the other is row %(n)s)") % {"n": number(one["other_row"])}
    return TableFlaw(_file(one), number(one["row"]), what, foreign(one["excerpt"]))


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


# What was not read: files with a code and a way out, and lines that were refused.


MOST_REJECT_ROWS = 200
"""How many refused lines the page shows; rejects.json has more, and the count is of all."""


@dataclass(frozen=True)
class UnreadSection:
    """The section on what was not read."""

    files: Sequence[Mapping[str, str]]
    as_text: Sequence[str]
    total: str
    reasons: Sequence[tuple[str, str]]
    rows: Sequence[Mapping[str, str]]
    not_shown: str


def unread(rejects: Mapping[str, Any], summary: Mapping[str, Any]) -> UnreadSection:
    """Return the section from rejects.json and the summary of the sweep."""
    rows = rejects["rows"][:MOST_REJECT_ROWS]
    left = rejects["total"] - len(rows)
    return UnreadSection(
        files=[_unread_file(one) for one in summary["unread"]],
        as_text=[foreign(one) for one in summary["as_text"]],
        total=number(rejects["total"]),
        reasons=tallied(rejects["by_reason"]),
        rows=list(_rows(rows)),
        not_shown=number(left) if left > 0 else "",
    )


def _unread_file(one: Mapping[str, Any]) -> Mapping[str, str]:
    entry = CATALOGUE.get(one["code"])
    # The sweep may have run in another language; where no fact stands in the sentence, say it anew.
    what = one["what"] if entry is None or "%(" in entry.what else _(entry.what)
    return {
        "path": foreign(one["path"]),
        "code": foreign(one["code"]),
        "what": foreign(what),
        "todo": foreign(one["todo"] if entry is None else _(entry.todo)),
    }


def _rows(rows: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, str]]:
    for one in rows:
        yield {
            "path": foreign(one["path"]),
            "offset": number(one["offset"]),
            "reason": reason(one["reason"]),
            "excerpt": foreign(one["excerpt"]),
        }
