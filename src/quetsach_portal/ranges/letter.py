"""The letter that answers the authority, filled from the states of its notices.

Its number, day, signer and addressee are left open: an office gives them when it sends the letter.
"""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import ngettext, override

from quetsach.api import letters, problems
from quetsach_portal.cases.models.notice import NoticeBatch
from quetsach_portal.ranges.models import AllottedState, Forwarding
from quetsach_portal.ranges.queries import figures_of, forwardings_from
from quetsach_portal.units.models import UnitKind
from quetsach_portal.web.acts import Refused

TEMPLATE = "tra-loi-canh-bao"
_FIELDS = {
    AllottedState.FOUND: "found",
    AllottedState.CANNOT_TELL: "unclear",
    AllottedState.NOT_OURS: "not_ours",
    AllottedState.REJECTED: "rejected",
}


def letter_of(batch: NoticeBatch, *, now: datetime | None = None) -> bytes:
    """Return the letter as DOCX. Errors: Refused where it cannot be set in type.

    What still waits, for a unit or for the lead office, is one figure: being worked on.
    """
    moment = timezone.localtime(timezone.now() if now is None else now)
    unit = batch.node.unit
    with override("vi"):
        values: dict[str, Any] = {
            "speaker": batch.node.name_at_freeze,
            "file": batch.stored.name,
            "items": str(batch.items),
            "as_of": moment.date(),
            **_counts(batch),
        }
        if told := [_told(one) for one in forwardings_from(batch)]:
            values["units"] = told
    head = letters.letterhead_of(batch.node.name_at_freeze, in_party=unit.kind == UnitKind.PARTY)
    try:
        draft = letters.draft_letter(TEMPLATE, values)
        files = letters.letter_files(letters.OfficialLetter(head, draft.text), created=moment)
    except problems.QuetsachError as error:
        raise Refused(f"{error.problem.what()}. {error.problem.todo()}") from error
    return files.docx


def _counts(batch: NoticeBatch) -> dict[str, str]:
    """Return the figures by the fields of the template; one that is 0 has no sentence."""
    counts: dict[str, int] = {}
    for state, _label, count in figures_of(batch).counts:
        field = _FIELDS.get(AllottedState(state), "open")
        counts[field] = counts.get(field, 0) + count
    return {field: str(count) for field, count in counts.items() if count}


def _told(forwarding: Forwarding) -> str:
    """Return how far a unit is, in words; the numbers come with the query."""
    facts = {
        "unit": forwarding.node.name_at_freeze,
        "asked": forwarding.asked,  # type: ignore[attr-defined]
        "answered": forwarding.answered,  # type: ignore[attr-defined]
        "found": forwarding.found,  # type: ignore[attr-defined]
    }
    text = ngettext(
        "%(unit)s: %(asked)s notice, %(answered)s answered, %(found)s with a machine",
        "%(unit)s: %(asked)s notices, %(answered)s answered, %(found)s with a machine",
        facts["asked"],
    )
    return text % facts
