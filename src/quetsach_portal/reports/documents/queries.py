"""Read documents of reports, their signatures and their register entries."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from xml.etree import ElementTree

from django.db.models import Q, QuerySet
from django.utils import timezone

from quetsach.api.reports import entry_json, flaw_words, note_words, register_entry
from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.scope import node_scope
from quetsach_portal.letters.models import LetterCapacity
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope, get_or_404
from quetsach_portal.reports.access import own_version, readable_version, reads_below
from quetsach_portal.reports.certificates.actions import words
from quetsach_portal.reports.documents.official import addressees, official_report
from quetsach_portal.reports.models.document import (
    DocumentSignature,
    DocumentState,
    ReportDocument,
    SigningMethod,
)
from quetsach_portal.reports.models.report import COUNTS, ReportVersion

MOST_SHOWN = 50
"""So many acts the page of a document shows."""

# Permissions of documents.

MAKES = (Role.FOCAL_POINT, Role.COMPILER, Role.CLERK, Role.SIGNER)
NUMBERS = (Role.CLERK,)
SIGNS = (Role.CLERK, Role.SIGNER)


def version_to_print(scope: Scope, version_id: int) -> ReportVersion:
    """Return a version to users who may request its document. Errors: as `access.own_slot`."""
    return own_version(scope, version_id, *MAKES)


def version_to_prove(scope: Scope, version_id: int) -> tuple[ReportVersion, bool]:
    """Return a version to users who may read it, and whether they may also read the reports below.

    Errors: as `access.readable_report`.
    """
    version = readable_version(scope, version_id)
    node = version.slot.node
    return version, reads_below(node_scope(scope, node.campaign), node)


def readable_document(scope: Scope, document_id: int) -> ReportDocument:
    """Return a document to users who may read the report. Errors: as `access.readable_report`."""
    document = _document(document_id)
    document.version = readable_version(scope, document.version_id)
    return document


def document_to(scope: Scope, document_id: int, *roles: Role) -> ReportDocument:
    """Return a document to a user with one of `roles` in its unit.

    Errors: as `access.own_slot`.
    """
    document = _document(document_id)
    document.version = own_version(scope, document.version_id, *roles)
    return document


def readable_signature(scope: Scope, signature_id: int) -> DocumentSignature:
    """Return a signed copy to readers of the report. Errors: as `access.readable_report`."""
    signatures = DocumentSignature.objects.select_related("file")
    signature = get_or_404(signatures.filter(pk=signature_id))
    signature.document = readable_document(scope, signature.document_id)
    return signature


def _document(document_id: int) -> ReportDocument:
    related = ("docx", "pdf", "paper", "asked_by", "released_by")
    return get_or_404(ReportDocument.objects.filter(pk=document_id).select_related(*related))


_COPIED = (
    "signer_name",
    "signer_post",
    "capacity",
    "capacity_of",
    "on_behalf_of",
    "place",
    "contact",
)
"""Fields that the next number takes over from the last numbered document."""


@dataclass(frozen=True)
class SignedCopyView:
    """A signed copy with its remarks."""

    signature: DocumentSignature
    said: tuple[str, ...]
    is_pades: bool
    holder: str


@dataclass(frozen=True)
class DocumentPage:
    """The newest edition of a version's document, and what the user may do with it."""

    version: ReportVersion
    document: ReportDocument | None
    earlier: tuple[ReportDocument, ...]
    signatures: Sequence[SignedCopyView]
    addressees: tuple[str, ...]
    may_make: bool
    may_number: bool
    may_sign: bool
    may_release: bool
    acts: Sequence[AuditEvent] = ()

    @property
    def is_made(self) -> bool:
        """Whether the files of the newest edition are there."""
        return self.document is not None and self.document.state == DocumentState.MADE


def document_page(scope: Scope, version: ReportVersion) -> DocumentPage:
    """Return what the page of a version's document shows."""
    related = ("docx", "pdf", "paper", "released_by")
    rows = list(
        ReportDocument.objects.filter(version=version).select_related(*related).order_by("-seq")
    )
    newest = rows[0] if rows else None
    signatures = _copy_views(version)
    seats = node_scope(scope, version.slot.node.campaign)
    node = version.slot.node
    is_out = newest is not None and newest.released_at is not None
    is_open = newest is not None and not is_out and version.state in COUNTS
    has_number = newest is not None and newest.number is not None
    is_made = newest is not None and newest.state == DocumentState.MADE
    is_clerk = seats.has_role_in(node, *NUMBERS)
    return DocumentPage(
        version=version,
        document=newest,
        earlier=tuple(rows[1:]),
        signatures=signatures,
        addressees=addressees(version),
        may_make=seats.has_role_in(node, *MAKES),
        may_number=is_clerk and is_open and not signatures,
        may_sign=is_open and has_number and is_made and seats.has_role_in(node, *SIGNS),
        may_release=is_clerk and is_open and has_number and is_made,
        acts=list(acts_of(version)[:MOST_SHOWN]),
    )


def acts_of(version: ReportVersion) -> QuerySet[AuditEvent]:
    """Return the acts on a version and its documents, as they stand in the trail, in order."""
    documents = ReportDocument.objects.filter(version=version).values_list("pk", flat=True)
    signatures = DocumentSignature.objects.filter(document__version=version)
    of_version = Q(object_kind="reportversion", object_id=str(version.pk))
    of_document = Q(object_kind="reportdocument", object_id__in=list(map(str, documents)))
    numbers = [str(pk) for pk in signatures.values_list("pk", flat=True)]
    of_signature = Q(object_kind="documentsignature", object_id__in=numbers)
    acts = AuditEvent.objects.filter(of_version | of_document | of_signature)
    return acts.order_by("seq")


def numbering_for(document: ReportDocument) -> dict[str, Any]:
    """Return the initial values of the form by which a report gets its number."""
    unit = document.version.slot.node.unit_id
    numbered = ReportDocument.objects.filter(version__slot__node__unit=unit, number__isnull=False)
    source = document if document.number is not None else numbered.order_by("-pk").first()
    copied = {} if source is None else {name: getattr(source, name) for name in _COPIED}
    return {
        "capacity": LetterCapacity.DIRECT,
        "place": document.place,
        **copied,
        "urgency": document.urgency,
        "number": document.number,
        "code": document.code if source is None else source.code,
        "signed_on": document.signed_on or timezone.localdate(),
    }


def signature_remarks(signature: DocumentSignature) -> tuple[str, ...]:
    """Return what is against a signed copy, and what has to be known of it, as sentences."""
    return (*map(flaw_words, signature.flaws), *map(note_words, signature.notes))


def _copy_views(version: ReportVersion) -> list[SignedCopyView]:
    rows = DocumentSignature.objects.filter(document__version=version)
    related = ("file", "document", "kept_by", "certificate__user", "certificate__unit")
    views = []
    for signature in rows.select_related(*related).order_by("document__seq", "seq"):
        is_pades = signature.method == SigningMethod.PADES
        holder = words(signature.certificate) if is_pades else ""
        views.append(SignedCopyView(signature, signature_remarks(signature), is_pades, holder))
    return views


# The entry for the register of outgoing documents, as XML or JSON.

FORMS = ("xml", "json")


def entry_as(document: ReportDocument, form: str) -> bytes:
    """Return the entry of a document whose files are complete.

    The XML was created with the files and has their number of pages.
    """
    if form == "xml":
        return document.entry.encode()
    pages = ElementTree.fromstring(document.entry).findtext(".//PageAmount")  # noqa: S314 - ours
    entry = register_entry(official_report(document))
    return entry_json(replace(entry, pages=int(pages) if pages else None))
