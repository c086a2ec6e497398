"""What the report cannot tell: unattributed sightings, flawed tables, unread lines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from quetsach.errors.exceptions import CATALOGUE, Problem
from quetsach.html_report.cards import stated, why
from quetsach.html_report.lists import tallied
from quetsach.html_report.words import (
    Term,
    file_kind,
    foreign,
    number,
    reason,
    role,
    span,
    strength,
)
from quetsach.texts import _


@dataclass(frozen=True)
class NotBlamedRow:
    """An address that has sightings but is not to be handled for them."""

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
    stated: Sequence[str] = ()


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
    """Unattributed sightings that lack the same evidence."""

    missing: str
    sightings: str
    addresses: Sequence[str]
    indicators: Sequence[str]
    commands: Sequence[str]


def not_blamed(devices: Mapping[str, Any], zone: tzinfo) -> list[NotBlamedRow]:
    """Return the addresses seen but not counted as devices, each with its reason."""
    return [_not_blamed_row(one, zone) for one in devices["not_blamed"]]


def unattributed(devices: Mapping[str, Any]) -> UnattributedSection:
    """Return the sightings without a device, and the evidence that was missing."""
    lost = devices["unattributed"]
    return UnattributedSection(
        count=lost["sightings"],
        sightings=number(lost["sightings"]),
        indicators=[foreign(one) for one in lost["indicators"]],
        missing=foreign(lost["missing"] or ""),
        commands=[why(one) for one in lost["samples"]],
        groups=[_group(one) for one in lost.get("groups", ())],
    )


def _group(group: Mapping[str, Any]) -> ReasonGroup:
    return ReasonGroup(
        missing=foreign(group["missing"]),
        sightings=number(group["sightings"]),
        addresses=[foreign(each) for each in group["addresses"]],
        indicators=[foreign(each) for each in group["indicators"]],
        commands=[why(each) for each in group["samples"]],
    )


def _not_blamed_row(device: Mapping[str, Any], zone: tzinfo) -> NotBlamedRow:
    return NotBlamedRow(
        name=foreign(device["device"]),
        addresses=[foreign(each) for each in device["addresses"] if each != device["device"]],
        where=foreign((device.get("place") or {}).get("unit_name", "")),
        role=role(device["role"]),
        because=foreign(device["because"]),
        indicators=[foreign(each) for each in device["indicators"]],
        sightings=number(device["sightings"]),
        strength=strength(device["best_grade"]).name,
        period=span(device["first_seen"], device["last_seen"], zone),
        commands=[why(each) for each in device["samples"]],
        stated=sorted({text for one in device.get("findings", ()) for text in stated(one)}),
    )


@dataclass(frozen=True)
class LookRow:
    """A line to look at: what it says, where it is, and why nobody is named for it."""

    line: str
    path: str
    offset: str
    indicators: Sequence[str]
    why: str
    command: str


@dataclass(frozen=True)
class LookSection:
    """The lines that only mention an indicator; `help` says what would tell more."""

    lines: str
    rows: Sequence[LookRow]
    help: Sequence[str]
    not_shown: str


MOST_LOOK_ROWS = 200
"""How many lines to look at the page shows; devices.json has more, and the count is of all."""


def to_look_at(devices: Mapping[str, Any]) -> LookSection:
    """Return the lines to look at of devices.json; findings of an earlier version have none."""
    look = devices.get("lines_to_look_at", {"lines": 0, "help": {}, "listed": ()})
    rows = look["listed"][:MOST_LOOK_ROWS]
    omitted = look["lines"] - len(rows)
    return LookSection(
        lines=number(look["lines"]) if look["lines"] else "",
        rows=[_look_row(one) for one in rows],
        help=[_sentence(foreign(text)) for _why, text in sorted(look["help"].items())],
        not_shown=number(omitted) if omitted > 0 else "",
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _look_row(line: Mapping[str, Any]) -> LookRow:
    return LookRow(
        line=foreign(line["line"]),
        path=foreign(line["path"]),
        offset=number(line["offset"]),
        indicators=[foreign(one) for one in line["indicators"]],
        why=_("the form of the line is not known")
        if line["why"] == "unknown-form"
        else _("only mentioned (%(form)s)") % {"form": foreign(line["dataset"])},
        command=why(line["sighting"]),
    )


MOST_SPOTS_SHOWN = 500
"""How many devices with DNS that no log shows are listed; coverage.json has all."""


def blind_spots(coverage: Mapping[str, Any]) -> list[Mapping[str, str]]:
    """Return the devices whose DNS no log shows, with the resolver they could ask unseen."""
    shown = ("device", "address", "resolver", "path")
    return [
        {name: foreign(spot[name]) for name in shown}
        for spot in coverage.get("blind_spots", ())[:MOST_SPOTS_SHOWN]
    ]


def unconfined(coverage: Mapping[str, Any]) -> str:
    """Return that readers of packed evidence were not confined (E517); "" where they were."""
    missing = ", ".join(map(foreign, coverage.get("unconfined_readers", ())))
    return Problem("E517", "", {"missing": missing}).what() if missing else ""


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
    """Return the flaws in coverage.json and manifest.json."""
    tables = manifest.get("own_tables") or {}
    rows = tables.get("flaw_rows", [])[:MOST_FLAW_ROWS]
    omitted = tables.get("flaws", 0) - len(rows)
    return FlawsSection(
        records=[_record(each) for each in coverage.get("record_notes", ())],
        rows=[_row(each) for each in rows],
        total=number(tables.get("flaws", 0)),
        not_shown=number(omitted) if omitted > 0 else "",
        left_out=[_left_out(each) for each in tables.get("left_out", ())],
    )


def _record(note: Mapping[str, Any]) -> RecordFlaw:
    places = [
        _("%(path)s, byte %(offset)s")
        % {"path": foreign(place["path"]), "offset": number(place["offset"])}
        for place in note["places"]
    ]
    return RecordFlaw(foreign(note["what"]), number(note["count"]), places)


def _row(flaw: Mapping[str, Any]) -> TableFlaw:
    what = foreign(flaw["what"])
    if flaw["other_row"] is not None:
        what += " " + _("(the other is row %(n)s)") % {"n": number(flaw["other_row"])}
    return TableFlaw(_file(flaw), number(flaw["row"]), what, foreign(flaw["excerpt"]))


def _left_out(column: Mapping[str, Any]) -> str:
    facts = {
        "heading": foreign(column["heading"]),
        "path": _file(column),
        "n": number(column["values"]),
    }
    text = _("%(path)s, column “%(heading)s”: %(n)s values about people, none of them kept")
    return text % facts


def _file(one: Mapping[str, Any]) -> str:
    sheet = f" [{foreign(one['sheet'])}]" if one["sheet"] else ""
    return foreign(one["path"]) + sheet


MOST_REJECT_ROWS = 200
"""How many refused lines the page shows; rejects.json has more, and the count is of all."""


@dataclass(frozen=True)
class UnreadSection:
    """The section on what was not read."""

    files: Sequence[Mapping[str, str]]
    as_text: Sequence[str]
    set_aside: Sequence[Mapping[str, str]]
    total: str
    reasons: Sequence[tuple[str, str]]
    rows: Sequence[Mapping[str, str]]
    not_shown: str


def unread(rejects: Mapping[str, Any], summary: Mapping[str, Any]) -> UnreadSection:
    """Return the section from rejects.json and the summary of the sweep."""
    rows = rejects["rows"][:MOST_REJECT_ROWS]
    omitted = rejects["total"] - len(rows)
    return UnreadSection(
        files=[_unread_file(one) for one in summary["unread"]],
        as_text=[foreign(one) for one in summary["as_text"]],
        set_aside=[
            {"path": foreign(one["path"]), "kind": file_kind(one["kind"])}
            for one in summary.get("set_aside", ())
        ],
        total=number(rejects["total"]),
        reasons=tallied(rejects["by_reason"]),
        rows=list(_rows(rows)),
        not_shown=number(omitted) if omitted > 0 else "",
    )


def _unread_file(file: Mapping[str, Any]) -> Mapping[str, str]:
    problem = CATALOGUE.get(file["code"])
    # The sweep may have run in another language; translate again where the sentence holds no facts.
    what = file["what"] if problem is None or "%(" in problem.what else _(problem.what)
    return {
        "path": foreign(file["path"]),
        "code": foreign(file["code"]),
        "what": foreign(what),
        "todo": foreign(file["todo"] if problem is None else _(problem.todo)),
    }


def _rows(rows: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, str]]:
    for reject in rows:
        yield {
            "path": foreign(reject["path"]),
            "offset": number(reject["offset"]),
            "reason": reason(reject["reason"]),
            "excerpt": foreign(reject["excerpt"]),
        }
