"""Requests for the holders of addresses: each row traced in own logs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from quetsach.api.traces import TraceRequest, trace
from quetsach.attribution.model import StepKind
from quetsach.clocks import MICROSECONDS, Zone
from quetsach.errors.exceptions import QuetsachError
from quetsach.letters.holder_request import (
    OPEN_ZONES,
    UNTRACEABLE,
    HolderRequest,
    HolderRow,
    question_facts,
)
from quetsach.letters.model import ReadLetter, question_text
from quetsach.notices.model import Notice, NoticeFile, TraceOutcome
from quetsach.scanning.job import zone_of
from quetsach.sweeping.sweep import Progress
from quetsach.texts import _

UNCLEAR = "unclear-request"
"""The outcome of a row that the request leaves open: it is not traced."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class HolderAnswer:
    """What the rows of a request were traced to.

    Shapes: each of `rows` has number, words, address, port, first, last, outcome (of TraceOutcome,
    or `unclear-request`), device, unit, addresses, grade, rivals, because, logs, missing, open and
    questions (what is still asked), and zone_note, which says where the declared zone stood against
    words of the request; `trace` is what `trace` answered, `zone` the one that a person declared,
    or "".
    """

    letter: ReadLetter
    request: HolderRequest
    rows: tuple[dict[str, Any], ...]
    trace: dict[str, Any]
    zone: str = ""

    @property
    def counts(self) -> Mapping[str, int]:
        """How many rows have each outcome."""
        return Counter(answered["outcome"] for answered in self.rows)

    def as_json(self) -> dict[str, Any]:
        """Return the answer in plain values."""
        return {
            "file": self.letter.file,
            "sha256": self.letter.sha256,
            "issuer": self.request.sender or self.letter.issuer.value,
            "subject": self.letter.subject.value,
            "basis": list(self.request.basis),
            "purpose": self.request.purpose,
            "by_ocr": self.letter.by_ocr,
            "number": self.letter.number.value,
            "code": self.letter.code.value,
            "date": self.letter.date.value,
            "wanted": list(self.request.wanted),
            "deadline": self.request.deadline,
            "zone_declared": self.zone or None,
            "rows": list(self.rows),
            "counts": dict(self.counts),
            "unread": self.trace["unread"],
            "sources": self.trace["sources"],
            "complete": self.letter.complete,
        }


def answer_holders(
    letter: ReadLetter, request: TraceRequest, progress: Progress | None = None, *, zone: str = ""
) -> HolderAnswer:
    """Return who held the addresses that `letter` asks about, by the evidence of `request`.

    A row whose address, port, time or zone is open is not traced; `zone` is that of times
    for which the letter states none. Errors: E431 for another letter; E601; as `trace`.
    """
    holder_request = letter.holder_request
    if holder_request is None:
        raise QuetsachError("E431", letter.file)
    local = zone_of(zone) if zone else None
    notices = {
        holder_row.number: notice
        for holder_row in holder_request.rows
        if (notice := _notice(letter, holder_row, local))
    }
    file = NoticeFile(
        letter.file, "letter", letter.sha256, len(notices), tuple(notices.values()), ()
    )
    traced = trace(request, progress, files=[file])
    by_number = {traced_item["notice"]["number"]: traced_item for traced_item in traced["notices"]}
    rows = tuple(
        _row(holder_row, by_number.get(holder_row.number), zone)
        for holder_row in holder_request.rows
    )
    return HolderAnswer(letter, holder_request, rows, traced, zone)


def open_codes(holder_row: HolderRow, declared: str) -> tuple[str, ...]:
    """Return the codes of the questions that stay open where a person declared the zone, or ""."""
    answered = OPEN_ZONES if declared else frozenset[str]()
    return tuple(code for code in holder_row.open if code not in answered)


def zone_note(holder_row: HolderRow, declared: str) -> str:
    """Return how the declared zone stands against the words of the request; "" where it does not.

    A zone that the request states stays. One that it names, and that is not known, is said where
    the declared zone takes its place.
    """
    if not declared or holder_row.first is None or not holder_row.zone_words:
        return ""
    facts = {"words": holder_row.zone_words, "zone": declared}
    if holder_row.zone is None:
        return (
            _("The request says “%(words)s”; the time was looked up in the declared zone %(zone)s.")
            % facts
        )
    as_declared = datetime.fromisoformat(holder_row.first).replace(tzinfo=zone_of(declared))
    if as_declared == datetime.fromisoformat(holder_row.first):
        return ""
    return _("The request says “%(words)s”; the declared zone %(zone)s was not used.") % facts


def _notice(letter: ReadLetter, holder_row: HolderRow, zone: Zone | None) -> Notice | None:
    codes = open_codes(holder_row, "" if zone is None else "declared")
    if holder_row.first is None or not UNTRACEABLE.isdisjoint(codes):
        return None
    first = _us(holder_row.first, zone)
    return Notice(
        letter.file,
        holder_row.number,
        holder_row.address,
        holder_row.port,
        when_us=first,
        end_us=None if holder_row.last is None else _us(holder_row.last, zone),
        time_digits=holder_row.digits,
        remote_address=holder_row.destination,
        raw=(("words", holder_row.words),),
    )


def _us(written: str, zone: Zone | None) -> int:
    moment = datetime.fromisoformat(written)
    since = (moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)) - _EPOCH
    return (since.days * 86_400 + since.seconds) * MICROSECONDS


def _row(holder_row: HolderRow, traced: Mapping[str, Any] | None, declared: str) -> dict[str, Any]:
    codes = open_codes(holder_row, declared)
    questions = [question_text(code, **question_facts(holder_row)) for code in codes]
    facts = {
        "number": holder_row.number,
        "words": holder_row.words,
        "address": holder_row.address,
        "port": holder_row.port,
        "first": holder_row.first,
        "last": holder_row.last,
        "zone": holder_row.zone or declared or None,
        "zone_words": holder_row.zone_words,
        "zone_note": zone_note(holder_row, declared),
        "open": list(codes),
        "questions": questions,
    }
    if traced is None:
        untold: dict[str, Any] = dict.fromkeys(("device", "grade"))
        return {
            **facts,
            "outcome": UNCLEAR,
            **untold,
            **{name: [] for name in ("addresses", "rivals", "logs", "missing")},
            "unit": "",
            "because": " ".join(questions),
        }
    traced = _proven(traced, has_port=holder_row.port is not None)
    steps = [*traced["steps"], *(step for rival in traced["rivals"] for step in rival["steps"])]
    return {
        **facts,
        **{name: traced[name] for name in ("outcome", "device", "unit", "addresses", "grade")},
        "rivals": [rival["device"] for rival in traced["rivals"]],
        "because": traced["because"],
        "logs": list(dict.fromkeys(path for step in steps if (path := _path(step)))),
        "missing": traced["missing"],
    }


def _proven(traced: Mapping[str, Any], *, has_port: bool) -> Mapping[str, Any]:
    """Return the trace without machines that only reached the same destination.

    A notice of malware may look for such a machine; whose address it was is another question. Where
    the port is known, another machine had it; where it is not, it is a candidate at most.
    """
    rivals = traced["rivals"]
    if traced["outcome"] == TraceOutcome.DEVICE and not _by_record(traced["steps"]):
        first = {key: traced[key] for key in ("device", "grade", "steps")}
        rivals = [first, *rivals]
    elif traced["outcome"] != TraceOutcome.CANDIDATES:
        return traced
    kept = [rival for rival in rivals if not has_port or _by_record(rival["steps"])]
    outcome = TraceOutcome.CANDIDATES if kept else TraceOutcome.CANNOT_TELL
    because = traced["because"] if kept else _("No record shows this port at that time.")
    blank: dict[str, Any] = {
        "device": None,
        "unit": None,
        "addresses": [],
        "grade": "unknown",
        "steps": [],
    }
    return {**traced, **blank, "outcome": outcome.value, "rivals": kept, "because": because}


def _by_record(steps: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether a record ties the public address to the machine, and no contact alone."""
    by_contact = (
        step["kind"] == StepKind.DIRECT and step["before"] != step["after"] for step in steps
    )
    return bool(steps) and not any(by_contact)


def _path(step: Mapping[str, Any]) -> str:
    place = step.get("place")
    return str(place["path"]) if isinstance(place, Mapping) else ""


def holders_exit_code(answer: HolderAnswer) -> int:
    """Return 0 nobody found, 1 a machine or candidates, 3 where something is open or unread."""
    counts = answer.counts
    is_whole = answer.letter.complete and not answer.trace["unread"] and not answer.trace["rejects"]
    if counts.get(UNCLEAR, 0) or not answer.rows or not is_whole:
        return 3
    return int(bool(counts.get("device", 0) or counts.get("candidates", 0)))
