"""Kinds of documents that are known by their first bytes, and refused with what to do."""

from quetsach.errors import QuetsachError
from quetsach.papers.compound import is_compound, streams_of
from quetsach.papers.packages import names_of

_ARCHIVES = (
    (b"Rar!\x1a\x07", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"\x1f\x8b", "gzip"),
    (b"\xfd7zXZ\0", "xz"),
    (b"BZh", "bzip2"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"MSCF", "CAB"),
)
_DOCUMENTS = ((b"{\\rtf", "RTF"), (b"AC10", "DWG"), (b"x\x9f\x3e\x22", "winmail.dat"))


def refusal_of(raw: bytes, name: str) -> QuetsachError | None:
    """Return why this document is refused before anything reads it, or None."""
    for start, kind in _ARCHIVES:
        if raw.startswith(start):
            return QuetsachError("E417", name, kind=kind)
    for start, kind in _DOCUMENTS:
        if raw.startswith(start):
            return QuetsachError("E416", name, kind=kind)
    if "ppt/presentation.xml" in names_of(raw):
        return QuetsachError("E416", name, kind="PPTX")
    return _compound(raw, name) if is_compound(raw) else None


def _compound(raw: bytes, name: str) -> QuetsachError | None:
    streams = streams_of(raw)
    if "EncryptedPackage" in streams:
        return QuetsachError("E412", name)
    if "WordDocument" in streams:
        return QuetsachError("E416", name, kind="DOC")
    if "PowerPoint Document" in streams:
        return QuetsachError("E416", name, kind="PPT")
    return None
