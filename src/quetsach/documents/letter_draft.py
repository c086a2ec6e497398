"""The draft of a letter: a template's wording with a person's values in their places."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from quetsach.documents.dates import day
from quetsach.documents.letter import Citation, LetterText, Passage
from quetsach.documents.letter_template import (
    EMPHASIS,
    PLACEHOLDER,
    FieldKind,
    LetterField,
    LetterTemplate,
    TemplatePassage,
)
from quetsach.documents.link import checked_link
from quetsach.documents.paper import Piece
from quetsach.documents.wording import wording
from quetsach.errors import QuetsachError
from quetsach.texts import _, language

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
    """The words of a letter to be looked over, and whom its template tells besides."""

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
    given = _values(template, values)
    return Draft(
        LetterText(
            subject=_plain(template.subject, given),
            body=tuple(_body(template, given)),
            legal=tuple(_whole(template.legal, given)),
            basis=tuple(_whole(template.basis, given)),
            language=template.language,
        ),
        tuple(_whole(template.recipients, given)),
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
        shown = _shown(template, field, values.get(field.id, ""))
        if isinstance(shown, str) and shown:
            lines[field.id] = shown
        elif isinstance(shown, tuple) and shown:
            lists[field.id] = shown
        elif field.required:
            raise _refused(template, _("“%(field)s” is missing") % {"field": _name(field)})
    return _Values(lines, lists)


def _shown(
    template: LetterTemplate, field: LetterField, value: DraftValue
) -> str | tuple[str, ...]:
    """Return a value as it is printed; "" where it was left open."""
    if value == "":
        return ""
    if not isinstance(value, _FITS[field.kind]):
        raise _refused(template, _("“%(field)s” is of another kind") % {"field": _name(field)})
    if isinstance(value, Citation):
        return citation_in_words(value, template.language) if value.number.strip() else ""
    if isinstance(value, date):
        return day(value)
    if isinstance(value, str):
        text = " ".join(value.split())
        return checked_link(text) if text and field.kind is FieldKind.LINK else text
    if not all(isinstance(one, str) for one in value):
        raise _refused(template, _("“%(field)s” is of another kind") % {"field": _name(field)})
    return tuple(line for one in value if (line := " ".join(one.split())))


def _whole(wordings: tuple[str, ...], given: _Values) -> Iterator[str]:
    """Yield the lines that have all their values; a line without one of them falls out."""
    for text in wordings:
        if all(given.has(name) for name in PLACEHOLDER.findall(text)):
            yield _plain(text, given)


def _body(template: LetterTemplate, given: _Values) -> Iterator[Passage]:
    for passage in template.body:
        if not all(map(given.has, passage.needs)) or any(map(given.has, passage.unless)):
            continue
        if passage.each:
            yield from _repeated(passage, given)
        else:
            yield Passage(tuple(_pieces(passage.text, given)), passage.level)


def _repeated(passage: TemplatePassage, given: _Values) -> Iterator[Passage]:
    items = given.lists.get(passage.each, ())
    for place, item in enumerate(items, 1):
        text = passage.last if passage.last and place == len(items) else passage.text
        own = _Values({**given.lines, passage.each: item}, {})
        yield Passage(tuple(_pieces(text, own)), passage.level)


def _pieces(text: str, given: _Values) -> Iterator[Piece]:
    # Emphasis is told apart in the template's own words, before any value is put in.
    for place, part in enumerate(text.split(EMPHASIS)):
        if part:
            yield Piece(_plain(part, given), strong=place % 2 == 1)


def _plain(text: str, given: _Values) -> str:
    # What is put in is not looked at again: a value with braces stays as it is.
    return PLACEHOLDER.sub(lambda found: given.lines.get(found.group(1), ""), text)


def _name(field: LetterField) -> str:
    return field.label.of(language())


def _refused(template: LetterTemplate, reason: str) -> QuetsachError:
    return QuetsachError("E422", template.code, reason=reason)
