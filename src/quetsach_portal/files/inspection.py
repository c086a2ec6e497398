"""Inspect packed files: archives, packed streams, office documents and XML.

The engine's reader of containers refuses and remarks by code; here each becomes a file problem.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO

from quetsach.containers import archives, office
from quetsach.containers.bounds import IN_ARCHIVES
from quetsach.containers.names import NameFlaw
from quetsach.containers.office_kinds import OfficeKind, OfficeRemark, RemarkKind
from quetsach.containers.refusal import ContainerRefused, RefusalCode
from quetsach.containers.streams import Codec
from quetsach.containers.xml import refuse_document_type
from quetsach_portal.files.kinds import FileKind, size_text
from quetsach_portal.files.problems import N_, FileProblem, FileRefused
from quetsach_portal.files.quarantine import EICAR_NAME, is_eicar

_MOST_REMARKS = 50
_CODECS = {
    FileKind.GZIP: Codec.GZIP,
    FileKind.XZ: Codec.XZ,
    FileKind.BZIP2: Codec.BZIP2,
    FileKind.ZSTD: Codec.ZSTD,
}
_OFFICE_KINDS = {
    FileKind.XLSX: OfficeKind.XLSX,
    FileKind.DOCX: OfficeKind.DOCX,
    FileKind.ODS: OfficeKind.ODS,
}
_PROBLEMS: Mapping[RefusalCode, str] = {
    RefusalCode.DAMAGED: "P106",
    RefusalCode.CUT_OFF: "P106",
    RefusalCode.TOO_COMPLEX: "P106",
    RefusalCode.ENCRYPTED: "P107",
    RefusalCode.SWELLS: "P108",
    RefusalCode.TOO_LARGE: "P108",
    RefusalCode.TOO_MANY: "P109",
    RefusalCode.NESTED: "P110",
    RefusalCode.UNSAFE_NAME: "P111",
    RefusalCode.LINK: "P112",
    RefusalCode.SPECIAL_FILE: "P112",
    RefusalCode.DUPLICATE: "P113",
    RefusalCode.CONTRADICTION: "P114",
    RefusalCode.METHOD: "P115",
    RefusalCode.DOCUMENT_TYPE: "P118",
}
_NAME_FLAWS: Mapping[NameFlaw, str] = {
    NameFlaw.OUTSIDE: N_("it points outside the archive"),
    NameFlaw.ABSOLUTE: N_("it is an absolute path"),
    NameFlaw.CONTROL: N_("it contains control characters"),
    NameFlaw.TURNED: N_("it reverses the text direction, which hides its extension"),
    NameFlaw.LONG: N_("it is too long"),
    NameFlaw.NAMELESS: N_("it is empty"),
}
_MACRO_SHEETS = ("xl/macrosheets/", "xl/intlmacrosheets/", "xl/dialogsheets/")


def inspect_office(file: BinaryIO, kind: FileKind) -> list[FileProblem]:
    """Return remarks on an office document (XLSX, DOCX, ODS).

    Errors: FileRefused P106 to P118 for an unsound container; P117 for macros, P119 for what would
    be fetched, P120 for embedded objects and binary sheets, P123 for the EICAR test file.
    """
    with coded_refusals():
        remarks = office.remarks(file, _OFFICE_KINDS[kind], look=_refuse_eicar)
    for remark in remarks:
        _refuse_harmful(remark)
    problems = (_problem_of(remark) for remark in remarks)
    return [problem for problem in problems if problem is not None][:_MOST_REMARKS]


def inspect_packed(file: BinaryIO, kind: FileKind) -> list[FileProblem]:
    """Return remarks on a packed stream, a ZIP or a TAR file.

    Errors: FileRefused P106 to P115, P123 for the EICAR test file.
    """
    with coded_refusals():
        if kind is FileKind.ZIP:
            archives.inspect_zip(file, IN_ARCHIVES, _refuse_eicar)
        elif kind is FileKind.TAR:
            archives.inspect_tar(file, IN_ARCHIVES, _refuse_eicar)
        elif not archives.inspect_stream(file, _CODECS[kind], IN_ARCHIVES, _refuse_eicar):
            return [FileProblem("P143")]
    return []


def inspect_xml(pieces: Iterable[bytes], part: str) -> None:
    """Refuse XML with a document type. Errors: FileRefused P118; P106 for what is no XML."""
    with coded_refusals():
        refuse_document_type(pieces, part)


@contextmanager
def coded_refusals() -> Iterator[None]:
    """Raise what a reader of containers refuses as FileRefused, with its code."""
    try:
        yield
    except ContainerRefused as refusal:
        raise FileRefused(_PROBLEMS[refusal.code], **_facts_of(refusal)) from refusal


def _facts_of(refusal: ContainerRefused) -> dict[str, Any]:
    facts = refusal.facts
    member = facts.get("member", "…")
    code = _PROBLEMS[refusal.code]
    if code == "P108":
        return {"limit": size_text(facts["limit"])}
    if code == "P109":
        return {"limit": facts["limit"]}
    if code == "P111":
        return {"member": member, "reason": [_NAME_FLAWS[facts["flaw"]]]}
    if code == "P118":
        return {"part": member}
    return {} if code in ("P106", "P107") else {"member": member}


def _refuse_eicar(_member: str, start: bytes) -> None:
    if is_eicar(start):
        raise FileRefused("P123", found=EICAR_NAME)


def _refuse_harmful(remark: OfficeRemark) -> None:
    if remark.kind is RemarkKind.MACRO:
        names: tuple[str, ...] = (remark.part, remark.sheet)
        if remark.sheet and remark.part.casefold().startswith(_MACRO_SHEETS):
            names = (remark.sheet,)
        raise FileRefused("P117", part=", ".join(filter(None, names)))
    if remark.kind is RemarkKind.FETCHED:
        raise FileRefused("P119", part=remark.part)
    if remark.kind in (RemarkKind.EMBEDDED, RemarkKind.OPAQUE):
        raise FileRefused("P120", part=remark.part)


def _problem_of(remark: OfficeRemark) -> FileProblem | None:
    if remark.kind is RemarkKind.OTHER_BOOK and not remark.sheet:
        # The part with the values of the other workbook; a sheet that takes them is named as well.
        return None
    codes = {
        RemarkKind.HIDDEN: "P141",
        RemarkKind.FORMULA: "P140",
        RemarkKind.OTHER_BOOK: "P142",
    }
    return FileProblem(codes[remark.kind], "", {"sheet": remark.sheet})
