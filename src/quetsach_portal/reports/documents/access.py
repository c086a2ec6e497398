"""Who may see a report's document, have it made, number it, keep its signatures, release it."""

from quetsach_portal.campaigns.scope import node_scope
from quetsach_portal.reports.access import own_version, reads_below, seen_version
from quetsach_portal.reports.document_models import DocumentSignature, ReportDocument
from quetsach_portal.reports.models import ReportVersion
from quetsach_portal.rights.models import Role
from quetsach_portal.rights.scope import Scope, found

MAKES = (Role.FOCAL_POINT, Role.COMPILER, Role.CLERK, Role.SIGNER)
NUMBERS = (Role.CLERK,)
SIGNS = (Role.CLERK, Role.SIGNER)


def version_to_print(scope: Scope, version_id: int) -> ReportVersion:
    """Return a version to who may have its document made. Errors: as `access.own_slot`."""
    return own_version(scope, version_id, *MAKES)


def version_to_prove(scope: Scope, version_id: int) -> tuple[ReportVersion, bool]:
    """Return a version to whoever may read it, and whether they may read those below it, too.

    Errors: as `access.seen_slot`.
    """
    version = seen_version(scope, version_id)
    node = version.slot.node
    return version, reads_below(node_scope(scope, node.campaign), node)


def seen_document(scope: Scope, document_id: int) -> ReportDocument:
    """Return a document to whoever may read the report. Errors: as `access.seen_slot`."""
    document = _document(document_id)
    document.version = seen_version(scope, document.version_id)
    return document


def document_to(scope: Scope, document_id: int, *roles: Role) -> ReportDocument:
    """Return a document to somebody with one of `roles` in its unit.

    Errors: as `access.own_slot`.
    """
    document = _document(document_id)
    document.version = own_version(scope, document.version_id, *roles)
    return document


def seen_signature(scope: Scope, signature_id: int) -> DocumentSignature:
    """Return a signed copy to whoever may read the report. Errors: as `access.seen_slot`."""
    signatures = DocumentSignature.objects.select_related("file")
    signature = found(signatures.filter(pk=signature_id))
    signature.document = seen_document(scope, signature.document_id)
    return signature


def _document(document_id: int) -> ReportDocument:
    related = ("docx", "pdf", "paper", "asked_by", "released_by")
    return found(ReportDocument.objects.filter(pk=document_id).select_related(*related))
