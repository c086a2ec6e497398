"""The entry of a document in the register of outgoing documents: its limits, its XML and JSON.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục VI, phần I (fields of an outgoing document, their lengths).
"""

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias
from xml.etree import ElementTree

from quetsach.documents.typeset.text import printable
from quetsach.errors.catalogue import N_
from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.texts import _

ROOT = "OutgoingDocument"

# What the fields are called when one does not fit; the file has the decree's names.
LABELS: Mapping[str, str] = {
    "OrganId": N_("the identifier of the body"),
    "FileCatalog": N_("the year of the file"),
    "FileNotation": N_("the code of the file"),
    "DocOrdinal": N_("the place in the file"),
    "TypeName": N_("the kind of document"),
    "CodeNumber": N_("the number"),
    "CodeNotation": N_("the code of the document"),
    "OrganName": N_("the name of the body"),
    "Subject": N_("the subject"),
    "Language": N_("the language"),
    "PageAmount": N_("the count of pages"),
    "Description": N_("the description"),
    "Position": N_("the signer's post"),
    "FullName": N_("the signer's name"),
    "Priority": N_("the urgency"),
    "IssuedAmount": N_("the count of copies"),
}
_COUNTED = ("FileCatalog", "DocOrdinal", "CodeNumber", "PageAmount", "Priority", "IssuedAmount")
_BLANK_SIGNS = ".… "


@dataclass(frozen=True)
class Addressee:
    """Who gets a document: the name of the body, and its identifier where it is known."""

    name: str
    organ_id: str = ""


@dataclass(frozen=True)
class RegisterEntry:
    """A document as the register of outgoing documents holds it.

    Shapes: what is None or "" is not known yet and stays out of the file. `priority` is 0 for
    ordinary, 1 KHẨN, 2 THƯỢNG KHẨN, 3 HỎA TỐC; `catalog` is the year of the file.
    """

    body: str
    type_name: str
    subject: str
    organ_id: str = ""
    catalog: int | None = None
    file_notation: str = ""
    ordinal: int | None = None
    number: int | None = None
    notation: str = ""
    issued: date | None = None
    language: str = "Tiếng Việt"
    pages: int | None = None
    description: str = ""
    signer_post: str = ""
    signer_name: str = ""
    addressees: tuple[Addressee, ...] = ()
    priority: int = 0
    copies: int | None = None
    due: date | None = None


_Cell: TypeAlias = tuple[str, str, int]
"""A field as it is written: its name, its text, how many characters the decree gives it."""


def entry_problems(record: RegisterEntry) -> tuple[Problem, ...]:
    """Return what the register could not hold: E461 for what is too long, E463 for less than 0."""
    problems = []
    for name, text, most in _all_cells(record):
        if len(text) > most:
            facts = {"field": _(LABELS[name]), "length": len(text), "most": most}
            problems.append(Problem("E461", name, facts))
        elif name in _COUNTED and text.startswith("-"):
            problems.append(Problem("E463", name, {"field": _(LABELS[name])}))
    return tuple(problems)


def checked_entry(record: RegisterEntry) -> RegisterEntry:
    """Return `record` when the register can hold it.

    Errors: E461, E463 for the first field that does not fit.
    """
    for problem in entry_problems(record):
        raise QuetsachError(problem.code, problem.where, **problem.facts)
    return record


def entry_xml(record: RegisterEntry) -> bytes:
    """Return `record` as XML with the decree's names of fields; the same entry, the same bytes.

    Errors: E461, E463 for a field that does not fit.
    """
    root = ElementTree.Element(ROOT)
    for name, content in _tree(checked_entry(record)).items():
        for part in content if isinstance(content, list) else [content]:
            _added(root, name, part)
    ElementTree.indent(root)
    body = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'.encode()


def entry_json(record: RegisterEntry) -> bytes:
    """Return `record` as JSON with the decree's names of fields; the same entry, the same bytes.

    Errors: E461, E463 for a field that does not fit.
    """
    return (json.dumps(_tree(checked_entry(record)), ensure_ascii=False, indent=1) + "\n").encode()


@dataclass(frozen=True)
class DocumentIdentity:
    """What identifies a document: its number, its code, who issued it, and when."""

    number: int
    notation: str
    body: str
    issued: date | None = None


def same_in_register(
    document: DocumentIdentity, registered: Iterable[DocumentIdentity]
) -> DocumentIdentity | None:
    """Return the registered document with the number, code and issuer of `document`, or None.

    Numbers begin anew each year; a document without a day counts as one of any year.
    Source: Nghị định 30/2020/NĐ-CP, điều 15.
    """
    identity = _identity_key(document)
    for other in registered:
        years = {each.issued.year for each in (document, other) if each.issued is not None}
        if _identity_key(other) == identity and len(years) < 2:
            return other
    return None


def repeated_problem(
    document: DocumentIdentity, registered: Iterable[DocumentIdentity]
) -> Problem | None:
    """Return the warning E462 when the register has the number, code and issuer already."""
    if same_in_register(document, registered) is None:
        return None
    shown = f"{document.number:02d}/{_one_line(document.notation)}"
    return Problem("E462", shown, {"number": shown, "body": _one_line(document.body)})


def _identity_key(one: DocumentIdentity) -> tuple[int, str, str]:
    squeezed = "".join(_one_line(one.notation).split()).casefold()
    return one.number, squeezed, _one_line(one.body).casefold()


def _all_cells(record: RegisterEntry) -> Iterator[_Cell]:
    yield from _file_code(record)
    yield from _cells(record)
    yield from _signer(record)
    for to in record.addressees:
        yield from _addressee(to)
    yield from _ends(record)


def _tree(record: RegisterEntry) -> dict[str, Any]:
    """Return the fields in the order of the decree, without those that are not known."""
    to = [_filled(_addressee(addressee)) for addressee in record.addressees]
    groups: dict[str, Any] = {
        "FileCode": _filled(_file_code(record)),
        **_filled(_cells(record)),
        "SignerInfo": _filled(_signer(record)),
        "To": [addressee for addressee in to if addressee],
        **_filled(_ends(record)),
    }
    return {name: content for name, content in groups.items() if content}


def _filled(cells: Iterable[_Cell]) -> dict[str, str]:
    return {name: text for name, text, _most in cells if text}


def _file_code(entry: RegisterEntry) -> Iterator[_Cell]:
    yield "OrganId", _one_line(entry.organ_id), 13
    yield "FileCatalog", _number(entry.catalog), 4
    yield "FileNotation", _one_line(entry.file_notation), 20


def _cells(record: RegisterEntry) -> Iterator[_Cell]:
    number = "" if record.number is None else f"{record.number:02d}"
    yield "DocOrdinal", _number(record.ordinal), 3
    yield "TypeName", _one_line(record.type_name), 100
    yield "CodeNumber", number, 11
    yield "CodeNotation", _one_line(record.notation), 30
    yield "IssuedDate", _day(record.issued), 10
    yield "OrganName", _one_line(record.body), 200
    yield "Subject", _one_line(record.subject), 500
    yield "Language", _one_line(record.language), 30
    yield "PageAmount", _number(record.pages), 3
    yield "Description", _one_line(record.description), 500


def _signer(entry: RegisterEntry) -> Iterator[_Cell]:
    yield "Position", _one_line(entry.signer_post), 100
    yield "FullName", _one_line(entry.signer_name), 50


def _addressee(to: Addressee) -> Iterator[_Cell]:
    yield "OrganId", _one_line(to.organ_id), 13
    yield "OrganName", _one_line(to.name), 200


def _ends(entry: RegisterEntry) -> Iterator[_Cell]:
    yield "Priority", _number(entry.priority), 1
    yield "IssuedAmount", _number(entry.copies), 3
    yield "DueDate", _day(entry.due), 10


def _added(parent: ElementTree.Element, name: str, content: Any) -> None:
    child = ElementTree.SubElement(parent, name)
    if isinstance(content, dict):
        for inner, text in content.items():
            _added(child, inner, text)
    else:
        child.text = content


def _one_line(text: str) -> str:
    # As printed: characters that no font shows are not allowed in XML either.
    shown = " ".join(printable(unicodedata.normalize("NFC", text))[0].split())
    return shown if shown.strip(_BLANK_SIGNS) else ""


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _day(when: date | None) -> str:
    return "" if when is None else when.strftime("%d/%m/%Y")
