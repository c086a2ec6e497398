"""Who may open the pages of reports' documents and workbooks, and the open page that checks one."""

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import ExpectedReport
from quetsach_portal.files.actions import store_upload
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.models.document import (
    DocumentSignature,
    DocumentState,
    ReportDocument,
    SignatureResult,
    SignerCertificate,
    SigningMethod,
)
from quetsach_portal.reports.models.report import ReportVersion, VersionState
from quetsach_portal.reports.phase_forms.changing import campaign_form_of
from tests.portal.access.row import ALL, SUBTREE, Row
from tests.portal.access.sent_files import pdf
from tests.portal.world import World, make_campaign
from tests.signing.pades.authority import pdf as pdf_of_a_page

SEES = {"own": ALL, "child": SUBTREE}
READS = {"own": "LO LA CO FP SG CK AU", "child": "LO LA CO AU"}


def _slot(world: World, code: str) -> ExpectedReport:
    if code not in world.nodes:
        make_campaign(world, lead=code)
    slot = ExpectedReport.objects.select_related("node__campaign", "phase").get(
        node=world.nodes[code]
    )
    campaign_form_of(slot.phase)
    return slot


def _stored(world: World, code: str) -> Any:
    return store_upload(pdf(), purpose="document", owner_path=world.units[code].path, actor=None)


def _of_version(world: World, code: str) -> ReportVersion:
    """Return a version of the unit, written by somebody who does not ask."""
    slot = _slot(world, code)
    author = world.user("KH" if code != "KH" else "TC02", Role.AUDITOR)
    return ReportVersion.objects.create(
        slot=slot,
        n=1,
        kind="original",
        form=campaign_form_of(slot.phase),
        tree_rev=1,
        payload="{}",
        sha256=f"{slot.pk:064x}",
        key=f"{slot.pk}",
        author=author,
    )


def _in_slot(world: World, code: str) -> Mapping[str, Any]:
    return {"slot_id": _slot(world, code).pk}


def _version(world: World, code: str) -> Mapping[str, Any]:
    return {"version_id": _of_version(world, code).pk}


def _document(world: World, code: str) -> ReportDocument:
    return document_of(_of_version(world, code), world, code)


def document_of(version: ReportVersion, world: World, code: str) -> ReportDocument:
    """Return the document of `version`, its files made."""
    file = _stored(world, code)
    return ReportDocument.objects.create(
        version=version,
        seq=1,
        state=DocumentState.MADE,
        docx=file,
        pdf=file,
        paper=file,
        entry="<OutgoingDocument/>",
        asked_by=version.author,
    )


def _edition(world: World, code: str) -> Mapping[str, Any]:
    return {"document_id": _document(world, code).pk}


def _numbered(world: World, code: str) -> Mapping[str, Any]:
    """Return a document that waits for its signature, its PDF one that can be shown."""
    document = numbered_of(_of_version(world, code), world, code)
    ReportVersion.objects.filter(pk=document.version_id).update(state=VersionState.SIGNED)
    return {"document_id": document.pk}


def numbered_of(version: ReportVersion, world: World, code: str) -> ReportDocument:
    """Return the document of `version` with a number, its PDF one that can be shown."""
    document = document_of(version, world, code)
    pdf, path = SimpleUploadedFile("a.pdf", pdf_of_a_page()), world.units[code].path
    document.pdf = store_upload(pdf, purpose="document", owner_path=path, actor=None)
    document.number, document.signed_on = 5, timezone.localdate()
    document.save()
    return document


def _first_page(world: World, code: str) -> Mapping[str, Any]:
    return {**_numbered(world, code), "number": 1}


def _pdf(world: World, code: str) -> Mapping[str, Any]:
    return {**_edition(world, code), "which": "pdf"}


def _entry(world: World, code: str) -> Mapping[str, Any]:
    return {**_edition(world, code), "form": "xml"}


def _signature(world: World, code: str) -> Mapping[str, Any]:
    document = _document(world, code)
    made = DocumentSignature.objects.create(
        document=document,
        seq=1,
        method=SigningMethod.WET_SCAN,
        file=_stored(world, code),
        result=SignatureResult.ON_PAPER,
        kept_by=document.asked_by,
    )
    return {"signature_id": made.pk}


def _code(world: World, code: str) -> Mapping[str, Any]:
    return {"code": _of_version(world, code).code}


def _page(name: str, roles: str, make: Any, **data: Any) -> Row:
    return Row(f"report_documents:{name}", make=make, get=roles, post=roles, seen=SEES, data=data)


def _certificate(world: World, code: str) -> Mapping[str, Any]:
    """Return the certificate of somebody who does not ask, at a desk of the unit."""
    now = timezone.now()
    made = SignerCertificate.objects.create(
        user=world.user("KH" if code != "KH" else "TC02", Role.AUDITOR),
        unit=world.units[code],
        fingerprint=f"{world.units[code].pk:064x}",
        der=b"",
        name="Nguyễn Thị Mẫu",
        serial="1",
        valid_from=now,
        valid_until=now,
    )
    return {"certificate_id": made.pk}


def _vouched(name: str, **data: Any) -> Row:
    by = {"own": "LO CO FP", "child": "LO CO"}
    make, path = _certificate, f"certificates:{name}"
    return Row(path, make=make, get=by, post=by, seen=SEES, data=data)


ROWS = (
    Row("certificates:index", get=ALL),
    Row("certificates:register", get="SG CK", post="SG CK"),
    _vouched("confirm"),
    _vouched("end", why="mất thiết bị"),
    Row("proof:ask", get=ALL, post=ALL, public=True, without_seat=200, data={"code": "0" * 16}),
    Row("proof:answer", make=_code, personal=True, get=ALL, public=True, without_seat=200),
    Row("report_documents:page", make=_version, get=READS, seen=SEES),
    Row("report_documents:make", make=_version, get=None, post="CO FP SG CK", seen=SEES),
    Row("report_documents:bundle", make=_version, get=READS, seen=SEES),
    Row("report_documents:file", make=_pdf, get=READS, seen=SEES),
    Row("report_documents:entry", make=_entry, get=READS, seen=SEES),
    _page("number", "CK", _edition),
    _page("sign", "SG CK", _edition),
    Row("report_documents:picture", make=_first_page, get="SG CK", seen=SEES),
    _page("sign_remotely", "SG CK", _numbered),
    _page("signed", "SG CK", _edition),
    _page("scan", "SG CK", _edition),
    _page("release", "CK", _edition),
    Row("report_documents:signed_copy", make=_signature, get=READS, seen=SEES),
    Row("report_documents:judge_again", make=_signature, get=None, post="SG CK", seen=SEES),
    Row("report_workbooks:give", make=_in_slot, get="CO FP", post="CO FP", seen=SEES),
    Row("report_workbooks:download", make=_in_slot, get="CO FP", seen=SEES),
    Row("report_workbooks:save", make=_in_slot, get=None, post="CO FP", seen=SEES),
    Row("report_bulk:give", make=_in_slot, get="CO", post="CO", seen=SEES),
    Row("report_bulk:download", make=_in_slot, get="CO", seen=SEES),
    Row("report_bulk:save", make=_in_slot, get=None, post="CO", seen=SEES),
)
