"""What is known of a code on paper: whose report, which version, and whether it still counts."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Q, QuerySet

from quetsach_portal.letters.models import Letter, LetterState
from quetsach_portal.reports.document_models import DocumentState, ReportDocument
from quetsach_portal.reports.models import COUNTS, STANDS, ReportVersion, VersionState

_CODE = re.compile(r"[0-9a-f]{16}\Z")


class Standing(StrEnum):
    """What is to be said of the version that a code names."""

    VALID = "valid"
    HANDED_IN = "handed_in"
    REPLACED = "replaced"
    UNDONE = "undone"


@dataclass(frozen=True)
class Known:
    """A version as anybody who holds its paper may know it; no figure of it.

    Shapes: `replaced_by` is the number of the version that counts instead, None where none does.
    """

    version: ReportVersion
    standing: Standing
    replaced_by: int | None
    number: str
    signed_on: date | None
    released_at: datetime | None

    @property
    def is_valid(self) -> bool:
        """Whether this is the version that counts."""
        return self.standing is Standing.VALID


def code_in(text: str) -> str | None:
    """Return the code that a person typed: blanks, dashes and case do not matter; else None."""
    plain = re.sub(r"[\s\u00a0-]", "", text).lower()
    return plain if _CODE.match(plain) else None


def known_by(code: str) -> Known | None:
    """Return what is known of a code of 16 hex digits, or None."""
    # As a range, which both databases answer by the index; 16 digits may name two, the newer then.
    rows = ReportVersion.objects.filter(sha256__gte=code, sha256__lt=f"{code}g")
    version = rows.select_related("slot__node__campaign", "slot__phase").order_by("-pk").first()
    return None if version is None else known(version)


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


def known(version: ReportVersion) -> Known:
    """Return what is known of a version."""
    document = (
        ReportDocument.objects.filter(version=version, number__isnull=False)
        .exclude(state=DocumentState.FAILED)
        .order_by("-seq")
        .first()
    )
    standing, by = _standing(version)
    return Known(
        version,
        standing,
        by,
        "" if document is None else document.full_number,
        None if document is None else document.signed_on,
        None if document is None else document.released_at,
    )


def _standing(version: ReportVersion) -> tuple[Standing, int | None]:
    if version.state in COUNTS:
        return Standing.VALID, None
    if version.state == VersionState.SUBMITTED:
        return Standing.HANDED_IN, None
    later = ReportVersion.objects.filter(slot=version.slot_id, n__gt=version.n, state__in=STANDS)
    found = later.order_by("-n").first()
    if version.state == VersionState.SUPERSEDED:
        return Standing.REPLACED, None if found is None else found.n
    return Standing.UNDONE, None if found is None else found.n
