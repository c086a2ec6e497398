"""Report forms as data: one TOML file each, so that a new form needs no code."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec

from quetsach.errors import QuetsachError
from quetsach.texts import Language

FORMS = Path(__file__).parent / "forms"


class Unit(StrEnum):
    """What a count counts; unlike units are never added."""

    ORGANISATIONS = "organisations"
    PEOPLE = "people"
    TURNS = "turns"
    MACHINES = "machines"
    ADDRESSES = "addresses"
    DETECTIONS = "detections"


class Source(StrEnum):
    """Where a field's words may come from by themselves."""

    PERSON = "person"
    UNIT = "unit"
    SWEEP = "sweep"


@dataclass(frozen=True)
class Label:
    """One text of the form in Vietnamese, which is printed, and in English."""

    vi: str
    en: str

    def of(self, language: Language) -> str:
        """Return the label in `language`."""
        return self.vi if language == "vi" else self.en


@dataclass(frozen=True)
class Field:
    """A text field: its label, and how many dotted lines stand where it is left open."""

    id: str
    label: Label
    source: Source = Source.PERSON
    lines: int = 1
    below: bool = False


@dataclass(frozen=True)
class Row:
    """One count of a table, with what it counts."""

    id: str
    label: Label
    unit: Unit


@dataclass(frozen=True)
class Table:
    """A table of counts: number, content, quantity, remarks."""

    columns: tuple[Label, Label, Label, Label]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Section:
    """A numbered part of a form: text fields, then a table."""

    number: str
    title: Label
    fields: tuple[Field, ...] = ()
    table: Table | None = None


@dataclass(frozen=True)
class Form:
    """A report form: its head, its sections in order, and the words that close it."""

    code: str
    version: str
    title: Label
    sections: tuple[Section, ...]
    kind: str
    kind_code: str
    closing: str
    signer_post: str
    recipients: tuple[str, ...]
    basis: str | None = None

    def ids(self) -> tuple[str, ...]:
        """Return the ids of all fields and rows, in the form's order."""
        found: list[str] = []
        for section in self.sections:
            found += [field.id for field in section.fields]
            found += [row.id for row in section.table.rows] if section.table else []
        return tuple(found)


def form_codes(folder: Path = FORMS) -> tuple[str, ...]:
    """Return the codes of all forms in `folder`, sorted."""
    return tuple(sorted(path.stem for path in folder.glob("*.toml")))


def forms(folder: Path = FORMS) -> list[Form]:
    """Return all forms in `folder`, sorted by code.

    Errors: E402 when a definition is not sound.
    """
    return [load_form(code, folder) for code in form_codes(folder)]


def load_form(code: str, folder: Path = FORMS) -> Form:
    """Return the form `code`.

    Errors: E401 when there is none of that name, E402 when its definition is not sound.
    """
    # The code comes from the command line: only a listed name is ever turned into a path.
    known = form_codes(folder)
    if code not in known:
        raise QuetsachError("E401", code, known=", ".join(known))
    path = folder / f"{code}.toml"
    try:
        form = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Form)
    except (OSError, ValueError, msgspec.ValidationError) as err:
        raise QuetsachError("E402", path.name, reason=str(err)) from err
    reason = _flaw(form, code)
    if reason is not None:
        raise QuetsachError("E402", path.name, reason=reason)
    return form


def _flaw(form: Form, code: str) -> str | None:
    if form.code != code:
        return f"code {form.code!r} in a file named {code!r}"
    ids = form.ids()
    if len(set(ids)) != len(ids):
        return "an id stands twice"
    if not form.sections:
        return "no section"
    bad = [f.id for s in form.sections for f in s.fields if not 1 <= f.lines <= 40]
    return f"lines out of 1..40: {', '.join(bad)}" if bad else None
