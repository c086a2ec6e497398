"""The files of an official report: DOCX, PDF and the XML that the register takes."""

import re
from dataclasses import replace
from datetime import UTC, datetime

from quetsach.documents.letters.files import UNDATED
from quetsach.documents.letters.letter import Medium, UrgencyStamp
from quetsach.documents.reports.paper import compose_official, notation_of
from quetsach.documents.reports.register_entry import RegisterEntry, checked_entry, entry_xml
from quetsach.documents.reports.report import OfficialReport, ReportFiles, checked_report
from quetsach.documents.reports.sweep_report import notes_on
from quetsach.documents.typeset.docx import docx_bytes
from quetsach.documents.typeset.pdf import pdf_bytes
from quetsach.documents.typeset.typst import Face, find_face
from quetsach.documents.typeset.wording import official_words

_PRIORITIES = {UrgencyStamp.URGENT: 1, UrgencyStamp.MOST_URGENT: 2, UrgencyStamp.FLASH: 3}
_PAGE = re.compile(rb"/Type\s*/Page\b")


def report_files(
    report: OfficialReport,
    *,
    medium: Medium = Medium.ELECTRONIC,
    created: datetime | None = None,
    face: Face | None = None,
) -> ReportFiles:
    """Return `report` as DOCX, PDF and XML for `medium`; the same report gives the same bytes.

    Shapes: `created` is aware; the day of signing unless it is given.
    Errors: E460 when the report cannot be printed, E461 and E463 when the register could not hold
    it, E405 when the typesetter refuses.
    """
    # Before anything is made: what the register cannot hold must not be issued.
    record = checked_entry(register_entry(checked_report(report)))
    paper = compose_official(report, medium)
    when = _moment(report) if created is None else created
    used = find_face() if face is None else face
    # In this order: the typesetter keeps its memory, that of the Word file is freed.
    docx = docx_bytes(paper, when)
    pdf = pdf_bytes(paper, when, used)
    metadata = entry_xml(replace(record, pages=page_count(pdf)))
    return ReportFiles(docx, pdf, metadata, tuple(notes_on(used, paper.unfit)), paper.unfit)


def register_entry(report: OfficialReport) -> RegisterEntry:
    """Return what the register of outgoing documents holds of `report`, its pages uncounted."""
    head, signer, filed = report.head, report.signer, report.filed
    change = report.correction
    added = change is not None and change.is_supplement
    return RegisterEntry(
        body=head.unit or "",
        type_name=official_words().kind_of_supplement if added else official_words().report,
        subject=report.subject,
        organ_id=filed.organ_id,
        catalog=filed.catalog,
        file_notation=filed.notation,
        ordinal=filed.ordinal,
        number=head.number,
        notation="" if head.code is None else notation_of(report, head),
        issued=head.signed_on,
        description=filed.description,
        signer_post=(head.signer_post if signer is None else signer.post) or "",
        signer_name=(head.signer_name if signer is None else signer.name) or "",
        addressees=report.addressees(),
        priority=0 if report.urgency is None else _PRIORITIES[report.urgency],
        copies=filed.copies,
        due=filed.due,
    )


def page_count(pdf: bytes) -> int:
    """Return how many pages a PDF has that our typesetter made."""
    # It writes each page as an object of its own, not packed into a stream.
    return len(_PAGE.findall(pdf))


def _moment(report: OfficialReport) -> datetime:
    day = report.head.signed_on
    return UNDATED if day is None else datetime(day.year, day.month, day.day, tzinfo=UTC)
