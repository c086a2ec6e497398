"""The fields read from a letter, as rows that a person reviews."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.deadlines import after_last_moment, before_text
from quetsach_portal.campaigns.report_form import shipped

FIELDS = (
    ("issuer", _lazy("Issued by")),
    ("number", _lazy("Number")),
    ("code", _lazy("Code")),
    ("date", _lazy("Date of the letter")),
    ("kind", _lazy("Kind of document")),
    ("subject", _lazy("Subject")),
    ("addressees", _lazy("Addressees")),
    ("due", _lazy("Report due")),
    ("campaign_page", _lazy("Web page of the campaign")),
    ("compiler", _lazy("Compiled by")),
    ("report_to", _lazy("Report to")),
    ("report_through", _lazy("Report through")),
    ("recipients", _lazy("Recipients")),
)
"""Fields of a letter in the order of the review, as the engine names them."""


@dataclass(frozen=True)
class ReadRow:
    """One field: what was read, from which words and where, and what is open."""

    label: Any
    value: str
    words: str = ""
    place: str = ""
    question: str = ""


@dataclass(frozen=True)
class CampaignProposal:
    """What the letter proposes for the campaign; "" and None where it does not say."""

    title: str
    legal_basis: str
    page_url: str
    tasks: list[str]
    due_at: datetime | None
    form_code: str
    questions: list[dict[str, Any]] = field(default_factory=list)
    code: str = ""


def rows_of(result: Mapping[str, Any]) -> list[ReadRow]:
    """Return the fields of the letter in `result`, then what it rests on and asks for."""
    rows = [_row(label, result[name]) for name, label in FIELDS if name in result]
    rows += [
        ReadRow(_("Based on"), basis_line(one), *_source(one["source"]))
        for one in result.get("basis", [])
    ]
    for task in result.get("tasks", []):
        rows += _task_rows(task)
    for appendix in result.get("appendices", []):
        form_code = appendix.get("known_form")
        named = appendix["title"]["value"] or _("Appendix")
        form = (
            _("equals the program's form %(code)s") % {"code": form_code}
            if form_code
            else _("no known form")
        )
        rows.append(ReadRow(_("Appendix"), f"{named} ({form})", *_source(appendix["source"])))
    return rows


def clear_rows(result: Mapping[str, Any]) -> list[ReadRow]:
    """Return the fields that were read clearly: those with a value and without a question."""
    return [row for row in rows_of(result) if row.value and not row.question]


def proposal_of(result: Mapping[str, Any]) -> CampaignProposal:
    """Return what the letter proposes; nothing in it is a guess."""
    due = result.get("due", {}).get("value")
    known_forms = [
        one["known_form"] for one in result.get("appendices", []) if one.get("known_form")
    ]
    codes = {one.code for one in shipped()}
    return CampaignProposal(
        title=sentence(_value(result, "subject"))[:255],
        legal_basis="\n".join(basis_line(one) for one in result.get("basis", [])),
        page_url=_value(result, "campaign_page"),
        tasks=[text for task in result.get("tasks", []) for text in _task_texts(task)],
        due_at=None if due is None else after_last_moment(datetime.fromisoformat(due)),
        form_code=next((code for code in known_forms if code in codes), ""),
        questions=list(result.get("questions", [])),
        code=_value(result, "code"),
    )


def open_questions(letter: Mapping[str, Any]) -> list[str]:
    """Return the open questions about a campaign's letter."""
    return [one["text"] for one in letter.get("questions", []) if not one.get("answer")]


_COMMITTEE = re.compile(
    r"[ủu][yỷ] ban nhân dân (?P<level>xã|phường|thị trấn|huyện|quận|thị xã|thành phố|tỉnh) "
    r"(?P<place>.+)"
)


def issued_beside(letter: Mapping[str, Any], office: str) -> str:
    """Return who issued the letter where that is an office of the level of `office`, else "".

    Such an office orders nothing of `office`: the letter is most likely the wrong file. A letter
    from above is the usual case and says nothing here.
    """
    issuer = _value(letter, "issuer") if letter.get("issuer") else ""
    theirs, ours = (
        _COMMITTEE.fullmatch(" ".join(name.casefold().split())) for name in (issuer, office)
    )
    if theirs is None or ours is None or theirs["level"] != ours["level"]:
        return ""
    return "" if theirs["place"] == ours["place"] else issuer


def answered_number(letter: Mapping[str, Any]) -> str:
    """Return the number that a person typed for a letter without one, "" while it is open."""
    return _answer(letter, "number")


def answered_day(letter: Mapping[str, Any]) -> date | None:
    """Return the letter's day as a person typed it: whole, or the day of the month that was read.

    None while it is open, and where the answer is no day.
    """
    parts = re.findall(r"\d+", _answer(letter, "date"))
    if len(parts) == 1:
        partial = str((letter.get("date") or {}).get("partial") or "")
        parts += reversed(partial.split("-"))
    try:
        day, month, year = (int(part) for part in parts)
        return date(year, month, day)
    except ValueError:
        return None


def _answer(letter: Mapping[str, Any], field: str) -> str:
    answers = (
        question.get("answer", "")
        for question in letter.get("questions", [])
        if question.get("field") == field
    )
    return next((answer.strip() for answer in answers if answer), "")


def basis_line(basis: Mapping[str, Any]) -> str:
    """Return "Công văn số 1790/STTTT-BCVTCNTT ngày 09/09/2022 của Sở ... về việc ..."."""
    number = "/".join(part for part in (_value(basis, "number"), _value(basis, "code")) if part)
    day = basis["date"]["value"]
    parts = [
        basis["kind"],
        f"số {number}" if number else "",
        f"ngày {date.fromisoformat(day):%d/%m/%Y}" if day else "",
        f"của {_value(basis, 'issuer')}" if _value(basis, "issuer") else "",
        f"về việc {_value(basis, 'subject')}" if _value(basis, "subject") else "",
    ]
    return " ".join(part for part in parts if part)


def sentence(text: str) -> str:
    """Return `text` with a capital first letter."""
    return text[:1].upper() + text[1:]


def place_text(place: Mapping[str, Any] | None) -> str:
    """Return a place in the document as text."""
    if not place:
        return ""
    words = [
        (place.get("page"), _("page %(n)s")),
        (place.get("table"), _("table %(n)s")),
        (place.get("row"), _("row %(n)s")),
        (place.get("line"), _("line %(n)s")),
    ]
    return ", ".join(text % {"n": number} for number, text in words if number is not None)


def _row(label: Any, field: Mapping[str, Any]) -> ReadRow:
    content = field["value"]
    if isinstance(content, list):
        shown = "; ".join(content)
    else:
        shown = _moment(content) if content else field.get("partial") or ""
    words, place = _source(field["source"])
    return ReadRow(label, shown, words, place, field["question"] or "")


def _task_rows(task: Mapping[str, Any], above: str = "") -> Iterator[ReadRow]:
    number = f"{above}{task['number']}"
    due = "; ".join(one["words"] for one in task["dues"])
    shown = f"{task['text']} ({due})" if due and due not in task["text"] else task["text"]
    _words, place = _source(task["source"])
    who = task["who"]
    question = who["question"] or ""
    yield ReadRow(
        _("Task %(number)s") % {"number": number}, shown, who["value"] or "", place, question
    )
    for below in task["subtasks"]:
        yield from _task_rows(below, f"{number}.")


def _task_texts(task: Mapping[str, Any]) -> Iterator[str]:
    if task["text"].strip():
        yield task["text"].strip()
    for below in task["subtasks"]:
        yield from _task_texts(below)


def _source(source: Mapping[str, Any] | None) -> tuple[str, str]:
    return ("", "") if source is None else (source["text"], place_text(source["place"]))


def _value(found: Mapping[str, Any], name: str) -> str:
    return str((found.get(name) or {}).get("value") or "")


def _moment(text: str) -> str:
    """Return a day or an instant in local format; other text unchanged."""
    try:
        if len(text) == 10:
            return date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT")
        if "T" in text:
            return before_text(after_last_moment(datetime.fromisoformat(text)))
    except ValueError:
        pass
    return text
