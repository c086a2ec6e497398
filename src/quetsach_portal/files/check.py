"""One file from a stranger, checked for what it is meant for: its kind and remarks, or a refusal.

    with path.open("rb") as file:
        checked = check(file, name="nhat-ky.zip", rules=RULES["evidence"])

Nothing is unpacked to the disk, no reader of documents is started, and memory stays small whatever
the file claims. Pictures are written anew by `pictures`, scanners are asked by `quarantine`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from quetsach_portal.files.archives import inspect_stream, inspect_tar, inspect_zip
from quetsach_portal.files.kinds import (
    ABOUT,
    IN_ARCHIVES,
    OFFICE,
    PACKED_STREAMS,
    Kind,
    Rules,
    size_text,
)
from quetsach_portal.files.names import ending_of
from quetsach_portal.files.office import inspect_office
from quetsach_portal.files.quarantine import EICAR_NAME, is_eicar
from quetsach_portal.files.refusal import FileRefused, Problem
from quetsach_portal.files.sniff import START_BYTES, sniff, text_of
from quetsach_portal.files.xml_streams import refuse_document_type

_CLAIMING = (Kind.PDF, Kind.JPEG, Kind.PNG, Kind.DOCX, Kind.XLSX, Kind.ODS, Kind.ZIP, Kind.PROGRAM)
"""Kinds that a name may only claim if they are so, even where names are free."""


@dataclass(frozen=True)
class Checked:
    """What a file is, and what is said beside it."""

    kind: Kind
    remarks: tuple[Problem, ...] = ()


def check(file: BinaryIO, *, name: str, rules: Rules) -> Checked:
    """Return what `file` is, if `rules` take it.

    Errors: FileRefused P101 to P123; P123 means quarantine, all others a refusal.
    Cost: for documents and pictures under a second; all of a packed stream is unpacked once.
    """
    size = file.seek(0, 2)
    if not size:
        raise FileRefused("P101")
    if size > rules.max_bytes:
        raise FileRefused("P102", size=size_text(size), limit=size_text(rules.max_bytes))
    file.seek(0)
    start = file.read(START_BYTES)
    if is_eicar(start):
        raise FileRefused("P123", found=EICAR_NAME)
    kind = _taken(sniff(file), ending_of(name), rules)
    remarks = _inspect(file, kind, start)
    _refuse_wrong_ending(kind, ending_of(name), rules)
    return Checked(kind, tuple(remarks))


def _taken(kind: Kind, ending: str, rules: Rules) -> Kind:
    """Return the kind as the rules call it.

    Errors: P103 when they take none such.
    """
    if kind is Kind.TEXT and Kind.CSV in rules.kinds and ending in ABOUT[Kind.CSV].endings:
        return Kind.CSV
    if kind not in rules.kinds:
        raise FileRefused("P103", kinds=rules.titles(), found=[ABOUT[kind].title])
    return kind


def _inspect(file: BinaryIO, kind: Kind, start: bytes) -> list[Problem]:
    if kind in OFFICE:
        return inspect_office(file, kind)
    if kind in PACKED_STREAMS:
        return inspect_stream(file, kind, IN_ARCHIVES)
    if kind is Kind.ZIP:
        inspect_zip(file, IN_ARCHIVES)
    elif kind is Kind.TAR:
        inspect_tar(file, IN_ARCHIVES)
    elif kind in (Kind.XML, Kind.SVG):
        refuse_document_type(_from_first_sign(start, file), kind.value)
    elif kind is Kind.HTML and b"<!entity" in (text_of(start) or b"").lower():
        raise FileRefused("P118", part=kind.value)
    return []


def _from_first_sign(start: bytes, file: BinaryIO) -> Iterator[bytes]:
    file.seek(len(start))
    return chain((start.lstrip(),), iter(lambda: file.read(START_BYTES), b""))


def _refuse_wrong_ending(kind: Kind, ending: str, rules: Rules) -> None:
    claimed = [one for one in _CLAIMING if ending in ABOUT[one].endings]
    fits = ending in ABOUT[kind].endings if rules.exact else kind in claimed or not claimed
    if not fits:
        raise FileRefused(
            "P104",
            kinds=rules.titles(),
            ending=f".{ending}" if ending else "",
            found=[ABOUT[kind].title],
        )
