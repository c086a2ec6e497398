"""An official report (báo cáo) as values: figures, children, the replaced report, its proof."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from quetsach.documents.letters.letter import MOST_IN_SUBJECT, Citation, LetterSigner, UrgencyStamp
from quetsach.documents.reports.register_entry import Addressee
from quetsach.documents.typeset.letterhead import Letterhead
from quetsach.documents.typeset.proof import DocumentProof, contact_flaws, proof_flaws
from quetsach.documents.typeset.text import UnprintableCharacter
from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.definition import (
    ReportField,
    ReportFieldKind,
    ReportFormDefinition,
    TableCount,
    kind_of,
)
from quetsach.forms.sample import SampleShare
from quetsach.forms.values import (
    AbsenceReason,
    ChildContribution,
    ChosenAnswers,
    FieldRows,
    GradedCount,
    SummedFigure,
    TextValue,
)
from quetsach.forms.version import LookedStatement
from quetsach.texts import _

MOST_CHILDREN = 20_000


_DIGEST = re.compile(r"[0-9a-f]{64}")
_VALUES: Mapping[ReportFieldKind, type[TextValue | GradedCount | ChosenAnswers | FieldRows]] = {
    ReportFieldKind.TEXT: TextValue,
    ReportFieldKind.COUNT: GradedCount,
    ReportFieldKind.CHOICE: ChosenAnswers,
    ReportFieldKind.TABLE: FieldRows,
}


@dataclass(frozen=True)
class RecheckFigures:
    """The result of a re-check of a random sample, beside the declared share.

    Shapes: `what` names the share in Vietnamese ("Máy đã được xử lý sạch"), `units` what was drawn
    ("máy"); `declared` is from 0 to 1, None where nobody declared a share. `field` is the figure
    that it is printed beside, "" for none. `undecided` names what was drawn without a result;
    it is in no share. `outside` names in Vietnamese what was excluded from the sample.
    """

    what: str
    share: SampleShare
    population: int
    units: str
    declared: float | None = None
    seed: str = ""
    field: str = ""
    undecided: tuple[str, ...] = ()
    outside: str = ""


@dataclass(frozen=True)
class Correction:
    """The report that this one replaces, or adds to, with its figures, and why."""

    of: Citation
    reason: str
    old: Mapping[str, SummedFigure]
    is_supplement: bool = False


@dataclass(frozen=True)
class FilingFacts:
    """What the register keeps beside the document's own words; all of it may be unknown.

    Shapes: `organ_id` is the issuer's; `addressee_ids` are those of the addressees, by name.
    """

    organ_id: str = ""
    catalog: int | None = None
    notation: str = ""
    ordinal: int | None = None
    copies: int | None = None
    due: date | None = None
    description: str = ""
    addressee_ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OfficialReport:
    """A report with everything around its figures.

    Shapes: `about` is the title below BÁO CÁO, the form's own where it is "". `legal` are lines
    that begin with "Căn cứ", `basis` what follows them, the form's own where there is none.
    `children` are the reports that went in; `waiting`, `returned` and `missing` name the units of
    which none did: handed in and not accepted yet, returned and not handed in again, not handed in.
    `expected` is how many should report: all of them, unless it is given. `headline` are the ids of
    the figures that the report itself names; the first counts of the form, unless it is given.
    `contact` are the lines at the foot of page 1. `looked` is what was looked at and why no more,
    None in reports that were made before it was asked for.
    """

    form: ReportFormDefinition
    figures: Mapping[str, SummedFigure]
    head: Letterhead
    about: str = ""
    legal: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    signer: LetterSigner | None = None
    recipients: tuple[str, ...] = ()
    children: tuple[ChildContribution, ...] = ()
    missing: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    expected: int | None = None
    is_nil: bool = False
    headline: tuple[str, ...] | None = None
    verified: tuple[RecheckFigures, ...] = ()
    correction: Correction | None = None
    version: int = 1
    proof: DocumentProof | None = None
    filed: FilingFacts = FilingFacts()
    urgency: UrgencyStamp | None = None
    contact: tuple[str, ...] = ()
    looked: LookedStatement | None = None

    @property
    def subject(self) -> str:
        """Return what the report is about."""
        return self.about if self.about.strip() else self.form.title.vi

    @property
    def is_added_up(self) -> bool:
        """Tell whether units below report to this one."""
        return bool(self.children or self.absentees or self.expected)

    @property
    def absentees(self) -> int:
        """Return how many units are named of which no report went in."""
        return len(self.missing) + len(self.waiting) + len(self.returned)

    @property
    def reported(self) -> int:
        """Return how many units below have reported, accepted or not; one on two lines is one."""
        return len({child.node for child in self.children}) + len(self.waiting)

    @property
    def known(self) -> int:
        """Return how many units below should report, as far as they are named."""
        return self.reported + len(self.missing) + len(self.returned)

    def addressees(self) -> tuple[Addressee, ...]:
        """Return who gets the report, as the register names them."""
        known = self.filed.addressee_ids
        return tuple(Addressee(name, known.get(name, "")) for name in self.head.addressees)


@dataclass(frozen=True)
class ReportFiles:
    """A report in both forms, its entry in the register as XML, and notes for the reader.

    Shapes: `unfit` are the characters that no typeface here shows; a □ replaces each.
    """

    docx: bytes
    pdf: bytes
    metadata: bytes
    notes: tuple[str, ...]
    unfit: tuple[UnprintableCharacter, ...] = ()


def checked_report(report: OfficialReport) -> OfficialReport:
    """Return `report` when it can be printed as it is.

    Errors: E460 that says what is missing or does not fit.
    """
    for reason in _flaws(report):
        raise QuetsachError("E460", report.subject[:80], reason=reason)
    return report


def _flaws(report: OfficialReport) -> Iterator[str]:
    number = report.head.number
    if number is not None and number < 1:
        yield _("the number is less than 1")
    if len(report.subject) > MOST_IN_SUBJECT:
        yield _("the subject is longer than %(most)s characters") % {"most": MOST_IN_SUBJECT}
    ids = frozenset(report.form.ids())
    beside = [one.field for one in report.verified if one.field]
    old = () if report.correction is None else report.correction.old
    for key in (*report.figures, *(report.headline or ()), *beside, *old):
        if key not in ids:
            yield _("the form has no figure %(key)s") % {"key": key[:40]}
    for entry in report.form.entries():
        figure = report.figures.get(entry.id)
        if figure is not None:
            yield from _flaws_of_figure(entry, figure)
    yield from _flaws_below(report)
    yield from proof_flaws(report.proof)
    yield from contact_flaws(report.contact, report.proof)
    if report.correction is not None:
        if not report.correction.of.number.strip():
            yield _("the number of the report that it replaces is missing")
        if not report.correction.reason.strip():
            yield _("the reason of the correction is missing")


def _flaws_of_figure(field: ReportField | TableCount, figure: SummedFigure) -> Iterator[str]:
    kinds = _VALUES[kind_of(field)]
    for answer in (figure.total, *(words.value for words in figure.said)):
        if isinstance(answer, AbsenceReason):
            continue
        if not isinstance(answer, kinds):
            yield _("“%(field)s” has a value of the wrong kind") % {"field": field.label.vi}
        elif isinstance(answer, FieldRows) and not _fits(field, answer):
            message = _("a row of “%(field)s” has the wrong number of cells")
            yield message % {"field": field.label.vi}


def _fits(entry: ReportField | TableCount, value: FieldRows) -> bool:
    columns = entry.columns if isinstance(entry, ReportField) else ()
    return all(len(row) == len(columns) for row in value.rows)


def _flaws_below(report: OfficialReport) -> Iterator[str]:
    if len(report.children) > MOST_CHILDREN:
        yield _("a report lists at most %(most)s units") % {"most": MOST_CHILDREN}
    if report.expected is not None and report.expected != report.known:
        yield _("%(known)s units are named, but %(expected)s should report") % {
            "known": report.known,
            "expected": report.expected,
        }
    for child in report.children:
        if _DIGEST.fullmatch(child.digest) is None:
            yield _("the digest of %(unit)s is not a SHA-256 digest") % {"unit": child.name[:80]}
