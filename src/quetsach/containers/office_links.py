"""What an office document would fetch or run when it is opened: by its relations and fields.

Links that a person has to click are not among them.
"""

import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from quetsach.containers.names import printable_name
from quetsach.containers.office_kinds import OfficeRemark, RemarkKind
from quetsach.containers.refusal import ContainerRefused, RefusalCode
from quetsach.containers.xml import Attributes, walk
from quetsach.containers.zip import pieces
from quetsach.containers.zip_directory import ZipEntry

MOST_PART_BYTES = 8 << 20
"""A part that only says how others belong together is never longer."""

_CLICKED = ("/hyperlink",)
_OTHER_BOOKS = re.compile(r"/(externalLinkPath|xlExternalLinkPath/\w+|xlPathMissing)$")
_OWN_TEMPLATE = re.compile(r"(?i)file:///[a-z]:|[a-z]:\\|[^/\\:]+\.dot[xm]?$")
"""Word notes the template on its writer's own disk; nobody else's program finds it."""

_MACRO_TYPES = ("macroenabled", "macrosheet", "vbaproject")
_OPEN_REACHING = frozenset({"dde-link", "dde-source", "table-source", "cell-range-source"})
_FIELD = re.compile(rb"(?:instrText[^>]{0,200}>|instr=[\"'])\s{0,20}DDE(?:AUTO)?\b", re.IGNORECASE)
_OVERLAP_BYTES = 512


def link_remarks(file: BinaryIO, entry: ZipEntry) -> tuple[OfficeRemark, ...]:
    """Return what one part of an office document reaches by itself.

    Errors: ContainerRefused ENCRYPTED when the part says that others are; TOO_LARGE for a part
    that must be short; DamagedDataError for what is no XML.
    """
    name = entry.part
    if name.startswith("word/") and not name.endswith(".rels"):
        return _field_remarks(file, entry)
    kinds: list[RemarkKind] = []

    def start(tag: str, attributes: Attributes) -> None:
        kind = _kind_of(name, tag, attributes)
        if kind is not None and kind not in kinds:
            kinds.append(kind)

    if name.endswith((".rels", "[content_types].xml", "meta-inf/manifest.xml")) or name.startswith(
        "xl/externallinks/"
    ):
        walk(short_pieces(file, entry), start, printable_name(entry.name))
    return tuple(OfficeRemark(kind, printable_name(entry.name)) for kind in kinds)


def reaching_kind(tag: str, attributes: Mapping[str, object]) -> RemarkKind | None:
    """Return how an element of an OpenDocument file reaches outside or runs something, or None."""
    if tag in _OPEN_REACHING:
        return RemarkKind.FETCHED
    if tag == "event-listener" or (tag == "script" and "language" in attributes):
        return RemarkKind.MACRO
    return None


def short_pieces(file: BinaryIO, entry: ZipEntry) -> Iterator[bytes]:
    """Return the bytes of a part that must be short.

    Errors: ContainerRefused TOO_LARGE when it is not.
    """
    if entry.size > MOST_PART_BYTES:
        member = printable_name(entry.name)
        raise ContainerRefused(RefusalCode.TOO_LARGE, member=member, limit=MOST_PART_BYTES)
    return pieces(file, entry)


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


def _field_remarks(file: BinaryIO, entry: ZipEntry) -> tuple[OfficeRemark, ...]:
    before = b""
    for piece in pieces(file, entry):
        text = before + piece
        if _FIELD.search(text):
            return (OfficeRemark(RemarkKind.FETCHED, printable_name(entry.name)),)
        before = text[-_OVERLAP_BYTES:]
    return ()
