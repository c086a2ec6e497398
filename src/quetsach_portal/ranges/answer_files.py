"""The answer to the authority as a file: each item with its state, day and proof, and no machine.

A case's number is the proof: it says nothing about the device, and the lead office can show its
course. Who is asked by the authority for more asks the unit.
"""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach.api import sheets
from quetsach_portal.cases.models.notice import NoticeBatch
from quetsach_portal.ranges.models import AllottedNotice, AllottedState, UnitAnswer
from quetsach_portal.ranges.queries import figures_of, notices_of


def rows_of(batch: NoticeBatch) -> Iterator[dict[str, Any]]:
    """Return each item in the order of the authority's file."""
    return map(row_of, notices_of(batch).iterator(chunk_size=1000))


def row_of(notice: AllottedNotice) -> dict[str, Any]:
    """Return an item as the authority is answered."""
    return {
        "number": notice.number,
        "time": None if notice.at is None else timezone.localtime(notice.at).isoformat(),
        "address": notice.address,
        "port": notice.port,
        "remote": notice.remote,
        "family": notice.family,
        "state": notice.state,
        "units": _units(notice),
        "day": _day(notice),
        "proof": _proof(notice),
    }


def _units(notice: AllottedNotice) -> list[str]:
    return [question.forwarding.node.name_at_freeze for question in notice.questions.all()]


def _day(notice: AllottedNotice) -> str | None:
    """Return the day of the answer that the state rests on."""
    answered = [
        question.answered_at
        for question in notice.questions.all()
        if question.answered_at and question.answer != UnitAnswer.TAKEN
    ]
    if notice.state == AllottedState.OPEN:
        return None
    last = max(answered, default=notice.decided_at)
    return None if last is None else timezone.localtime(last).date().isoformat()


def _proof(notice: AllottedNotice) -> str:
    """Return what the state rests on, in words; never a machine, a person or an inside address."""
    finders = [one for one in notice.questions.all() if one.answer == UnitAnswer.FOUND]
    cases = sorted({one.case.number for one in finders if one.case is not None})
    if cases:
        return _("case %(numbers)s") % {"numbers": ", ".join(cases)}
    if finders:
        return _("declared by the unit, without a case")
    if notice.state == AllottedState.NOT_OURS:
        return (
            _("by the table of public ranges")
            if notice.decided_by_id is None
            else _("decided by the lead office")
        )
    if notice.state == AllottedState.CANNOT_TELL:
        return _("the unit looked and cannot tell")
    return notice.why


def as_json(batch: NoticeBatch) -> dict[str, Any]:
    """Return the whole answer; the counts add up to the items."""
    figures = figures_of(batch)
    return {
        "file": batch.stored.name,
        "sha256": batch.stored.sha256,
        "items": figures.items,
        "counts": {name: count for name, _label, count in figures.counts},
        "notices": list(rows_of(batch)),
    }


def as_csv(batch: NoticeBatch) -> bytes:
    """Return the answer as CSV; a cell that a spreadsheet takes for a formula is disarmed."""
    heads = [_("No."), _("Time"), _("Address"), _("Port"), _("Remote"), _("Malware"), _("State")]
    heads += [_("Unit"), _("Day"), _("Proof")]
    labels = dict(AllottedState.choices)
    rows = [
        [
            row["number"],
            row["time"] or "",
            row["address"],
            "" if row["port"] is None else row["port"],
            row["remote"],
            row["family"],
            str(labels[row["state"]]),
            "; ".join(row["units"]),
            row["day"] or "",
            row["proof"],
        ]
        for row in rows_of(batch)
    ]
    return sheets.table_csv(heads, rows)
