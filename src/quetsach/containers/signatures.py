"""What a file is by its first bytes: archives, compound files, programs and other binary data."""

import struct

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""OLE compound file ([MS-CFB] 2.2)."""

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
"""The first file of a ZIP file, or the end of an empty one (APPNOTE 4.3.6)."""

_ARCHIVES = (
    *((magic, "zip") for magic in _ZIP),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"MSCF\x00", "cab"),
    (b"\x1f\x9d", "compress"),
)

# Kinds of file that are no text log.
_OTHER_KINDS = (
    (b"\xd4\xc3\xb2\xa1", "pcap"),
    (b"\xa1\xb2\xc3\xd4", "pcap"),
    (b"\x4d\x3c\xb2\xa1", "pcap"),
    (b"\xa1\xb2\x3c\x4d", "pcap"),
    (b"\x0a\x0d\x0d\x0a", "pcapng"),
    (b"ElfFile\x00", "evtx"),
    (b"SQLite format 3\x00", "sqlite"),
    (b"%PDF", "pdf"),
    (b"PAR1", "parquet"),
)

_PROGRAMS = (
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"L\x00\x00\x00\x01\x14\x02\x00",  # a Windows shortcut ([MS-SHLLINK] 2.1)
)
# Source: the specifications of each; PNG 5.2, JPEG B.1.1.3, GIF89a 17, TIFF 6.0 2, RFC 9649.
_PICTURES = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"II*\x00",
    b"MM\x00*",
    b"\x00\x00\x01\x00",
    b"8BPS",
)
_DOCUMENTS = (b"%PDF", b"{\\rtf")
_SOUNDS = (b"ID3", b"OggS", b"fLaC", b"\x1aE\xdf\xa3")
_CONTROL_SIGNS = bytes((*range(7), *range(14, 27), 127))


def is_zip(start: bytes) -> bool:
    """Return whether a file that begins with `start` is a ZIP file."""
    return start.startswith(_ZIP)


def is_compound(start: bytes) -> bool:
    """Return whether a file that begins with `start` is an OLE compound file."""
    return start.startswith(COMPOUND)


def archive_kind(start: bytes) -> str | None:
    """Return the kind of archive whose (unpacked) bytes begin with `start`, or None."""
    if start[257:262] == b"ustar":
        return "tar"
    return next((kind for magic, kind in _ARCHIVES if start.startswith(magic)), None)


def is_program(start: bytes) -> bool:
    """Return whether a file that begins with `start` is one that a system would run."""
    if start.startswith(_PROGRAMS):
        return True
    # Source: Microsoft, PE Format: the offset of the signature is stored at 0x3c.
    if not start.startswith((b"MZ", b"ZM")) or len(start) < 64:
        return False
    (place,) = struct.unpack_from("<L", start, 0x3C)
    return start[place : place + 4] == b"PE\x00\x00" or b"\x00" in start[:64]


def no_log_kind(start: bytes) -> str | None:
    """Return what a file that begins with `start` is, where that is surely no log, else None.

    Shapes: picture, document, sound or program. Tables are no such thing: a log may be in one.
    """
    if start.startswith(_PICTURES) or (start[:4] == b"RIFF" and start[8:12] == b"WEBP"):
        return "picture"
    if start[:2] == b"BM" and start[6:10] == bytes(4) and b"\x00" in start[:20]:
        return "picture"
    if start.startswith(_DOCUMENTS):
        return "document"
    is_film = start[4:8] == b"ftyp" or (start[:4] == b"RIFF" and start[8:12] in (b"WAVE", b"AVI "))
    if start.startswith(_SOUNDS) or is_film:
        return "sound"
    return "program" if is_program(start) else None


def binary_kind(start: bytes) -> str | None:
    """Return what kind of binary data begins with `start`, or None where it may be a text log.

    A text log may hold a few stray bytes, and a run of NULs where a machine lost its power.
    """
    for magic, kind in _OTHER_KINDS:
        if start.startswith(magic):
            return kind
    text = start.strip(b"\x00")
    strange = len(text) - len(text.translate(None, _CONTROL_SIGNS))
    return "unknown" if strange * 20 > len(text) or (start and not text) else None
