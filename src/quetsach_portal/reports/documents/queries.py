"""Read what a page of documents shows."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from quetsach.api.reports import flaw_words, note_words
from quetsach_portal.campaigns.scope import node_scope
from quetsach_portal.letters.models import Capacity
from quetsach_portal.reports.certificates.holders import words
from quetsach_portal.reports.document_models import (
    DocumentSignature,
    DocumentState,
    ReportDocument,
    SigningMethod,
)
from quetsach_portal.reports.documents.access import MAKES, NUMBERS, SIGNS
from quetsach_portal.reports.documents.official import addressees
from quetsach_portal.reports.models import COUNTS, ReportVersion
from quetsach_portal.rights.scope import Scope

_KEPT = (
    "signer_name",
    "signer_post",
    "capacity",
    "capacity_of",
    "on_behalf_of",
    "place",
    "contact",
)


@dataclass(frozen=True)
class ShownSignature:
    """A signed copy with what is said of it."""

    signature: DocumentSignature
    said: tuple[str, ...]
    is_pades: bool
    holder: str


@dataclass(frozen=True)
class DocumentPage:
    """The newest edition of a version's document, and what whoever looks may do with it."""

    version: ReportVersion
    document: ReportDocument | None
    earlier: tuple[ReportDocument, ...]
    signatures: tuple[ShownSignature, ...]
    addressees: tuple[str, ...]
    may_make: bool
    may_number: bool
    may_sign: bool
    may_release: bool

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
    signatures = _signatures(version)
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
    )


def numbering_for(document: ReportDocument) -> dict[str, Any]:
    """Return the initial values of the form by which a report gets its number."""
    unit = document.version.slot.node.unit_id
    last = (
        ReportDocument.objects.filter(version__slot__node__unit=unit, number__isnull=False)
        .order_by("-pk")
        .first()
    )
    source = document if document.number is not None else last
    kept = {name: getattr(source, name) for name in _KEPT} if source is not None else {}
    return {
        "capacity": Capacity.DIRECT,
        "place": document.place,
        **kept,
        "urgency": document.urgency,
        "number": document.number,
        "code": document.code if source is None else source.code,
        "signed_on": document.signed_on or timezone.localdate(),
    }


def said_of(one: DocumentSignature) -> tuple[str, ...]:
    """Return what is against a signed copy, and what has to be known of it, as sentences."""
    return (*map(flaw_words, one.flaws), *map(note_words, one.notes))


def _signatures(version: ReportVersion) -> tuple[ShownSignature, ...]:
    rows = (
        DocumentSignature.objects.filter(document__version=version)
        .select_related("file", "document", "kept_by", "certificate__user", "certificate__unit")
        .order_by("document__seq", "seq")
    )
    return tuple(_shown(one) for one in rows)


def _shown(one: DocumentSignature) -> ShownSignature:
    is_pades = one.method == SigningMethod.PADES
    holder = words(one.certificate) if is_pades else ""
    return ShownSignature(one, said_of(one), is_pades, holder)
