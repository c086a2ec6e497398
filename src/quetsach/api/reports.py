"""The engine's functions for reports: forms, adding up, versions, proof; what the portal calls.

Apart from `quetsach.api`, so that what only sweeps loads nothing of it.
"""

from datetime import datetime

from quetsach.documents.document_proof import DocumentProof
from quetsach.documents.official_report import (
    Correction,
    Filed,
    OfficialReport,
    Recheck,
    ReportFiles,
)
from quetsach.documents.register_entry import (
    Addressee,
    Registered,
    RegisterEntry,
    entry_json,
    entry_problems,
    entry_xml,
    repeated_problem,
    same_in_register,
)
from quetsach.documents.workbook import WorkbookPaper, workbook_bytes
from quetsach.documents.workbook_head import WorkbookHead
from quetsach.documents.workbook_in import (
    Answered,
    CellProblem,
    FilledWorkbook,
    OpenedWorkbook,
    open_workbook,
    read_workbook,
)
from quetsach.errors import QuetsachError
from quetsach.forms.adding import add_up, counted_once, without_answer
from quetsach.forms.again import mismatches
from quetsach.forms.checks import Finding, check, open_findings
from quetsach.forms.definition import (
    FACT,
    UNIT_LABELS,
    Aggregation,
    Check,
    Choice,
    Column,
    Field,
    Form,
    Kind,
    Label,
    Row,
    Rule,
    Section,
    Severity,
    Source,
    Table,
    Unit,
    as_row,
    kind_of,
    with_blocks,
)
from quetsach.forms.distinct import Estimate, estimate, merged, sketch_of
from quetsach.forms.figure import Adjustment, Child, Figure, Mismatch, Said, Used
from quetsach.forms.numbers import absent_words, read_count, shown, shown_value
from quetsach.forms.own import Own, same_answer
from quetsach.forms.proof import bundle_lines, sign_bundle, write_bundle
from quetsach.forms.proving import Fit, Held, Verified, verify_bundle
from quetsach.forms.reading import (
    form_digest,
    form_json,
    read_form,
    shipped_codes,
    shipped_form,
)
from quetsach.forms.sample import Share, draw, share
from quetsach.forms.value_json import (
    figure_from_json,
    figure_to_json,
    own_from_json,
    own_to_json,
    value_from_json,
    value_to_json,
)
from quetsach.forms.values import (
    MOST,
    Absent,
    Count,
    Filling,
    Grade,
    Picked,
    Rows,
    Value,
    Words,
)
from quetsach.forms.version import (
    Input,
    Version,
    VersionKind,
    code_of,
    digest_of,
    read_version,
    version_json,
)
from quetsach.papers.contract import Limits as PaperLimits
from quetsach.papers.read import read_paper
from quetsach.run.pdf_signatures import PdfCheck, check_pdf
from quetsach.signing.pades.certificate import PdfCertificate, names_one_of, read_certificate
from quetsach.signing.pades.keys import signer_of_file as pdf_signer
from quetsach.signing.pades.sign import Purpose as PdfPurpose
from quetsach.signing.pades.sign import sign_pdf
from quetsach.signing.pades.state import Flaw as PdfFlaw
from quetsach.signing.pades.state import Note as PdfNote
from quetsach.signing.pades.state import PdfSigner, PdfStamp, PdfState, PdfVerdict
from quetsach.signing.pades.trust import Trust as PdfTrust
from quetsach.signing.pades.words import flaw_words, note_words, state_words
from quetsach.signing.pades.words import sentences as signer_sentences

__all__ = [
    "FACT",
    "MOST",
    "UNIT_LABELS",
    "Absent",
    "Addressee",
    "Adjustment",
    "Aggregation",
    "Answered",
    "CellProblem",
    "Check",
    "Child",
    "Choice",
    "Column",
    "Correction",
    "Count",
    "DocumentProof",
    "Estimate",
    "Field",
    "Figure",
    "Filed",
    "FilledWorkbook",
    "Filling",
    "Finding",
    "Fit",
    "Form",
    "Grade",
    "Held",
    "Input",
    "Kind",
    "Label",
    "Mismatch",
    "OfficialReport",
    "OpenedWorkbook",
    "Own",
    "PaperLimits",
    "PdfCertificate",
    "PdfCheck",
    "PdfFlaw",
    "PdfNote",
    "PdfPurpose",
    "PdfSigner",
    "PdfStamp",
    "PdfState",
    "PdfTrust",
    "PdfVerdict",
    "Picked",
    "QuetsachError",
    "Recheck",
    "RegisterEntry",
    "Registered",
    "ReportFiles",
    "Row",
    "Rows",
    "Rule",
    "Said",
    "Section",
    "Severity",
    "Share",
    "Source",
    "Table",
    "Unit",
    "Used",
    "Value",
    "Verified",
    "Version",
    "VersionKind",
    "Words",
    "WorkbookHead",
    "WorkbookPaper",
    "absent_words",
    "add_up",
    "as_row",
    "bundle_lines",
    "check",
    "check_pdf",
    "code_of",
    "counted_once",
    "digest_of",
    "draw",
    "entry_json",
    "entry_problems",
    "entry_xml",
    "estimate",
    "figure_from_json",
    "figure_to_json",
    "flaw_words",
    "form_digest",
    "form_json",
    "kind_of",
    "merged",
    "mismatches",
    "names_one_of",
    "note_words",
    "open_findings",
    "open_workbook",
    "own_from_json",
    "own_to_json",
    "pdf_signer",
    "read_certificate",
    "read_count",
    "read_form",
    "read_paper",
    "read_version",
    "read_workbook",
    "register_entry",
    "repeated_problem",
    "report_files",
    "same_answer",
    "same_in_register",
    "share",
    "shipped_codes",
    "shipped_form",
    "shown",
    "shown_value",
    "sign_bundle",
    "sign_pdf",
    "signer_sentences",
    "sketch_of",
    "state_words",
    "value_from_json",
    "value_to_json",
    "verify_bundle",
    "version_json",
    "with_blocks",
    "without_answer",
    "workbook_bytes",
    "write_bundle",
]


def report_files(
    report: OfficialReport, *, paper: bool = False, created: datetime | None = None
) -> ReportFiles:
    """Return an official report as DOCX, PDF and XML for the register; for `paper` with QR codes.

    Shapes: `created` is aware; the day of signing unless it is given.
    Errors: E460 when it cannot be printed, E461, E463 when the register could not hold it; E405.
    """
    # Imported where it is used: whoever only adds up need not wait for the typesetter.
    from quetsach.documents import official_files
    from quetsach.documents.letter import Medium

    medium = Medium.PAPER if paper else Medium.ELECTRONIC
    return official_files.report_files(report, medium=medium, created=created)


def register_entry(report: OfficialReport) -> RegisterEntry:
    """Return what the register of outgoing documents holds of `report`, its pages uncounted."""
    from quetsach.documents import official_files

    return official_files.register_entry(report)
