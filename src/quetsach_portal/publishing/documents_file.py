"""Write the letters and report versions that anybody may verify on the public plane."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.audit.anchors import anchors_path
from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.campaigns.public_page import shown_page
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.letters.cascade import authority_of
from quetsach_portal.letters.models import Letter, LetterState
from quetsach_portal.publishing.folder import Writer, write_all, write_file
from quetsach_portal.reports.models.document import DocumentState, ReportDocument
from quetsach_portal.reports.models.report import COUNTS, STANDS, ReportVersion, VersionState
from quetsach_public.documents import DocumentStatus, PublicDocument, write_documents
from quetsach_public.settings import ANCHORS_FILE

DOCUMENTS_LABEL = _lazy("Documents that can be checked")
DOCUMENTS_FILE = "documents.json"

_Numbered = dict[int, tuple[str, str]]
"""Number and day of signing by version."""


def refresh_documents(work: RunningJob) -> None:
    """Write the documents; a separate job, because they change all day."""
    if shown_page() is not None:
        write_all([DOCUMENTS_WRITER])
    with work.finishing():
        pass


def write_documents_file(folder: Path) -> None:
    """Write all documents of all campaigns: a paper of the last one is checked as well."""
    write_documents(folder / DOCUMENTS_FILE, [*letters(), *versions()], timezone.localtime())


DOCUMENTS_WRITER = Writer(
    "quetsach_portal.publishing.documents.write", write_documents_file, DOCUMENTS_LABEL
)


def letters() -> Iterator[PublicDocument]:
    """Yield the letters that were issued here, and those of others that they name as their basis.

    What others issued is for others to vouch for: of a basis no more is said than that it is one.
    """
    issued = (LetterState.RELEASED, LetterState.WITHDRAWN)
    for letter in Letter.objects.filter(is_outside=False, state__in=issued).iterator():
        standing = (
            DocumentStatus.VALID if letter.state == LetterState.RELEASED else DocumentStatus.UNDONE
        )
        yield PublicDocument(
            letter.issuer_name,
            letter.full_number,
            _iso(letter.signed_on),
            standing,
            code=letter.check_code,
            subject=letter.subject,
        )
    named = Letter.objects.filter(
        is_outside=True,
        passed_on__state=LetterState.RELEASED,
        number__isnull=False,
        signed_on__isnull=False,
    )
    for letter in named.distinct().iterator():
        yield PublicDocument(
            letter.issuer_name, letter.full_number, _iso(letter.signed_on), DocumentStatus.BASIS
        )
    yield from _authorities()


def _authorities() -> Iterator[PublicDocument]:
    """Yield the documents that campaigns rest on where nobody registered them as letters."""
    resting = Letter.objects.filter(
        is_outside=False, based_on__isnull=True, state=LetterState.RELEASED
    )
    campaigns = Campaign.objects.filter(pk__in=resting.values("campaign_id"))
    for campaign in campaigns.select_related("lead_unit").iterator():
        named = authority_of(campaign)
        if named is not None and named.number and named.dated is not None:
            yield PublicDocument(named.body, named.number, _iso(named.dated), DocumentStatus.BASIS)


def versions() -> Iterator[PublicDocument]:
    """Yield the versions of reports, each as the portal's own page knows it."""
    numbered = _numbered()
    rows = ReportVersion.objects.order_by("slot_id", "n").values_list(
        "slot_id", "pk", "n", "state", "sha256", "slot__node__name_at_freeze"
    )
    standing: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for slot, pk, n in rows.filter(state__in=STANDS).values_list("slot_id", "pk", "n"):
        standing[slot] = (n, pk)
    for slot, pk, n, state, sha256, issuer in rows.iterator():
        number, day = numbered.get(pk, ("", ""))
        status = _standing(state)
        later, by = standing[slot]
        is_replaced = status is DocumentStatus.REPLACED and later > n
        by_number, by_day = numbered.get(by, ("", "")) if is_replaced else ("", "")
        yield PublicDocument(
            issuer,
            number,
            day,
            status,
            code=sha256[:16],
            version=n,
            by_number=by_number,
            by_day=by_day,
            by_version=later if is_replaced else 0,
        )


def _numbered() -> _Numbered:
    """Return the number of each version that has one: that of its newest edition."""
    editions = ReportDocument.objects.filter(number__isnull=False)
    editions = editions.exclude(state=DocumentState.FAILED).order_by("seq").defer("entry")
    return {one.version_id: (one.full_number, _iso(one.signed_on)) for one in editions.iterator()}


def _standing(state: str) -> DocumentStatus:
    if state in COUNTS:
        return DocumentStatus.VALID
    if state == VersionState.SUBMITTED:
        return DocumentStatus.HANDED_IN
    return DocumentStatus.REPLACED if state == VersionState.SUPERSEDED else DocumentStatus.UNDONE


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()


# The signed heads of the audit trail, for anybody to fetch and keep.

ANCHORS_LABEL = _lazy("Anchors of the audit trail")


def write_anchors_file(folder: Path) -> None:
    """Copy the anchors; nothing in them names a person, a unit or a machine."""
    path = anchors_path()
    if path.exists():
        write_file(folder / ANCHORS_FILE, path.read_bytes())


ANCHORS_WRITER = Writer(
    "quetsach_portal.publishing.anchors.write", write_anchors_file, ANCHORS_LABEL
)
