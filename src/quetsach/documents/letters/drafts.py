"""Letter templates, one TOML file each, and the drafts that they make of values."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

import msgspec

from quetsach.documents.letters.letter import Citation, LetterPassage, LetterText, PassageLevel
from quetsach.documents.typeset.content import TextRun
from quetsach.documents.typeset.proof import checked_link
from quetsach.documents.typeset.text import day
from quetsach.documents.typeset.wording import wording
from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.definition import Label
from quetsach.texts import Language, _, language

TEMPLATES = Path(__file__).parent

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
    """A passage with placeholders; it is used when all `needs` are given and no `unless` is.

    With `each` it comes once for each value of that list; `last` is the wording of the last one.
    """

    text: str
    level: PassageLevel = PassageLevel.PLAIN
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
        """Yield every text that may contain a placeholder."""
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


DraftValue: TypeAlias = str | date | Citation | Sequence[str]
"""What a field may hold: text, a day, another document, or lines."""

_FITS: Mapping[FieldKind, tuple[type, ...]] = {
    FieldKind.LINE: (str,),
    FieldKind.LINK: (str,),
    FieldKind.DATE: (date,),
    FieldKind.CITATION: (Citation,),
    FieldKind.LIST: (list, tuple),
}


@dataclass(frozen=True)
class Draft:
    """The text of a letter to review, and the recipients that its template adds."""

    text: LetterText
    recipients: tuple[str, ...]


@dataclass(frozen=True)
class _Values:
    """The values of one draft as they are printed; a field that is not given is not there."""

    lines: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]

    def has(self, name: str) -> bool:
        return name in self.lines or name in self.lists


def draft_letter(template: LetterTemplate, values: Mapping[str, DraftValue]) -> Draft:
    """Return the draft that `template` makes of `values`, by the fields' ids.

    A value is put in its place as it is: nothing in it is ever read as a placeholder or emphasis.
    Errors: E422 for a value that is missing, of the wrong kind, or of no field; E409 for a link.
    """
    by_name = _values(template, values)
    return Draft(
        LetterText(
            subject=_plain(template.subject, by_name),
            body=tuple(_body(template, by_name)),
            legal=tuple(_whole(template.legal, by_name)),
            basis=tuple(_whole(template.basis, by_name)),
            language=template.language,
        ),
        tuple(_whole(template.recipients, by_name)),
    )


def citation_in_words(cited: Citation, tongue: str = "vi") -> str:
    """Return the words that name `cited`: "Công văn số 1790/STTTT ngày 09/9/2022 của ..."."""
    words = wording().head_in(tongue).cited
    parts = [
        words.number % {"kind": cited.kind.strip() or words.kind, "number": cited.number.strip()}
    ]
    if cited.dated is not None:
        parts.append(words.day % {"day": day(cited.dated)})
    if cited.body.strip():
        parts.append(words.body % {"body": cited.body.strip()})
    if cited.about.strip():
        parts.append(words.about % {"about": cited.about.strip()})
    return " ".join(parts)


def _values(template: LetterTemplate, values: Mapping[str, DraftValue]) -> _Values:
    fields = {field.id: field for field in template.fields}
    for name in values:
        if name not in fields:
            raise _refused(template, _("it has no field %(field)s") % {"field": name[:40]})
    lines: dict[str, str] = {}
    lists: dict[str, tuple[str, ...]] = {}
    for field in template.fields:
        shown = _printed_value(template, field, values.get(field.id, ""))
        if isinstance(shown, str) and shown:
            lines[field.id] = shown
        elif isinstance(shown, tuple) and shown:
            lists[field.id] = shown
        elif field.required:
            raise _refused(template, _("“%(field)s” is missing") % {"field": _name(field)})
    return _Values(lines, lists)


def _printed_value(
    template: LetterTemplate, field: LetterField, draft_value: DraftValue
) -> str | tuple[str, ...]:
    """Return a value as it is printed; "" where it was left open."""
    if draft_value == "":
        return ""
    if not isinstance(draft_value, _FITS[field.kind]):
        raise _refused(template, _("“%(field)s” is of the wrong kind") % {"field": _name(field)})
    if isinstance(draft_value, Citation):
        return (
            citation_in_words(draft_value, template.language) if draft_value.number.strip() else ""
        )
    if isinstance(draft_value, date):
        return day(draft_value)
    if isinstance(draft_value, str):
        text = " ".join(draft_value.split())
        return checked_link(text) if text and field.kind is FieldKind.LINK else text
    if not all(isinstance(one, str) for one in draft_value):
        raise _refused(template, _("“%(field)s” is of the wrong kind") % {"field": _name(field)})
    return tuple(line for one in draft_value if (line := " ".join(one.split())))


def _whole(wordings: tuple[str, ...], by_name: _Values) -> Iterator[str]:
    """Yield the lines that have all their values; a line without one of them falls out."""
    for text in wordings:
        if all(by_name.has(name) for name in PLACEHOLDER.findall(text)):
            yield _plain(text, by_name)


def _body(template: LetterTemplate, by_name: _Values) -> Iterator[LetterPassage]:
    for passage in template.body:
        if not all(map(by_name.has, passage.needs)) or any(map(by_name.has, passage.unless)):
            continue
        if passage.each:
            yield from _repeated(passage, by_name)
        else:
            yield LetterPassage(tuple(_pieces(passage.text, by_name)), passage.level)


def _repeated(passage: TemplatePassage, by_name: _Values) -> Iterator[LetterPassage]:
    items = by_name.lists.get(passage.each, ())
    for place, listed in enumerate(items, 1):
        text = passage.last if passage.last and place == len(items) else passage.text
        own = _Values({**by_name.lines, passage.each: listed}, {})
        yield LetterPassage(tuple(_pieces(text, own)), passage.level)


def _pieces(text: str, by_name: _Values) -> Iterator[TextRun]:
    # Emphasis is recognised in the template's own text, before any value is put in.
    for place, part in enumerate(text.split(EMPHASIS)):
        if part:
            yield TextRun(_plain(part, by_name), strong=place % 2 == 1)


def _plain(text: str, given: _Values) -> str:
    # What is put in is not looked at again: a value with braces stays as it is.
    return PLACEHOLDER.sub(lambda found: given.lines.get(found.group(1), ""), text)


def _name(field: LetterField) -> str:
    return field.label.of(language())


def _refused(template: LetterTemplate, reason: str) -> QuetsachError:
    return QuetsachError("E422", template.code, reason=reason)
