"""The answers of a draft put under another form: what fits stays, what does not is set aside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from quetsach.api.reports import (
    Absent,
    Count,
    Field,
    Form,
    Kind,
    Picked,
    Row,
    Rows,
    Value,
    kind_of,
    own_from_json,
)

Kept = Mapping[str, Any]


@dataclass
class Answers:
    """What a draft holds by field.

    Shapes: `aside` has {field: {"asks": ..., "vi": ..., "en": ..., "own"/"typed"/"adjusted": ...}}:
    answers to what the form does not ask, kept for a form that asks the same again.
    """

    own: dict[str, Any] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    adjustments: dict[str, Any] = field(default_factory=dict)
    aside: dict[str, Any] = field(default_factory=dict)


def refitted(held: Answers, old: Form, new: Form) -> Answers:
    """Return the answers under `new`; nothing of `held`, given under `old`, is lost."""
    made = Answers()
    for key, kept in (*held.aside.items(), *_by_field(held, old).items()):
        entry = new.entry(key)
        if entry is None or asks(entry) != kept["asks"] or not _offered(entry, kept.get("own")):
            made.aside[key] = kept
            continue
        made.aside.pop(key, None)
        for name, into in _PLACES.items():
            if name in kept:
                getattr(made, into)[key] = kept[name]
    return made


def asks(entry: Field | Row) -> str:
    """Return what a field asks for, in one text: another kind, unit or query is another question.

    Unlike units are never added, and a number from one query answers no other.
    """
    columns = entry.columns if isinstance(entry, Field) else ()
    unit = "" if entry.unit is None else entry.unit.value
    table = ",".join(f"{one.id}:{one.kind.value}:{one.unit or ''}" for one in columns)
    return f"{kind_of(entry).value}|{unit}|{entry.derived or ''}|{table}"


_PLACES = {"own": "own", "typed": "typed", "adjusted": "adjustments"}


def _by_field(held: Answers, form: Form) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, source in _PLACES.items():
        for key, said in getattr(held, source).items():
            entry = form.entry(key)
            if entry is None:
                continue
            named = {"asks": asks(entry), "vi": entry.label.vi, "en": entry.label.en}
            found.setdefault(key, named)[name] = said
    return found


def _offered(entry: Field | Row, own: Any) -> bool:
    """Whether a choice is still among the answers; all else fits by its kind."""
    if own is None or not isinstance(entry, Field) or kind_of(entry) is not Kind.CHOICE:
        return True
    value: Value = own_from_json(own, entry.id).value
    if not isinstance(value, Picked):
        return isinstance(value, Absent)
    several = entry.several or len(value.choices) == 1
    return several and set(value.choices) <= {one.id for one in entry.choices}


def said(kept: Kept) -> str:
    """Return in a few words what was set aside, as it was typed."""
    if "typed" in kept or "own" not in kept:
        return str(kept.get("typed", ""))
    value: Value = own_from_json(kept["own"], "").value
    if isinstance(value, Count):
        return str(value.number)
    if isinstance(value, Picked):
        return ", ".join(value.choices)
    if isinstance(value, Rows):
        return "; ".join(" | ".join(row) for row in value.rows)
    return "" if isinstance(value, Absent) else value.text
