"""What an office document is, what is noticed in it, and what it would fetch or run when opened.

A caller puts both into words. Links that a person has to click are not among the remarks.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from quetsach.containers.names import printable_name
from quetsach.containers.refusal import ContainerRefused, RefusalCode
from quetsach.containers.xml import Attributes, walk
from quetsach.containers.zip import pieces
from quetsach.containers.zip_directory import Directory, ZipEntry

_TYPES = "[content_types].xml"
_MIMETYPE, _MOST_MIMETYPE_BYTES = "mimetype", 200
_OPEN_SHEET = "application/vnd.oasis.opendocument.spreadsheet"
_OPEN_TEXT = "application/vnd.oasis.opendocument.text"


class RemarkKind(StrEnum):
    """What is noticed, worst first; `OPAQUE` is a workbook that cannot be looked through."""

    MACRO = "macro"
    FETCHED = "fetched"
    EMBEDDED = "embedded"
    OPAQUE = "opaque"
    HIDDEN = "hidden"
    FORMULA = "formula"
    OTHER_BOOK = "other-book"

    @property
    def order(self) -> int:
        """Return its place among all kinds, the worst first."""
        return list(RemarkKind).index(self)


@dataclass(frozen=True)
class OfficeRemark:
    """One remark: the part it is on, its sheet, and of the first formula there its cell.

    Shapes: what is not known or does not apply is ""; `sheet` of code names some of the sheets.
    """

    kind: RemarkKind
    part: str = ""
    sheet: str = ""
    cell: str = ""


class OfficeKind(StrEnum):
    """What an office document is, by the parts that it holds."""

    XLSX = "xlsx"
    DOCX = "docx"
    ODS = "ods"
    ODT = "odt"
    OTHER = "other"


def kind_of(file: BinaryIO, directory: Directory) -> OfficeKind | None:
    """Return the kind of office document that a ZIP file is, None for an archive of other files."""
    by_name = {zip_entry.part: zip_entry for zip_entry in directory.entries}
    if _TYPES in by_name:
        if "xl/workbook.xml" in by_name:
            return OfficeKind.XLSX
        return OfficeKind.DOCX if "word/document.xml" in by_name else OfficeKind.OTHER
    declared = declared_type(file, directory)
    if declared.startswith(_OPEN_SHEET):
        return OfficeKind.ODS
    if declared.startswith(_OPEN_TEXT):
        return OfficeKind.ODT
    return OfficeKind.OTHER if declared.startswith("application/vnd.") else None


def declared_type(file: BinaryIO, directory: Directory) -> str:
    """Return the MIME type that an OpenDocument file declares (ODF 1.2 part 3, 3.3), or ""."""
    entries = (zip_entry for zip_entry in directory.entries if zip_entry.part == _MIMETYPE)
    zip_entry = next(entries, None)
    if zip_entry is None or zip_entry.size > _MOST_MIMETYPE_BYTES:
        return ""
    try:
        return b"".join(pieces(file, zip_entry)).decode("ascii", "replace").strip()
    except ContainerRefused:
        return ""


MOST_PART_BYTES = 8 << 20
"""A part that only says how others belong together is never longer."""

_CLICKED = ("/hyperlink",)
_OTHER_BOOKS = re.compile(r"/(externalLinkPath|xlExternalLinkPath/\w+|xlPathMissing)$")
_OWN_TEMPLATE = re.compile(r"(?i)file:///[a-z]:|[a-z]:\\|[^/\\:]+\.dot[xm]?$")
"""Word notes the template on its writer's own disk; no other computer has it."""

_MACRO_TYPES = ("macroenabled", "macrosheet", "vbaproject")
_OPEN_REACHING = frozenset({"dde-link", "dde-source", "table-source", "cell-range-source"})
_FIELD = re.compile(rb"(?:instrText[^>]{0,200}>|instr=[\"'])\s{0,20}DDE(?:AUTO)?\b", re.IGNORECASE)
_OVERLAP_BYTES = 512


def link_remarks(file: BinaryIO, zip_entry: ZipEntry) -> tuple[OfficeRemark, ...]:
    """Return what one part of an office document reaches by itself.

    Errors: ContainerRefused ENCRYPTED when the part says that others are; TOO_LARGE for a part
    that must be short; DamagedDataError for what is no XML.
    """
    name = zip_entry.part
    if name.startswith("word/") and not name.endswith(".rels"):
        return _field_remarks(file, zip_entry)
    kinds: list[RemarkKind] = []

    def start(tag: str, attributes: Attributes) -> None:
        kind = _kind_of(name, tag, attributes)
        if kind is not None and kind not in kinds:
            kinds.append(kind)

    if name.endswith((".rels", "[content_types].xml", "meta-inf/manifest.xml")) or name.startswith(
        "xl/externallinks/"
    ):
        walk(short_pieces(file, zip_entry), start, printable_name(zip_entry.name))
    return tuple(OfficeRemark(kind, printable_name(zip_entry.name)) for kind in kinds)


def reaching_kind(tag: str, attributes: Mapping[str, object]) -> RemarkKind | None:
    """Return how an element of an OpenDocument file reaches outside or runs something, or None."""
    if tag in _OPEN_REACHING:
        return RemarkKind.FETCHED
    if tag == "event-listener" or (tag == "script" and "language" in attributes):
        return RemarkKind.MACRO
    return None


def short_pieces(file: BinaryIO, zip_entry: ZipEntry) -> Iterator[bytes]:
    """Return the bytes of a part that must be short.

    Errors: ContainerRefused TOO_LARGE when it is not.
    """
    if zip_entry.size > MOST_PART_BYTES:
        member = printable_name(zip_entry.name)
        raise ContainerRefused(RefusalCode.TOO_LARGE, member=member, limit=MOST_PART_BYTES)
    return pieces(file, zip_entry)


def _kind_of(name: str, tag: str, attributes: Attributes) -> RemarkKind | None:
    if name.endswith(".rels"):
        return RemarkKind.FETCHED if _is_fetched(tag, attributes) else None
    if name == "[content_types].xml":
        types = [kind.casefold() for kind in attributes.get("ContentType", ())]
        is_macro = any(word in kind for word in _MACRO_TYPES for kind in types)
        return RemarkKind.MACRO if is_macro else None
    if tag == "encryption-data" and name == "meta-inf/manifest.xml":
        raise ContainerRefused(RefusalCode.ENCRYPTED)
    return RemarkKind.FETCHED if tag in ("ddeLink", "oleLink") else None


def _is_fetched(tag: str, attributes: Attributes) -> bool:
    if tag != "Relationship" or "External" not in attributes.get("TargetMode", ()):
        return False
    kinds, targets = attributes.get("Type", ("",)), attributes.get("Target", ("",))
    return not all(_is_harmless(kind, target) for kind in kinds for target in targets)


def _is_harmless(kind: str, target: str) -> bool:
    if kind.endswith(_CLICKED) or _OTHER_BOOKS.search(kind):
        return True
    return kind.endswith("/attachedTemplate") and _OWN_TEMPLATE.match(target) is not None


def _field_remarks(file: BinaryIO, zip_entry: ZipEntry) -> tuple[OfficeRemark, ...]:
    before = b""
    for piece in pieces(file, zip_entry):
        text = before + piece
        if _FIELD.search(text):
            return (OfficeRemark(RemarkKind.FETCHED, printable_name(zip_entry.name)),)
        before = text[-_OVERLAP_BYTES:]
    return ()
