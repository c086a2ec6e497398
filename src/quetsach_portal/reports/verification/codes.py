"""Verification codes: the version or letter of a code, and the text of a PDF that has one."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Q, QuerySet

from quetsach.api.reports import PaperLimits, QuetsachError, read_paper
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.files.signed_pdf import names_of
from quetsach_portal.letters.models import Letter, LetterState
from quetsach_portal.reports.models.document import DocumentState, ReportDocument
from quetsach_portal.reports.models.report import COUNTS, STANDS, ReportVersion, VersionState

_CODE = re.compile(r"[0-9a-f]{16}\Z")


class CodeStatus(StrEnum):
    """The status of the version that a code names."""

    VALID = "valid"
    HANDED_IN = "handed_in"
    REPLACED = "replaced"
    UNDONE = "undone"


@dataclass(frozen=True)
class VersionFacts:
    """A version as anybody who holds its paper may know it; no figure of it.

    Shapes: `replaced_by` is the number of the version that counts instead, None where none does.
    """

    version: ReportVersion
    standing: CodeStatus
    replaced_by: int | None
    number: str = ""
    signed_on: date | None = None
    released_at: datetime | None = None

    @property
    def is_valid(self) -> bool:
        """Whether this is the version that counts."""
        return self.standing is CodeStatus.VALID


def code_in(text: str) -> str | None:
    """Return the code that a person typed: blanks, dashes and case do not matter; else None."""
    plain = re.sub(r"[\s\u00a0-]", "", text).lower()
    return plain if _CODE.match(plain) else None


def facts_by_code(code: str) -> VersionFacts | None:
    """Return what is known of a code of 16 hex digits, or None."""
    # As a range, which both databases answer by the index; 16 digits may name two, the newer then.
    rows = ReportVersion.objects.filter(sha256__gte=code, sha256__lt=f"{code}g")
    version = rows.select_related("slot__node__campaign", "slot__phase").order_by("-pk").first()
    return None if version is None else version_facts(version)


def letter_by(code: str) -> Letter | None:
    """Return the letter that was issued with a code of 16 hex digits, or None."""
    return _issued_letters().filter(sha256__gte=code, sha256__lt=f"{code}g").first()


def letter_of_file(sha256: str) -> Letter | None:
    """Return the letter that was issued as a file with this digest, or None."""
    files = Q(pdf__sha256=sha256) | Q(paper__sha256=sha256) | Q(original__sha256=sha256)
    return _issued_letters().filter(files).first()


def _issued_letters() -> QuerySet[Letter]:
    issued = Letter.objects.filter(
        is_outside=False, state__in=(LetterState.RELEASED, LetterState.WITHDRAWN)
    )
    return issued.select_related("node__unit", "pdf", "paper", "original").order_by("-pk")


def version_facts(version: ReportVersion) -> VersionFacts:
    """Return what is known of a version."""
    documents = ReportDocument.objects.filter(version=version, number__isnull=False)
    document = documents.exclude(state=DocumentState.FAILED).order_by("-seq").first()
    standing, replaced_by = _standing(version)
    if document is None:
        return VersionFacts(version, standing, replaced_by)
    number, signed_on = document.full_number, document.signed_on
    return VersionFacts(version, standing, replaced_by, number, signed_on, document.released_at)


def _standing(version: ReportVersion) -> tuple[CodeStatus, int | None]:
    if version.state in COUNTS:
        return CodeStatus.VALID, None
    if version.state == VersionState.SUBMITTED:
        return CodeStatus.HANDED_IN, None
    later = ReportVersion.objects.filter(slot=version.slot_id, n__gt=version.n, state__in=STANDS)
    number = later.order_by("-n").values_list("n", flat=True).first()
    is_replaced = version.state == VersionState.SUPERSEDED
    return CodeStatus.REPLACED if is_replaced else CodeStatus.UNDONE, number


def units_named(node: CampaignNode) -> tuple[str, ...]:
    """Return the names that a certificate of the unit may have, including former names."""
    return names_of(node.unit, node.name_at_freeze)


# Text of an untrusted PDF, read in a sandbox.

LIMITS = PaperLimits(
    bytes_in=64 * 1024 * 1024,
    pages=300,
    blocks=100_000,
    depth=0,
    seconds=15.0,
    ocr_pages=0,
    ocr_seconds=0.0,
    memory=1024 * 1024 * 1024,
    parts=0,
)


def text_of(raw: bytes) -> str:
    """Return the text of a PDF, "" where none can be read: a picture has no code to be found."""
    try:
        paper = read_paper(raw, "kiem-tra.pdf", LIMITS)
    except QuetsachError:
        return ""
    return "\n".join(block.text for block in paper.blocks)
