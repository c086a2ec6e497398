"""What an office document would fetch or run when it is opened: found by its relations and fields.

Links that a person has to click are no such thing.
"""

import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from quetsach_portal.files.problems import FileRefused
from quetsach_portal.files.xml_streams import walk
from quetsach_portal.files.zip_directory import ZipEntry
from quetsach_portal.files.zip_layout import pieces_of

MOST_PART_BYTES = 8 << 20
"""A part that only says how others hang together is never longer."""

_CLICKED = ("/hyperlink",)
_OTHER_BOOKS = re.compile(r"/(externalLinkPath|xlExternalLinkPath/\w+|xlPathMissing)$")
_OWN_TEMPLATE = re.compile(r"(?i)file:///[a-z]:|[a-z]:\\|[^/\\:]+\.dot[xm]?$")
"""Word notes the template on its writer's own disk; nobody else's program finds it."""

_OPEN_REACHING = frozenset({"dde-link", "dde-source", "table-source", "cell-range-source"})

_FIELD = re.compile(rb"(?:instrText[^>]{0,200}>|instr=\")\s{0,20}DDE(?:AUTO)?\b", re.IGNORECASE)
_OVERLAP_BYTES = 512


def refuse_links(file: BinaryIO, entry: ZipEntry, part: str) -> None:
    """Refuse a part of an office document that reaches outside by itself.

    Errors: P117 for a type that may hold macros, P119 for what is fetched, P107 when encrypted.
    """
    name = entry.name.casefold()
    if name.endswith(".rels"):
        walk(short_pieces(file, entry), lambda tag, found: _relation(tag, found, part), part)
    elif name == "[content_types].xml":
        walk(short_pieces(file, entry), lambda _tag, found: _type(found, part), part)
    elif name == "meta-inf/manifest.xml":
        walk(short_pieces(file, entry), lambda tag, _found: _encrypted(tag), part)
    elif name.startswith("xl/externallinks/"):
        walk(short_pieces(file, entry), lambda tag, _found: _exchange(tag, part), part)
    elif name.startswith("word/"):
        _refuse_fields(pieces_of(file, entry), part)


def refuse_reaching(tag: str, found: Mapping[str, str]) -> None:
    """Refuse an element of an OpenDocument file that reaches outside or runs something.

    Errors: P119 for data exchange and tables from elsewhere, P117 for scripts of events.
    """
    if tag in _OPEN_REACHING:
        raise FileRefused("P119", part=tag)
    if tag == "event-listener" or (tag == "script" and "language" in found):
        raise FileRefused("P117", part=tag)


def short_pieces(file: BinaryIO, entry: ZipEntry) -> Iterator[bytes]:
    """Return the bytes of a part that must be short.

    Errors: P108 when it is not.
    """
    if entry.size > MOST_PART_BYTES:
        raise FileRefused("P108", limit="8 MB")
    return pieces_of(file, entry)


def _relation(tag: str, found: Mapping[str, str], part: str) -> None:
    if tag != "Relationship" or found.get("TargetMode") != "External":
        return
    kind, target = found.get("Type", ""), found.get("Target", "")
    if kind.endswith(_CLICKED) or _OTHER_BOOKS.search(kind):
        return
    if kind.endswith("/attachedTemplate") and _OWN_TEMPLATE.match(target):
        return
    raise FileRefused("P119", part=part)


def _type(found: Mapping[str, str], part: str) -> None:
    kind = found.get("ContentType", "").casefold()
    if "macroenabled" in kind or "macrosheet" in kind or "vbaproject" in kind:
        raise FileRefused("P117", part=part)


def _encrypted(tag: str) -> None:
    if tag == "encryption-data":
        raise FileRefused("P107")


def _exchange(tag: str, part: str) -> None:
    if tag in ("ddeLink", "oleLink"):
        raise FileRefused("P119", part=part)


def _refuse_fields(pieces: Iterator[bytes], part: str) -> None:
    held = b""
    for piece in pieces:
        held += piece
        if _FIELD.search(held):
            raise FileRefused("P119", part=part)
        held = held[-_OVERLAP_BYTES:]
