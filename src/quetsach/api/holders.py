"""Requests for the holders of addresses: each row traced in own logs, and the answering letter."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from quetsach.api.traces import TraceRequest, trace
from quetsach.atomic_files import write_set
from quetsach.attribution.model import StepKind
from quetsach.clocks import MICROSECONDS, Zone
from quetsach.documents.letters.letter import (
    Citation,
    LetterAppendix,
    LetterPassage,
    LetterTable,
    OfficialLetter,
)
from quetsach.documents.typeset.content import TextRun
from quetsach.documents.typeset.letterhead import letterhead_of
from quetsach.documents.typeset.text import day
from quetsach.errors.exceptions import QuetsachError
from quetsach.letters.holder_request import (
    PERSONAL,
    UNTRACEABLE,
    HolderRequest,
    HolderRow,
    WantedFact,
)
from quetsach.letters.model import ReadLetter, question_text
from quetsach.notices.advice import describe_missing_log
from quetsach.notices.model import MissingLog, Notice, NoticeFile, TraceOutcome
from quetsach.scanning.job import zone_of
from quetsach.sweeping.sweep import Progress
from quetsach.texts import _, in_language, plain_json

TEMPLATE = "tra-loi-dia-chi-ip"
FILE_NAME = "tra-loi-dia-chi-ip"
UNCLEAR = "unclear-request"
"""The outcome of a row that the request leaves open: it is not traced."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class HolderAnswer:
    """What the rows of a request were traced to.

    Shapes: each of `rows` has number, words, address, port, first, last, outcome (of TraceOutcome,
    or `unclear-request`), device, unit, addresses, grade, rivals, because, logs, missing and
    questions; `trace` is what `trace` answered, `zone` the one that a person declared, or "".
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
            "issuer": self.letter.issuer.value,
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
    """Return the questions for which a holder_row is not traced."""
    told = {"holder-zone", "holder-zone-several"} if declared else set()
    return tuple(code for code in holder_row.open if code in UNTRACEABLE and code not in told)


def _notice(letter: ReadLetter, holder_row: HolderRow, zone: Zone | None) -> Notice | None:
    if holder_row.first is None or open_codes(holder_row, "" if zone is None else "declared"):
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
    questions = [
        question_text(code, address=holder_row.address, words=holder_row.words)
        for code in holder_row.open
    ]
    facts = {
        "number": holder_row.number,
        "words": holder_row.words,
        "address": holder_row.address,
        "port": holder_row.port,
        "first": holder_row.first,
        "last": holder_row.last,
        "zone": holder_row.zone or declared or None,
        "open": list(holder_row.open),
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


def write_answer(answer: HolderAnswer, folder: Path, *, unit: str) -> tuple[Path, ...]:
    """Write the letter that answers, as DOCX and PDF, and answer.json; return the files.

    Shapes: `unit` is the name of the office that answers. The letter is in Vietnamese, for a person
    to complete, number and sign. Errors: E405, E406, E422.
    """
    from quetsach.documents.letters.files import letter_files

    with in_language("vi"):
        letter = letter_files(answer_letter(answer, unit))
    contents = {
        f"{FILE_NAME}.docx": letter.docx,
        f"{FILE_NAME}.pdf": letter.pdf,
        "answer.json": plain_json(answer.as_json()).encode(),
    }
    write_set([(folder / name, content) for name, content in contents.items()])
    return tuple(folder / name for name in contents)


def answer_letter(answer: HolderAnswer, unit: str) -> OfficialLetter:
    """Return the letter that answers: number, day and signer are left open."""
    from quetsach.documents.letters.drafts import draft_letter, load_letter_template

    counts = answer.counts
    is_personal = not PERSONAL.isdisjoint(answer.request.wanted)
    values = {
        "request": _citation(answer),
        "speaker": unit,
        "items": str(len(answer.rows)),
        **{
            field: str(counts[outcome])
            for field, outcome in _COUNTED.items()
            if counts.get(outcome, 0)
        },
        **({"personal": "x"} if is_personal else {}),
    }
    draft = draft_letter(load_letter_template(TEMPLATE), values)
    issuer = _issuer(answer)
    return OfficialLetter(
        head=replace(letterhead_of(unit), addressees=(issuer,) if issuer else ()),
        text=draft.text,
        recipients=draft.recipients,
        annexes=(LetterAppendix(_("Results for each address"), (_table(answer), *_notes(answer))),),
    )


_COUNTED = {
    "found": TraceOutcome.DEVICE.value,
    "several": TraceOutcome.CANDIDATES.value,
    "not_ours": TraceOutcome.NOT_OURS.value,
    "no_data": TraceOutcome.NO_DATA.value,
    "unclear": TraceOutcome.CANNOT_TELL.value,
    "open": UNCLEAR,
}


def _issuer(answer: HolderAnswer) -> str:
    return answer.request.sender or answer.letter.issuer.value or ""


def _citation(answer: HolderAnswer) -> Citation | str:
    letter = answer.letter
    if letter.number.value is None or letter.code.value is None:
        return ""
    dated = None if letter.date.value is None else date.fromisoformat(letter.date.value)
    number = f"{letter.number.value}/{letter.code.value}"
    return Citation(number, dated, _issuer(answer), letter.subject.value or "")


def _table(answer: HolderAnswer) -> LetterTable:
    asked_facts = answer.request.wanted
    is_personal = not PERSONAL.isdisjoint(asked_facts)
    by_hand = (_("Holder (filled in by hand)"),) if is_personal else ()
    heads = (_("No."), _("Address and port"), _("Time"), _("Result"), _("Basis"), *by_hand)
    rows: list[tuple[str, ...]] = []
    for answered in answer.rows:
        cells = (
            str(answered["number"]),
            _end(answered),
            _when(answered),
            _result(answered, with_machine=WantedFact.DEVICE in asked_facts),
            _basis(answered),
        )
        rows.append((*cells, *("………" for _head in by_hand)))
    return LetterTable(heads, tuple(rows))


def _end(answered: Mapping[str, Any]) -> str:
    if answered["port"] is None:
        return str(answered["address"])
    shown = f"[{answered['address']}]" if ":" in answered["address"] else answered["address"]
    return f"{shown}:{answered['port']}"


def _when(answered: Mapping[str, Any]) -> str:
    if answered["first"] is None:
        return "………"
    moments = [datetime.fromisoformat(answered[key]) for key in ("first", "last") if answered[key]]
    shown = " - ".join(f"{moment:%H:%M:%S} {day(moment.date())}" for moment in moments)
    return f"{shown} ({answered['zone']})" if answered["zone"] else shown


def _result(answered: Mapping[str, Any], *, with_machine: bool) -> str:
    """Return the result in words; the inside address only where the device is asked for."""
    outcome = answered["outcome"]
    if outcome == TraceOutcome.DEVICE:
        device = answered["device"] if with_machine else _without_hardware(answered["device"])
        parts = [_("Machine: %(device)s") % {"device": device}]
        parts += [_("unit: %(unit)s") % {"unit": answered["unit"]}] if answered["unit"] else []
        if with_machine and answered["addresses"]:
            parts.append(_("inside address: %(list)s") % {"list": ", ".join(answered["addresses"])})
        sure = _("certain") if answered["grade"] == "certain" else _("likely, not certain")
        return f"{'; '.join(parts)} ({sure})"
    if outcome == TraceOutcome.CANDIDATES:
        names = answered["rivals"][:10]
        rivals = ", ".join(names if with_machine else map(_without_hardware, names))
        return _("Not certain; it may have been: %(rivals)s") % {"rivals": rivals}
    words = {
        TraceOutcome.NOT_OURS.value: _("Not an address of this office"),
        TraceOutcome.NO_DATA.value: _("No log of that time"),
        UNCLEAR: _("Not looked up: the request is not clear"),
    }
    return words.get(outcome, _("Cannot be determined"))


def _without_hardware(device: str) -> str:
    """Return the name of a device without the hardware address that tells it from its namesakes."""
    return _HARDWARE.sub("", device) or device


_HARDWARE = re.compile(r" \((?:[0-9A-Fa-f]{2}[-:]){5}[0-9A-Fa-f]{2}\)\Z")


def _basis(answered: Mapping[str, Any]) -> str:
    parts = []
    if answered["logs"]:
        parts.append(_("Logs: %(list)s") % {"list": "; ".join(map(_name, answered["logs"][:5]))})
    if answered["outcome"] != TraceOutcome.DEVICE:
        lacking = [MissingLog(missing["log"]) for missing in answered["missing"][:3]]
        parts += [_sentence(describe_missing_log(log)) for log in lacking]
    facts = {"address": answered["address"], "words": answered["words"]}
    parts += [question_text(code, **facts) for code in answered["open"]]
    return " ".join(parts) or "-"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _name(path: str) -> str:
    # Folders of the office's own server are nobody's business.
    return path.replace("\\", "/").rpartition("/")[2]


def _notes(answer: HolderAnswer) -> Sequence[LetterPassage]:
    if not answer.zone:
        return ()
    note = _("Times without a time zone in the request were looked up in %(zone)s.")
    return (LetterPassage((TextRun(note % {"zone": answer.zone}),)),)


def holders_exit_code(answer: HolderAnswer) -> int:
    """Return 0 nobody found, 1 a machine or candidates, 3 where something is open or unread."""
    counts = answer.counts
    is_whole = answer.letter.complete and not answer.trace["unread"] and not answer.trace["rejects"]
    if counts.get(UNCLEAR, 0) or not answer.rows or not is_whole:
        return 3
    return int(bool(counts.get("device", 0) or counts.get("candidates", 0)))
