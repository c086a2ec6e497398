"""What somebody answers to one field, as typed, and the value that it means."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from quetsach.api.reports import (
    Absent,
    Count,
    Field,
    Form,
    Grade,
    Kind,
    Own,
    Picked,
    QuetsachError,
    Row,
    Rows,
    Source,
    Value,
    Words,
    kind_of,
    own_from_json,
    own_to_json,
    read_count,
    same_answer,
    shown,
)
from quetsach_portal.reports.derived import Derived

ZERO = "zero"
"""Chosen in place of a number: counted, and there was none."""

LONGEST = 100_000
_ABSENT = {one.value: one for one in Absent if one is not Absent.MISSING}


@dataclass(frozen=True)
class Answer:
    """One answer as it was typed.

    Shapes: `text` for a number or a text; `instead` is "", zero, nil, not_collected or
    not_applicable; `picked` for a choice, `rows` for a table. `remark` is printed beside the
    number; `reason` says why it is odd or differs from the records.
    """

    text: str = ""
    instead: str = ""
    picked: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    remark: str = ""
    reason: str = ""


def value_of(entry: Field | Row, answer: Answer) -> Value:
    """Return the value that `answer` gives. Errors: QuetsachError for what is no number."""
    if answer.instead in _ABSENT:
        return _ABSENT[answer.instead]
    kind = kind_of(entry)
    if kind is Kind.COUNT:
        remark = tidy(answer.remark)[:1000]
        if answer.instead == ZERO:
            return Count(0, Grade.DECLARED, remark)
        if not answer.text.strip():
            return Absent.MISSING
        return Count(read_count(answer.text, entry.id), Grade.DECLARED, remark)
    if kind is Kind.CHOICE:
        return Picked(answer.picked) if answer.picked else Absent.MISSING
    if kind is Kind.TABLE:
        rows = tuple(tuple(map(tidy, row)) for row in answer.rows if any(map(str.strip, row)))
        return Rows(rows) if rows else Absent.MISSING
    text = tidy(answer.text)
    return Words(text, Grade.DECLARED) if text else Absent.MISSING


def own_of(value: Value, derived: Derived | None, reason: str) -> Own:
    """Return what a unit says with `value`, what its records answer beside it.

    What equals the records has their grade; what they name goes with it where it can be within.
    """
    if derived is None:
        return Own(value, reason=tidy(reason)[:1000])
    agrees = same_answer(value, derived.value)
    if isinstance(value, Count):
        grade = derived.grade if agrees else Grade.DECLARED
        kept = derived.organisations if value.number >= len(derived.organisations) else frozenset()
        value = Count(value.number, grade, value.remark)
        return Own(value, derived.value, tidy(reason)[:1000], kept, derived.sketch)
    return Own(derived.value if agrees else value, derived.value, tidy(reason)[:1000])


def contradiction(entry: Field | Row, answer: Answer) -> str:
    """Return what is wrong with `answer` as it was typed, "" where nothing is."""
    if answer.instead and says_something(answer):
        return both_told(entry)
    try:
        value_of(entry, answer)
    except QuetsachError as error:
        return str(error.problem.facts.get("reason", error))
    return ""


def says_something(answer: Answer) -> bool:
    """True where something was typed or picked, a reason why there is nothing aside."""
    cells = (cell for row in answer.rows for cell in row)
    return bool(answer.text.strip() or answer.picked or any(map(str.strip, cells)))


def both_told(entry: Field | Row) -> str:
    """Return what is said where there is an answer, and a reason why there is none."""
    if kind_of(entry) is Kind.COUNT:
        return _("Give a number or say why there is none, not both.")
    return _("Give an answer or say why there is none, not both.")


def as_typed(answer: Answer) -> str:
    """Return what was typed as one text, to be kept where it is no answer yet."""
    rows = (" | ".join(row) for row in answer.rows if any(map(str.strip, row)))
    return tidy(answer.text) or "; ".join((*answer.picked, *rows)) or answer.instead


def untaken(entry: Field | Row, typed: str) -> str:
    """Return why `typed`, kept as it was typed, is no answer to `entry`."""
    if kind_of(entry) is Kind.COUNT:
        try:
            read_count(typed, entry.id)
        except QuetsachError:
            return _("%(text)s is no number.") % {"text": f"“{typed}”"}
    return both_told(entry)


def as_answer(own: Own | None, typed: str = "") -> Answer:
    """Return the answer as a page shows it again."""
    if own is None:
        return Answer(text=typed)
    value, reason = own.value, own.reason
    if isinstance(value, Absent):
        instead = "" if value is Absent.MISSING else value.value
        return Answer(text=typed, instead=instead, reason=reason)
    if isinstance(value, Count):
        return Answer(text=shown(value.number), remark=value.remark, reason=reason)
    if isinstance(value, Picked):
        return Answer(picked=value.choices, reason=reason)
    if isinstance(value, Rows):
        return Answer(rows=value.rows, reason=reason)
    return Answer(text=value.text, reason=reason)


def prefilled(form: Form, derived: Mapping[str, Derived], unit: str) -> dict[str, Own]:
    """Return what stands in a new draft: what the records answer, and the unit's name."""
    found = {}
    for entry in form.entries():
        if entry.id in derived:
            one = derived[entry.id]
            found[entry.id] = own_of(one.value, one, "")
    return found | known(form, unit)


def known(form: Form, unit: str) -> dict[str, Own]:
    """Return what nobody is asked for: the unit's name, as the campaign's register has it."""
    named = Own(Words(unit, Grade.DECLARED))
    return {one.id: named for one in form.entries() if is_known(one)}


def is_known(entry: Field | Row) -> bool:
    """True for what the program fills in by itself, and nobody may change."""
    return isinstance(entry, Field) and entry.source is Source.UNIT


def to_json(own: Mapping[str, Own]) -> dict[str, object]:
    """Return answers as a draft keeps them."""
    return {key: own_to_json(one) for key, one in own.items()}


def from_json(raw: Mapping[str, object]) -> dict[str, Own]:
    """Return the answers that a draft keeps."""
    return {key: own_from_json(one, key) for key, one in raw.items()}


def tidy(text: str) -> str:
    """Return `text` with plain line ends and without what no database keeps; all else stays."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    return "".join(sign for sign in lines if unicodedata.category(sign) != "Cs")[:LONGEST]
