"""The letter that answers a request for the holders of addresses, from plain values."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quetsach.api.holders import UNCLEAR
from quetsach.atomic_files import write_set
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
from quetsach.errors.catalogue import N_
from quetsach.letters.holder_request import PERSONAL, WantedFact
from quetsach.letters.model import question_text
from quetsach.notices.advice import describe_missing_log
from quetsach.notices.model import MissingLog, TraceOutcome
from quetsach.texts import _, in_language, plain_json

if TYPE_CHECKING:
    from quetsach.documents.letters.files import LetterFiles as LetterFiles

TEMPLATE = "tra-loi-dia-chi-ip"
FILE_NAME = "tra-loi-dia-chi-ip"


def write_answer(answer: Mapping[str, Any], folder: Path, *, unit: str) -> tuple[Path, ...]:
    """Write the letter that answers, as DOCX and PDF, and answer.json; return the files.

    Shapes: `unit` is the name of the office that answers. The letter is in Vietnamese, for a person
    to complete, number and sign. Errors: E405, E406, E422.
    """
    letter = letter_files_of(answer, unit)
    contents = {
        f"{FILE_NAME}.docx": letter.docx,
        f"{FILE_NAME}.pdf": letter.pdf,
        "answer.json": plain_json(answer).encode(),
    }
    write_set([(folder / name, content) for name, content in contents.items()])
    return tuple(folder / name for name in contents)


def letter_files_of(
    answer: Mapping[str, Any],
    unit: str,
    *,
    in_party: bool = False,
    created: datetime | None = None,
) -> "LetterFiles":
    """Return the letter that answers as DOCX and PDF. Errors: E405, E406, E422."""
    from quetsach.documents.letters.files import letter_files

    with in_language("vi"):
        return letter_files(answer_letter(answer, unit, in_party=in_party), created=created)


def answer_letter(
    answer: Mapping[str, Any], unit: str, *, in_party: bool = False
) -> OfficialLetter:
    """Return the letter that answers: number, day and signer are left open."""
    from quetsach.documents.letters.drafts import draft_letter, load_letter_template

    counts = answer["counts"]
    is_personal = not PERSONAL.isdisjoint(answer["wanted"])
    values = {
        "request": _citation(answer),
        "speaker": unit,
        "items": str(len(answer["rows"])),
        **{
            field: str(counts[outcome])
            for field, outcome in _COUNTED.items()
            if counts.get(outcome, 0)
        },
        **({"personal": "x"} if is_personal else {}),
    }
    draft = draft_letter(load_letter_template(TEMPLATE), values)
    issuer = answer["issuer"] or ""
    return OfficialLetter(
        head=replace(
            letterhead_of(unit, in_party=in_party), addressees=(issuer,) if issuer else ()
        ),
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


def _citation(answer: Mapping[str, Any]) -> Citation | str:
    if answer["number"] is None or answer["code"] is None:
        return ""
    dated = None if answer["date"] is None else date.fromisoformat(answer["date"])
    number = f"{answer['number']}/{answer['code']}"
    return Citation(number, dated, answer["issuer"] or "", answer["subject"] or "")


def _table(answer: Mapping[str, Any]) -> LetterTable:
    asked_facts = answer["wanted"]
    is_personal = not PERSONAL.isdisjoint(asked_facts)
    by_hand = (_("Holder (filled in by hand)"),) if is_personal else ()
    heads = (_("No."), _("Address and port"), _("Time"), _("Result"), _("Basis"), *by_hand)
    rows: list[tuple[str, ...]] = []
    for answered in answer["rows"]:
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
        logs = _("Logs: %(list)s") % {"list": "; ".join(map(_name, answered["logs"][:5]))}
        parts.append(_sentence(logs))
    if answered["outcome"] != TraceOutcome.DEVICE:
        parts += _lacking([MissingLog(missing["log"]) for missing in answered["missing"][:3]])
    parts += [answered["zone_note"]] if answered["zone_note"] else []
    facts = {name: answered[name] for name in ("address", "words")}
    facts["zone"] = answered["zone_words"]
    parts += [question_text(code, **facts) for code in answered["open"]]
    return " ".join(parts) or "-"


_FROM_THE_SENDER = {
    MissingLog.PORT: N_("the source port"),
    MissingLog.TIME: N_("the time to the second, with its time zone"),
}
"""What only the authority can tell: the advice of a trace would send it to itself."""


def _lacking(logs: Sequence[MissingLog]) -> list[str]:
    """Return what is missing, as a letter says it to the authority that asked."""
    # Which addresses are its own is the office's matter, and no word of this letter.
    words = [
        _(_FROM_THE_SENDER[log]) if log in _FROM_THE_SENDER else describe_missing_log(log)
        for log in logs
        if log != MissingLog.OWN_ADDRESSES
    ]
    return [_sentence(_("Missing: %(log)s") % {"log": _within(text)}) for text in words]


def _within(text: str) -> str:
    """Return a text as it stands behind a colon; DHCP stays as it is."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _name(path: str) -> str:
    # Folders of the office's own server are nobody's business.
    return path.replace("\\", "/").rpartition("/")[2]


def _notes(answer: Mapping[str, Any]) -> Sequence[LetterPassage]:
    declared = answer["zone_declared"]
    if not declared:
        return ()
    note = _("Times without a time zone in the request were looked up in %(zone)s.")
    return (LetterPassage((TextRun(note % {"zone": declared}),)),)
