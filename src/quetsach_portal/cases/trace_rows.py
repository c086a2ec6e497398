"""The answer of a trace in a checked shape: one made at home may say anything."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from django.utils.translation import gettext as _

from quetsach_portal.cases.finding_rows import fit, fit_all
from quetsach_portal.cases.models.notice import NoticeItem, NoticeOutcome

MOST_ITEMS = 50_000
Count = Annotated[int, msgspec.Meta(ge=0, lt=2**31)]


class UnreadableTrace(Exception):
    """A file is no result of a trace, or does not add up; the text is for people."""


class _Missing(msgspec.Struct):
    log: str
    why: str = ""


class _Rival(msgspec.Struct):
    device: str
    grade: str = ""
    reasons: list[str] = []


class _Notice(msgspec.Struct):
    path: str
    number: Count
    address: str | None = None
    port: Count | None = None
    time: datetime | None = None
    remote_address: str | None = None
    remote_name: str | None = None
    family: str | None = None
    raw: list[list[str]] = []
    reason: str | None = None
    excerpt: str | None = None


class TracedNotice(msgspec.Struct):
    """One item with its outcome, as `trace --json` prints it."""

    notice: _Notice
    outcome: NoticeOutcome
    because: str
    device: str | None = None
    unit: str | None = None
    addresses: list[str] = []
    grade: str = ""
    rivals: list[_Rival] = []
    missing: list[_Missing] = []


class TraceOutput(msgspec.Struct):
    """What a trace printed: its items, its account, and the logs that were missing."""

    notices: list[TracedNotice]
    ledger: dict[str, Any]
    missing: list[dict[str, Any]] = []
    unread: list[Any] = []


def answer_of(decoded: Any) -> TraceOutput:
    """Return `decoded` checked: each item has one outcome, and the account says the same.

    Errors: UnreadableTrace.
    """
    try:
        answer = msgspec.convert(decoded, TraceOutput)
    except (msgspec.ValidationError, RecursionError) as error:
        text = _("This is not the result of a trace (%(reason)s).")
        raise UnreadableTrace(text % {"reason": fit(str(error), 200)}) from error
    if len(answer.notices) > MOST_ITEMS:
        text = _("It has more than %(most)s items.")
        raise UnreadableTrace(text % {"most": MOST_ITEMS})
    counted = counts_of([one.outcome for one in answer.notices])
    told = {name: answer.ledger.get(name) for name in counted}
    if counted != told:
        raise UnreadableTrace(_("Its account does not add up: items in are not items out."))
    return answer


def decoded(raw: bytes) -> Any:
    """Return the JSON in `raw`. Errors: UnreadableTrace."""
    try:
        return msgspec.json.decode(raw)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise UnreadableTrace(_("This is not a JSON file.")) from error


def counts_of(outcomes: list[NoticeOutcome]) -> dict[str, int]:
    """Return how many items there are, and how many ended in which way."""
    counts = {"items": len(outcomes), **{one.value: 0 for one in NoticeOutcome}}
    for one in outcomes:
        counts[one.value] += 1
    return counts


def item_of(traced: TracedNotice, *, batch_id: int, place: int) -> NoticeItem:
    """Return the row of an item, its case still open to be found."""
    notice = traced.notice
    remote = notice.remote_name or notice.remote_address
    written = [pair for pair in notice.raw if len(pair) == 2]
    if notice.excerpt:
        written = [["", notice.excerpt]]
    return NoticeItem(
        batch_id=batch_id,
        place=place,
        number=notice.number,
        outcome=traced.outcome,
        at=_aware(notice.time),
        address=fit(notice.address, 60),
        port=notice.port,
        remote=fit(remote, 255),
        family=fit(notice.family, 120),
        device_key=fit(traced.device, 255),
        grade=fit(traced.grade, 12),
        because=fit(traced.because, 2000),
        missing=[fit(one.log, 40) for one in traced.missing[:20]],
        rivals=[[fit(one.device, 255), fit(one.grade, 12)] for one in traced.rivals[:20]],
        row=fit_all(written, 300, 40),
    )


def _aware(at: datetime | None) -> datetime | None:
    return at if at is None or at.tzinfo is not None else None
