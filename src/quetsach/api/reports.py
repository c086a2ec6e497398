"""The engine's functions for reports: forms, adding up, versions, proof; what the portal calls.

Apart from `quetsach.api`, so that what only sweeps loads nothing of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quetsach.api.pdf_signatures import PdfCheck as PdfCheck
from quetsach.api.pdf_signatures import check_pdf as check_pdf
from quetsach.documents.reports.register_entry import RegisterEntry
from quetsach.documents.reports.register_entry import entry_json as entry_json
from quetsach.documents.reports.register_entry import entry_xml as entry_xml
from quetsach.documents.reports.report import Correction as Correction
from quetsach.documents.reports.report import FilingFacts as FilingFacts
from quetsach.documents.reports.report import OfficialReport as OfficialReport
from quetsach.documents.reports.report import RecheckFigures as RecheckFigures
from quetsach.documents.reports.report import ReportFiles
from quetsach.documents.typeset.proof import DocumentProof as DocumentProof
from quetsach.documents.workbooks.layout import WorkbookHead as WorkbookHead
from quetsach.documents.workbooks.reading import CellProblem as CellProblem
from quetsach.documents.workbooks.reading import FilledWorkbook as FilledWorkbook
from quetsach.documents.workbooks.reading import OpenedWorkbook as OpenedWorkbook
from quetsach.documents.workbooks.reading import WorkbookAnswer as WorkbookAnswer
from quetsach.documents.workbooks.reading import open_workbook as open_workbook
from quetsach.documents.workbooks.reading import read_workbook as read_workbook
from quetsach.documents.workbooks.workbook import WorkbookPaper as WorkbookPaper
from quetsach.documents.workbooks.workbook import workbook_bytes as workbook_bytes
from quetsach.errors.exceptions import QuetsachError as QuetsachError
from quetsach.findings.folder import Findings, read_folder
from quetsach.forms.adding import add_up as add_up
from quetsach.forms.adding import mismatches as mismatches
from quetsach.forms.checks import FormRemark as FormRemark
from quetsach.forms.checks import check as check
from quetsach.forms.checks import open_findings as open_findings
from quetsach.forms.definition import FACT as FACT
from quetsach.forms.definition import UNIT_LABELS as UNIT_LABELS
from quetsach.forms.definition import Aggregation as Aggregation
from quetsach.forms.definition import CheckRule as CheckRule
from quetsach.forms.definition import FormCheck as FormCheck
from quetsach.forms.definition import FormPart as FormPart
from quetsach.forms.definition import Label as Label
from quetsach.forms.definition import ReportField as ReportField
from quetsach.forms.definition import ReportFieldKind as ReportFieldKind
from quetsach.forms.definition import ReportFormDefinition as ReportFormDefinition
from quetsach.forms.definition import Severity as Severity
from quetsach.forms.definition import TableCount as TableCount
from quetsach.forms.definition import TextSource as TextSource
from quetsach.forms.definition import kind_of as kind_of
from quetsach.forms.definition import with_blocks as with_blocks
from quetsach.forms.distinct import estimate as estimate
from quetsach.forms.distinct import sketch_of as sketch_of
from quetsach.forms.estimates import PopulationEstimate as PopulationEstimate
from quetsach.forms.estimates import RateRatio as RateRatio
from quetsach.forms.estimates import rate_ratio as rate_ratio
from quetsach.forms.estimates import seen_twice as seen_twice
from quetsach.forms.proof_bundle import bundle_lines as bundle_lines
from quetsach.forms.proof_bundle import sign_bundle as sign_bundle
from quetsach.forms.proof_bundle import write_bundle as write_bundle
from quetsach.forms.proving import BundleVerification as BundleVerification
from quetsach.forms.proving import verify_bundle as verify_bundle
from quetsach.forms.reading import form_digest as form_digest
from quetsach.forms.reading import form_json as form_json
from quetsach.forms.reading import read_form as read_form
from quetsach.forms.reading import shipped_codes as shipped_codes
from quetsach.forms.reading import shipped_form as shipped_form
from quetsach.forms.sample import SampleShare as SampleShare
from quetsach.forms.sample import draw as draw
from quetsach.forms.sample import share as share
from quetsach.forms.value_json import figure_from_json as figure_from_json
from quetsach.forms.value_json import own_from_json as own_from_json
from quetsach.forms.value_json import own_to_json as own_to_json
from quetsach.forms.values import AbsenceReason as AbsenceReason
from quetsach.forms.values import Adjustment as Adjustment
from quetsach.forms.values import ChildContribution as ChildContribution
from quetsach.forms.values import ChildUse as ChildUse
from quetsach.forms.values import ChosenAnswers as ChosenAnswers
from quetsach.forms.values import FieldRows as FieldRows
from quetsach.forms.values import FigureGrade as FigureGrade
from quetsach.forms.values import GradedCount as GradedCount
from quetsach.forms.values import OwnValue as OwnValue
from quetsach.forms.values import SummedFigure as SummedFigure
from quetsach.forms.values import TextValue as TextValue
from quetsach.forms.values import Value as Value
from quetsach.forms.values import absent_words as absent_words
from quetsach.forms.values import format_number as format_number
from quetsach.forms.values import format_value as format_value
from quetsach.forms.values import read_count as read_count
from quetsach.forms.values import same_answer as same_answer
from quetsach.forms.version import FormVersionKind as FormVersionKind
from quetsach.forms.version import Input as Input
from quetsach.forms.version import LookedStatement as LookedStatement
from quetsach.forms.version import ReportVersionText as ReportVersionText
from quetsach.forms.version import digest_of as digest_of
from quetsach.forms.version import read_version as read_version
from quetsach.forms.version import version_json as version_json
from quetsach.readers.contract import ReadLimits
from quetsach.readers.read import read_paper as read_paper
from quetsach.signing.pades.certificates import PdfCertificate as PdfCertificate
from quetsach.signing.pades.certificates import names_one_of as names_one_of
from quetsach.signing.pades.certificates import read_certificate as read_certificate
from quetsach.signing.pades.certificates import signer_of_file
from quetsach.signing.pades.sign import SignaturePurpose
from quetsach.signing.pades.sign import sign_pdf as sign_pdf
from quetsach.signing.pades.state import PdfDifference as PdfDifference
from quetsach.signing.pades.state import PdfSigner as PdfSigner
from quetsach.signing.pades.state import PdfStamp as PdfStamp
from quetsach.signing.pades.state import PdfState as PdfState
from quetsach.signing.pades.state import SignatureFlaw, sentences
from quetsach.signing.pades.state import difference_words as difference_words
from quetsach.signing.pades.state import flaw_words as flaw_words
from quetsach.signing.pades.state import note_words as note_words
from quetsach.signing.pades.state import state_words as state_words
from quetsach.signing.pades.trust import TrustStore

if TYPE_CHECKING:
    from quetsach.documents.reports.sweep_report import WrittenReport

PaperLimits = ReadLimits
PdfFlaw = SignatureFlaw
PdfPurpose = SignaturePurpose
PdfTrust = TrustStore
pdf_signer = signer_of_file
signer_sentences = sentences


def report_files(
    report: OfficialReport, *, paper: bool = False, created: datetime | None = None
) -> ReportFiles:
    """Return an official report as DOCX, PDF and XML for the register; for `paper` with QR codes.

    Shapes: `created` is aware; the day of signing unless it is given.
    Errors: E460 when it cannot be printed, E461, E463 when the register could not hold it; E405.
    """
    # Imported where it is used: adding up need not wait for the typesetter.
    from quetsach.documents.letters.letter import Medium
    from quetsach.documents.reports.paper_files import report_files as write_files

    medium = Medium.PAPER if paper else Medium.ELECTRONIC
    return write_files(report, medium=medium, created=created)


def register_entry(report: OfficialReport) -> RegisterEntry:
    """Return what the register of outgoing documents holds of `report`, its pages uncounted."""
    from quetsach.documents.reports.paper_files import register_entry as entry_of

    return entry_of(report)


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
    # Imported where it is used: listing forms need not wait for the typesetter.
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
