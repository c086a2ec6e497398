"""What a file is, by its content: its first bytes, its end, and for ZIP files what is in them."""

import re
from typing import BinaryIO

from quetsach.containers.bounds import IN_ARCHIVES
from quetsach.containers.office_kinds import OfficeKind, kind_of
from quetsach.containers.signatures import archive_kind, binary_kind, is_program
from quetsach.containers.streams import codec_of
from quetsach.containers.zip_directory import has_zip_end, read_directory, tail_of
from quetsach_portal.files.inspection import coded_refusals
from quetsach_portal.files.kinds import MAGIC, FileKind
from quetsach_portal.files.problems import FileRefused

START_BYTES = 1 << 16
_PDF_END_WITHIN = 1_024
_ONE_KIND = {FileKind.PDF: "PDF", FileKind.JPEG: "JPEG", FileKind.PNG: "PNG"}
_MARKUP = re.compile(
    rb"\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype\s+(\w+)[^>]*>?\s*)?<?(?:!--|([\w:]+))?",
    re.IGNORECASE | re.DOTALL,
)
_PDF_OBJECT = re.compile(rb"\b\d{1,10}\s+\d{1,5}\s+obj\b")
_PDF_END = re.compile(rb"startxref\s+\d+\s+%%EOF")
_PAGE_MARKUP = re.compile(rb"<(?:!--|[!/?]?\s*[a-z])", re.IGNORECASE)
_HTML_TAGS = frozenset(
    b"html head body title meta link style script iframe frameset object embed form table div p a "
    b"img h1 h2 h3 center font pre span br base".split()
)
_OFFICE_KINDS = {
    OfficeKind.XLSX: FileKind.XLSX,
    OfficeKind.DOCX: FileKind.DOCX,
    OfficeKind.ODS: FileKind.ODS,
}


def sniff(file: BinaryIO) -> FileKind:
    """Return the kind of `file` by its content alone.

    Errors: P101 when it is empty, P105 when it is two kinds at once, P106 when it breaks off;
    for ZIP files P106, P109 and P114 as well.
    Cost: its first 64 KiB, its end, and the list of a ZIP file.
    """
    file.seek(0)
    start = file.read(START_BYTES)
    if not start:
        raise FileRefused("P101")
    kind = kind_of_start(start)
    if kind is FileKind.ZIP:
        return _kind_of_zip(file)
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
    # RIFF holds pictures (WebP) and video as well; only this is sound.
    if start.startswith(b"RIFF") and start[8:12] == b"WAVE":
        return FileKind.WAV
    if is_program(start):
        return FileKind.PROGRAM
    if archive_kind(start) == "tar":
        return FileKind.TAR
    text = text_of(start)
    return FileKind.OTHER if text is None else _kind_of_text(text)


def text_of(start: bytes) -> bytes | None:
    """Return the beginning of a text in a coding that holds ASCII, or None for binary data."""
    codec = codec_of(start)
    if codec.is_text:
        start = start[: len(start) // 2 * 2].decode(codec.value, "replace").encode()
    return None if binary_kind(start) is not None else start.removeprefix(b"\xef\xbb\xbf")


def _kind_of_text(text: bytes) -> FileKind:
    text = text.lstrip(b"\x00").lstrip()
    markup = _MARKUP.match(text)
    if markup is None or not text.startswith(b"<"):
        return FileKind.TEXT
    declared, tag = ((name or b"").lower().rpartition(b":")[2] for name in markup.groups())
    is_xml = text.startswith(b"<?xml") or declared not in (b"", b"html")
    if b"svg" in (declared, tag) or b"<svg" in text[:4096].lower():
        return FileKind.SVG
    if b"html" in (declared, tag) or (tag in _HTML_TAGS and not is_xml):
        return FileKind.HTML
    return FileKind.XML if is_xml else FileKind.TEXT


def _refuse_odd_pdf(start: bytes, tail: bytes) -> None:
    if not re.match(rb"%PDF-[12]\.\d", start):
        raise FileRefused("P106")
    end = tail[-_PDF_END_WITHIN:]
    if b"%%EOF" not in end or (b"startxref" in end and not _PDF_END.search(end)):
        raise FileRefused("P106")
    # What a browser would take for a page stands before the first object or behind the end.
    outside = _PDF_OBJECT.split(start, 1)[0], tail.rpartition(b"%%EOF")[2]
    if any(_PAGE_MARKUP.search(text) for text in outside):
        raise FileRefused("P105", first="PDF", second="HTML")


def _kind_of_zip(file: BinaryIO) -> FileKind:
    with coded_refusals():
        kind = kind_of(file, read_directory(file, IN_ARCHIVES))
    return FileKind.ZIP if kind is None else _OFFICE_KINDS.get(kind, FileKind.OTHER_OFFICE)


# A private key is refused and stored nowhere, whatever is asked for.

_KEY_ENDINGS = frozenset({"p12", "pfx", "key", "jks", "keystore", "ppk"})
_JAVA = b"\xfe\xed\xfe\xed"
_PKCS12_VERSION = b"\x02\x01\x03\x30"
"""The version 3 at the begin of a PKCS#12 file, and the sequence behind it (RFC 7292, 4)."""
_LONGEST_HEAD = 6


def is_private_key(start: bytes, ending: str) -> bool:
    """Tell whether a file that begins with `start`, named with `ending`, holds a private key."""
    if ending.lower().lstrip(".") in _KEY_ENDINGS or start.startswith(_JAVA):
        return True
    if b"PRIVATE KEY-----" in start or start.startswith(b"PuTTY-User-Key-File"):
        return True
    version = start.find(_PKCS12_VERSION)
    return start.startswith(b"\x30") and 2 <= version <= _LONGEST_HEAD
