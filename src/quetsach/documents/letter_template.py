"""Letter templates as data: one TOML file each, so that a new kind of letter needs no code."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec

from quetsach.documents.letter import Level
from quetsach.errors import QuetsachError
from quetsach.forms.definition import Label
from quetsach.texts import Language

TEMPLATES = Path(__file__).parent / "letters"

PLACEHOLDER = re.compile(r"\{([a-z][a-z_]*)\}")
EMPHASIS = "**"


class FieldKind(StrEnum):
    """What is typed into a field: a line, several lines, a day, another document, an address."""

    LINE = "line"
    LIST = "list"
    DATE = "date"
    CITATION = "citation"
    LINK = "link"


@dataclass(frozen=True)
class LetterField:
    """A field of a template: what it is called, and an example of what belongs there."""

    id: str
    label: Label
    kind: FieldKind = FieldKind.LINE
    hint: Label | None = None
    required: bool = True


@dataclass(frozen=True)
class TemplatePassage:
    """A passage with placeholders; it stands where all `needs` are given and no `unless` is.

    With `each` it comes once for each value of that list; `last` is the wording of the last one.
    """

    text: str
    level: Level = Level.PLAIN
    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    each: str = ""
    last: str = ""


@dataclass(frozen=True)
class LetterTemplate:
    """A kind of letter: its fields, and its wording with their places."""

    code: str
    version: str
    language: Language
    title: Label
    subject: str
    fields: tuple[LetterField, ...]
    body: tuple[TemplatePassage, ...]
    legal: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()

    def wordings(self) -> Iterator[str]:
        """Yield every text in which a placeholder may stand."""
        yield from (self.subject, *self.legal, *self.basis, *self.recipients)
        for passage in self.body:
            yield from (passage.text, passage.last)


def letter_template_codes(folder: Path = TEMPLATES) -> tuple[str, ...]:
    """Return the codes of all templates in `folder`, sorted."""
    return tuple(sorted(path.stem for path in folder.glob("*.toml")))


def letter_templates(folder: Path = TEMPLATES) -> list[LetterTemplate]:
    """Return all templates in `folder`, sorted by code.

    Errors: E421 when one is not sound.
    """
    return [load_letter_template(code, folder) for code in letter_template_codes(folder)]


def load_letter_template(code: str, folder: Path = TEMPLATES) -> LetterTemplate:
    """Return the template `code`.

    Errors: E420 when there is none of that name, E421 when it is not sound.
    """
    # The code may come from a request: only a listed name is ever turned into a path.
    known = letter_template_codes(folder)
    if code not in known:
        raise QuetsachError("E420", code[:80], known=", ".join(known))
    path = folder / f"{code}.toml"
    try:
        template = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), LetterTemplate)
    except (OSError, ValueError, msgspec.ValidationError) as err:
        raise QuetsachError("E421", path.name, reason=str(err)) from err
    reason = next(_flaws(template, code), None)
    if reason is not None:
        raise QuetsachError("E421", path.name, reason=reason)
    return template


def _flaws(template: LetterTemplate, code: str) -> Iterator[str]:
    if template.code != code:
        yield f"code {template.code!r} in a file named {code!r}"
    kinds = {field.id: field.kind for field in template.fields}
    if len(kinds) != len(template.fields):
        yield "a field stands twice"
    used = {name for text in template.wordings() for name in PLACEHOLDER.findall(text)}
    for passage in template.body:
        used |= {*passage.needs, *passage.unless, *([passage.each] if passage.each else [])}
        yield from _list_flaws(passage, kinds)
        yield from _gaps(passage, template)
    yield from (f"no field {name}" for name in sorted(used - kinds.keys()))
    yield from (f"field {name} is never used" for name in sorted(kinds.keys() - used))
    subject_fields = set(PLACEHOLDER.findall(template.subject))
    if subject_fields - {field.id for field in template.fields if field.required}:
        yield "the subject needs a field that may be left open"
    for text in template.wordings():
        if text.count(EMPHASIS) % 2:
            yield f"emphasis that does not end: {text[:40]}"
        if re.search(r"[{}]", PLACEHOLDER.sub("", text)):
            yield f"a brace that names no field: {text[:40]}"


def _list_flaws(passage: TemplatePassage, kinds: dict[str, FieldKind]) -> Iterator[str]:
    if passage.each and kinds.get(passage.each) is not FieldKind.LIST:
        yield f"each {passage.each} is no list"
    if passage.last and not passage.each:
        yield "a last without each"
    for name in PLACEHOLDER.findall(passage.text + passage.last):
        if kinds.get(name) is FieldKind.LIST and name != passage.each:
            yield f"list {name} stands outside of its each"


def _gaps(passage: TemplatePassage, template: LetterTemplate) -> Iterator[str]:
    """Yield the fields that may be left open and would leave a hole in the passage."""
    open_ones = {field.id for field in template.fields if not field.required}
    for name in PLACEHOLDER.findall(passage.text + passage.last):
        if name in open_ones and name not in (*passage.needs, passage.each):
            yield f"{name} may be left open, but a passage does not say that it needs it"
