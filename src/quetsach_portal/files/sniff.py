"""What a file is, by its content: its first bytes, its end, and for ZIP files what is in them."""

import re
import struct
from typing import BinaryIO

from quetsach.api.files import Codec, archive_kind, binary_kind, codec_of
from quetsach_portal.files.kinds import IN_ARCHIVES, MAGIC, FileKind
from quetsach_portal.files.problems import FileRefused
from quetsach_portal.files.zip_directory import ZipDirectory, has_zip_end, read_directory, tail_of
from quetsach_portal.files.zip_layout import pieces_of

START_BYTES = 1 << 16
_PDF_END_WITHIN = 1_024
_ONE_KIND = {FileKind.PDF: "PDF", FileKind.JPEG: "JPEG", FileKind.PNG: "PNG"}
_MARKUP = re.compile(
    rb"\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype\s+(\w+)[^>]*>?\s*)?<?(?:!--|([\w:]+))?",
    re.IGNORECASE | re.DOTALL,
)
_HTML_TAGS = frozenset(
    b"html head body title meta link style script iframe frameset object embed form table div p a "
    b"img h1 h2 h3 center font pre span br base".split()
)
_MIME_ENTRY, _MOST_MIME_BYTES = "mimetype", 200
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_CONTENT_TYPES = "[Content_Types].xml"


def sniff(file: BinaryIO) -> FileKind:
    """Return the kind of `file` by its content alone.

    Errors: P101 when it is empty, P105 when it is two kinds at once, P106 when it breaks off;
    for ZIP files what `read_directory` refuses.
    Cost: its first 64 KiB, its end, and the list of a ZIP file.
    """
    file.seek(0)
    start = file.read(START_BYTES)
    if not start:
        raise FileRefused("P101")
    kind = kind_of_start(start)
    if kind is FileKind.ZIP:
        return _kind_of_zip(file, read_directory(file, IN_ARCHIVES))
    tail = tail_of(file)
    if kind in _ONE_KIND and has_zip_end(tail):
        raise FileRefused("P105", first=_ONE_KIND[kind], second="ZIP")
    if kind is FileKind.PDF:
        _refuse_odd_pdf(start, tail)
    return kind


def kind_of_start(start: bytes) -> FileKind:
    """Return what a file that begins with `start` seems to be; a ZIP file stays just that."""
    for magic, kind in MAGIC:
        if start.startswith(magic):
            return kind
    if _is_program(start):
        return FileKind.PROGRAM
    if archive_kind(start) == "tar":
        return FileKind.TAR
    text = text_of(start)
    return FileKind.OTHER if text is None else _kind_of_text(text)


def _is_program(start: bytes) -> bool:
    # Source: Microsoft, PE Format: the offset of the signature stands at 0x3c.
    if not start.startswith((b"MZ", b"ZM")) or len(start) < 64:
        return False
    (place,) = struct.unpack_from("<L", start, 0x3C)
    return start[place : place + 4] == b"PE\x00\x00" or b"\x00" in start[:64]


def text_of(start: bytes) -> bytes | None:
    """Return the beginning of a text in a coding that holds ASCII, or None for binary data."""
    if codec_of(start) is Codec.UTF16:
        start = start[: len(start) // 2 * 2].decode("utf-16", "replace").encode()
    return None if binary_kind(start) is not None else start.removeprefix(b"\xef\xbb\xbf")


def _kind_of_text(text: bytes) -> FileKind:
    text = text.lstrip(b"\x00").lstrip()
    found = _MARKUP.match(text)
    if found is None or not text.startswith(b"<"):
        return FileKind.TEXT
    declared, tag = ((one or b"").lower().rpartition(b":")[2] for one in found.groups())
    is_xml = text.startswith(b"<?xml") or declared not in (b"", b"html")
    if b"svg" in (declared, tag) or b"<svg" in text[:4096].lower():
        return FileKind.SVG
    if b"html" in (declared, tag) or (tag in _HTML_TAGS and not is_xml):
        return FileKind.HTML
    return FileKind.XML if is_xml else FileKind.TEXT


def _refuse_odd_pdf(start: bytes, tail: bytes) -> None:
    if not re.match(rb"%PDF-[12]\.\d", start):
        raise FileRefused("P106")
    if b"%%EOF" not in tail[-_PDF_END_WITHIN:]:
        raise FileRefused("P106")


def _kind_of_zip(file: BinaryIO, directory: ZipDirectory) -> FileKind:
    names = {entry.name for entry in directory.entries}
    folded = {name.casefold() for name in names}
    if _CONTENT_TYPES.casefold() in folded:
        return _kind_of_office(folded)
    if _MIME_ENTRY not in names:
        return FileKind.ZIP
    declared = _declared(file, directory)
    if declared == _SPREADSHEET:
        return FileKind.ODS
    return FileKind.OTHER_OFFICE if declared.startswith(b"application/vnd.") else FileKind.ZIP


def _kind_of_office(folded: set[str]) -> FileKind:
    if "xl/workbook.xml" in folded:
        return FileKind.XLSX
    return FileKind.DOCX if "word/document.xml" in folded else FileKind.OTHER_OFFICE


def _declared(file: BinaryIO, directory: ZipDirectory) -> bytes:
    """Return what an OpenDocument file calls itself (ODF 1.2 part 3, 3.3)."""
    entry = next(one for one in directory.entries if one.name == _MIME_ENTRY)
    if entry.size > _MOST_MIME_BYTES or entry.method:
        return b""
    return b"".join(pieces_of(file, entry)).strip()
