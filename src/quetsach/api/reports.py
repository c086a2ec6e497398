"""The engine's functions for reports: forms, adding up, versions, proof; what the portal calls.

Apart from `quetsach.api`, so that what only sweeps loads nothing of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quetsach.api.pdf_signatures import PdfCheck, check_pdf
from quetsach.documents.reports.register_entry import (
    Addressee,
    DocumentIdentity,
    RegisterEntry,
    entry_json,
    entry_problems,
    entry_xml,
    repeated_problem,
    same_in_register,
)
from quetsach.documents.reports.report import (
    Correction,
    FilingFacts,
    OfficialReport,
    RecheckFigures,
    ReportFiles,
)
from quetsach.documents.typeset.proof import DocumentProof
from quetsach.documents.workbooks.layout import WorkbookHead
from quetsach.documents.workbooks.reading import (
    CellProblem,
    FilledWorkbook,
    OpenedWorkbook,
    WorkbookAnswer,
    open_workbook,
    read_workbook,
)
from quetsach.documents.workbooks.workbook import WorkbookPaper, workbook_bytes
from quetsach.errors.exceptions import QuetsachError
from quetsach.findings.folder import Findings, read_folder
from quetsach.forms.adding import add_up, counted_once, mismatches, without_answer
from quetsach.forms.checks import FormRemark, check, open_findings
from quetsach.forms.definition import (
    FACT,
    UNIT_LABELS,
    Aggregation,
    CheckRule,
    Choice,
    CountTable,
    CountUnit,
    FormCheck,
    FormPart,
    Label,
    ReportField,
    ReportFieldKind,
    ReportFormDefinition,
    Severity,
    TableColumn,
    TableCount,
    TextSource,
    as_row,
    kind_of,
    with_blocks,
)
from quetsach.forms.distinct import Estimate, estimate, merged, sketch_of
from quetsach.forms.proof_bundle import bundle_lines, sign_bundle, write_bundle
from quetsach.forms.proving import BundledVersion, BundleFit, BundleVerification, verify_bundle
from quetsach.forms.reading import form_digest, form_json, read_form, shipped_codes, shipped_form
from quetsach.forms.sample import SampleShare, draw, share
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
    AbsenceReason,
    Adjustment,
    ChildContribution,
    ChildUse,
    ChosenAnswers,
    FieldRows,
    FigureGrade,
    FilledForm,
    GradedCount,
    Mismatch,
    OwnValue,
    SummedFigure,
    TextValue,
    UnitWords,
    Value,
    absent_words,
    format_number,
    format_value,
    read_count,
    same_answer,
)
from quetsach.forms.version import (
    FormVersionKind,
    Input,
    ReportVersionText,
    code_of,
    digest_of,
    read_version,
    version_json,
)
from quetsach.readers.contract import ReadLimits as PaperLimits
from quetsach.readers.read import read_paper
from quetsach.signing.pades.certificates import PdfCertificate, names_one_of, read_certificate
from quetsach.signing.pades.certificates import signer_of_file as pdf_signer
from quetsach.signing.pades.sign import SignaturePurpose as PdfPurpose
from quetsach.signing.pades.sign import sign_pdf
from quetsach.signing.pades.state import (
    PdfSigner,
    PdfStamp,
    PdfState,
    PdfVerdict,
    flaw_words,
    note_words,
    state_words,
)
from quetsach.signing.pades.state import SignatureFlaw as PdfFlaw
from quetsach.signing.pades.state import SignatureNote as PdfNote
from quetsach.signing.pades.state import sentences as signer_sentences
from quetsach.signing.pades.trust import TrustStore as PdfTrust

if TYPE_CHECKING:
    from quetsach.documents.reports.sweep_report import WrittenReport


__all__ = [
    "FACT",
    "MOST",
    "UNIT_LABELS",
    "AbsenceReason",
    "Addressee",
    "Adjustment",
    "Aggregation",
    "BundleFit",
    "BundleVerification",
    "BundledVersion",
    "CellProblem",
    "CheckRule",
    "ChildContribution",
    "ChildUse",
    "Choice",
    "ChosenAnswers",
    "Correction",
    "CountTable",
    "CountUnit",
    "DocumentIdentity",
    "DocumentProof",
    "Estimate",
    "FieldRows",
    "FigureGrade",
    "FilingFacts",
    "FilledForm",
    "FilledWorkbook",
    "FormCheck",
    "FormPart",
    "FormRemark",
    "FormVersionKind",
    "GradedCount",
    "Input",
    "Label",
    "Mismatch",
    "OfficialReport",
    "OpenedWorkbook",
    "OwnValue",
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
    "QuetsachError",
    "RecheckFigures",
    "RegisterEntry",
    "ReportField",
    "ReportFieldKind",
    "ReportFiles",
    "ReportFormDefinition",
    "ReportVersionText",
    "SampleShare",
    "Severity",
    "SummedFigure",
    "TableColumn",
    "TableCount",
    "TextSource",
    "TextValue",
    "UnitWords",
    "Value",
    "WorkbookAnswer",
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
    "format_number",
    "format_value",
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
    from quetsach.documents.letters.letter import Medium
    from quetsach.documents.reports import files

    medium = Medium.PAPER if paper else Medium.ELECTRONIC
    return files.report_files(report, medium=medium, created=created)


def register_entry(report: OfficialReport) -> RegisterEntry:
    """Return what the register of outgoing documents holds of `report`, its pages uncounted."""
    from quetsach.documents.reports import files

    return files.register_entry(report)


# The forms that the program ships, and those filled in from findings.


@dataclass(frozen=True)
class ReportForm:
    """A form that the program ships: its code, its version, and its title in both languages."""

    code: str
    version: str
    title_vi: str
    title_en: str


def report_forms() -> list[ReportForm]:
    """Return the forms that can be asked for and filled in, sorted by code.

    Errors: E402 when a definition is not sound.
    """
    forms = map(shipped_form, shipped_codes())
    return [ReportForm(one.code, one.version, one.title.vi, one.title.en) for one in forms]


def report(
    folder: Path, *, form: str, unit: str | None, out: Path | None = None
) -> "WrittenReport":
    """Fill the form with this code from the findings in `folder`; return the files written.

    Errors: E303, E305 for the folder; E401 to E405 for the form; E406 when it cannot be written.
    """
    # Imported where it is used: who only lists forms need not wait for the typesetter.
    from quetsach.documents.reports.sweep_report import write_report

    findings = read_folder(folder)
    summary: Mapping[str, Any] = findings.manifest["summary"]
    target = folder if out is None else out
    return write_report(
        summary, findings.coverage, target, form_code=form, unit=unit, created=_as_of(findings)
    )


def _as_of(findings: Findings) -> datetime:
    """Return the time that a document from these findings carries: that of the last log line.

    Not the clock's: the same findings give the same bytes.
    """
    last = max((one["last"] for one in findings.coverage["sources"] if one["last"]), default=None)
    return datetime.fromisoformat(last) if last else datetime(1980, 1, 1, tzinfo=UTC)
