"""Figures of an official report in words: the number, its grade, its parts, what it lacks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from quetsach.documents.official_report import Recheck
from quetsach.documents.official_words import official_words
from quetsach.documents.wording import wording
from quetsach.forms.definition import UNIT_LABELS, Choice, Field, Row
from quetsach.forms.figure import Figure
from quetsach.forms.numbers import shown
from quetsach.forms.own import Own
from quetsach.forms.values import Absent, Count, Grade, Picked, Rows, Value, Words

_MINUS = "−"


@dataclass(frozen=True)
class Told:
    """A figure as it is printed: what stands in its place, and the remark beside it."""

    quantity: str
    remark: str


def signed(number: int) -> str:
    """Return a number with its sign, as an adjustment or a difference has one."""
    if number == 0:
        return "0"
    return f"{_MINUS if number < 0 else '+'}{shown(abs(number))}"


def absent_in_words(why: Absent) -> str:
    """Return what a report says in the place of a value; no two are alike, and none is 0."""
    return official_words().value.absent[why]


def told_count(figure: Figure | None, verified: Sequence[Recheck] = ()) -> Told:
    """Return a count as it is printed, with its grade, its parts, and what it lacks."""
    if figure is None:
        return Told("", absent_in_words(Absent.MISSING))
    total = figure.total
    if not isinstance(total, Count):
        why = total if isinstance(total, Absent) else Absent.MISSING
        lines = [absent_in_words(why), *_own_differs(figure.own), *_lacking(figure)]
        return Told("", "; ".join(lines))
    remarks = [_grade(figure, total), *_parts(figure), *_lacking(figure)]
    remarks += _own_differs(figure.own)
    remarks += [_beside(one) for one in verified]
    return Told(shown(total.number), "; ".join(part for part in (*remarks, total.remark) if part))


def short_value(value: Value) -> str:
    """Return a count for a narrow column: the number, or the sign of why there is none."""
    if isinstance(value, Count):
        return shown(value.number)
    return official_words().children.sign[value if isinstance(value, Absent) else Absent.MISSING]


def with_unit(entry: Field | Row, quantity: str) -> str:
    """Return a number with the name of what it counts."""
    if not quantity or entry.unit is None:
        return quantity
    facts = {"number": quantity, "unit": UNIT_LABELS[entry.unit].vi}
    return official_words().value.figure % facts


def in_words(value: Value, choices: Sequence[Choice] = ()) -> str:
    """Return any value as one text; the rows of a table line by line. No number was asked for."""
    if value is Absent.MISSING:
        return official_words().value.no_words
    if isinstance(value, Absent):
        return absent_in_words(value)
    if isinstance(value, Count):
        return shown(value.number)
    if isinstance(value, Words):
        return value.text
    if isinstance(value, Picked):
        labels = {choice.id: choice.label.vi for choice in choices}
        return official_words().value.chosen.join(labels.get(one, one) for one in value.choices)
    return "\n".join(" | ".join(row) for row in value.rows)


def grade_of(value: Value) -> str:
    """Return the words of a grade; "" where a person's own words or choice are declared by it."""
    grade = None if isinstance(value, Absent) else value.grade
    return "" if grade is None or grade is Grade.DECLARED else wording().grade[grade]


def first_small(text: str) -> str:
    """Return a remark as it stands within a sentence."""
    return text[:1].lower() + text[1:]


def other_than_derived(own: Own | None) -> str:
    """Return why a text is not what the records say; "" where it is, or where nobody says."""
    if own is None or not own.differs or not own.reason.strip():
        return ""
    return official_words().value.derived_words % {"reason": _sentence_part(own.reason)}


def is_blank(value: Value) -> bool:
    """Tell whether there is a value that says nothing: an empty text, choice or table."""
    if isinstance(value, Words):
        return not value.text.strip()
    if isinstance(value, Picked):
        return not value.choices
    return isinstance(value, Rows) and not value.rows


def _grade(figure: Figure, total: Count) -> str:
    graded = {of: number for of, number in figure.grades.items() if number}
    is_added = figure.children is not None or figure.adjustment is not None
    if is_added and not graded and total.number and total.grade is not Grade.MEASURED:
        # Of how much of it that is true, nobody can tell: something was counted once, or taken off.
        weakest = first_small(wording().grade[total.grade])
        return official_words().value.weakest % {"grade": weakest}
    if len(graded) < 2:
        return wording().grade[total.grade]
    words = official_words().value.graded
    told = (words[of] % {"number": shown(graded[of])} for of in Grade if of in graded)
    shares = ", ".join(told)
    return shares[:1].upper() + shares[1:]


def _parts(figure: Figure) -> Iterator[str]:
    words = official_words().value
    if figure.error is not None:
        low, high = (shown(one) for one in figure.error)
        yield words.estimate % {"low": low, "high": high}
    parts = []
    if figure.own is not None and isinstance(figure.own.value, Count):
        whose = words.own_of_all if figure.own_is_of_all else words.own
        parts.append(whose % {"number": shown(figure.own.value.number)})
    if figure.children is not None:
        parts.append(words.children % {"number": shown(figure.children)})
    if figure.adjustment is not None:
        facts = {
            "number": signed(figure.adjustment.amount),
            "reason": _sentence_part(figure.adjustment.reason),
        }
        parts.append(words.adjustment % facts)
    if figure.overlap:
        parts.append(words.overlap % {"number": shown(figure.overlap)})
    # A figure that is the unit's own alone says so by standing alone.
    if figure.children is not None or figure.adjustment is not None or figure.overlap:
        yield words.parts % {"parts": ", ".join(parts)}


def _lacking(figure: Figure) -> Iterator[str]:
    below = figure.absent
    own = None if figure.own is None else figure.own.value
    words = official_words().value.absent_units
    for why in Absent:
        # The unit's own lack is what the figure itself says.
        count = below.get(why, 0) - (1 if own is why else 0)
        if count > 0:
            yield words[why] % {"count": shown(count)}


def _own_differs(own: Own | None) -> Iterator[str]:
    if own is None or not own.differs or own.derived is None:
        return
    words = official_words().value
    value = in_words(own.derived)
    if own.reason.strip():
        yield words.derived % {"value": value, "reason": _sentence_part(own.reason)}
    else:
        yield words.derived_unsaid % {"value": value}


def _beside(verified: Recheck) -> str:
    return official_words().value.verified % percents(verified)


def percents(verified: Recheck) -> Mapping[str, int]:
    """Return point, low and high of a re-check in whole per cent."""
    point, low, high = verified.share.percents()
    return {"point": point, "low": low, "high": high}


def _sentence_part(text: str) -> str:
    return " ".join(text.split()).rstrip(" .;,")
