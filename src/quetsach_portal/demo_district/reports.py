"""Reports of the demo in every state, written, decided on and signed by the acts of its people."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from PIL import Image

from quetsach.api.reports import PdfPurpose, pdf_signer, sign_pdf
from quetsach_portal.campaigns.deadlines import exclusive
from quetsach_portal.campaigns.expected_reports import excuse, prolong
from quetsach_portal.campaigns.models.campaign import CampaignNode, ExpectedReport
from quetsach_portal.config.jobs import JOBS
from quetsach_portal.demo_district.accounts import DemoPerson, of_role
from quetsach_portal.demo_district.campaign import SILENT
from quetsach_portal.files.signed_pdf import trust_folder
from quetsach_portal.files.storage import home, path_of
from quetsach_portal.jobs.worker import run_ready
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports import deciding
from quetsach_portal.reports.certificates import actions
from quetsach_portal.reports.documents import actions as documents
from quetsach_portal.reports.models.document import ReportDocument
from quetsach_portal.reports.models.report import ReasonCode, ReportDraft, ReportVersion
from quetsach_portal.reports.paper import record_paper
from quetsach_portal.reports.queries import RELATED
from quetsach_portal.reports.writing import draft as writing_draft
from quetsach_portal.reports.writing import locking, submitting
from quetsach_portal.reports.writing.answers import TypedAnswer
from quetsach_portal.reports.writing.looked import LookAnswer
from quetsach_portal.units.demo import TOP

PASSPHRASE = "demo"  # noqa: S105  # printed for everybody
P12 = "lanhdao.p12"
ROOT = "ca-demo.pem"
REVOKED = "ca-demo.crl"
_CALLED = "CA của bản demo quét sạch"
_DAY = timedelta(days=1)

_Key = ec.EllipticCurvePrivateKey

LATER = LookAnswer("later")
NO_COMPUTER = LookAnswer("no_pc")

INFORMED, DEPLOYED, PEOPLE = "organisations_informed", "organisations_deployed", "people_took_part"

ON_PAPER = "TC23"
"""A unit whose report came on paper and has not been typed yet."""
EXCUSED = "TC30"
"""A unit of which no report is expected in this phase."""

MISSING = SILENT | {ON_PAPER}
BLANK = min(MISSING)
"""A unit that has not begun: with its account anybody can write a report from nothing."""
DRAFT = "TC13"
WAITING = frozenset({"TC15", "TC20"})
RETURNED = "TC10"
NOTHING = "TC29"
LATE = "TC09"
SIGNED, FORWARDED = "TC01", "TC17"
OVERDUE = frozenset({"TC14", "TC21", "HU03"})
"""Silent units whose deadline has passed, so that the chairman has somebody to remind."""
TAKEN_BACK = "TC19"
"""Handed in, taken back by its author, and handed in again."""
SUPPLEMENTED = "TC03"
CORRECTED = "TC05"
"""The commune that corrects its report after the district has signed its own."""

SAID = "Đã phổ biến đến toàn thể cán bộ, công chức; rà quét các máy trong danh sách."
ASKS = "Đề nghị hỗ trợ phần mềm phòng, chống mã độc có bản quyền."
ADDED = "Bổ sung đánh giá về các đơn vị báo cáo muộn."
COUNTED = "Đếm theo danh sách ký nhận, gồm cả người không dùng mã tham gia."


@dataclass(frozen=True)
class _Desk:
    """The people who pass reports through the district."""

    compiler: User
    owner: User
    signer: User
    clerk: User


def write_reports(nodes: dict[str, CampaignNode], accounts: list[DemoPerson]) -> ReportVersion:
    """Return the district's signed report, over reports of its units in every state there is."""
    desk = _Desk(
        of_role(accounts, Role.COMPILER),
        of_role(accounts, Role.LEAD_OWNER),
        of_role(accounts, Role.SIGNER),
        of_role(accounts, Role.CLERK),
    )
    for code in sorted(OVERDUE & nodes.keys()):
        prolong(_slot(nodes[code]), exclusive(timezone.localdate() - 2 * _DAY))
    for code, node in sorted(nodes.items()):
        if code == TOP or code in MISSING:
            continue
        _report(code, node, of_role(accounts, Role.FOCAL_POINT, code), desk)
    for code in (SIGNED, FORWARDED):
        version = _newest(nodes[code])
        deciding.sign(version, actor=of_role(accounts, Role.SIGNER, code))
        if code == FORWARDED:
            deciding.forward(version, actor=of_role(accounts, Role.FOCAL_POINT, code))
    _supplement(nodes[SUPPLEMENTED], of_role(accounts, Role.FOCAL_POINT, SUPPLEMENTED), desk)
    _excuse(nodes[EXCUSED])
    _on_paper(nodes[ON_PAPER], desk)
    district = _of_the_district(nodes[TOP], desk)
    _print(district, desk)
    _wait_for_signature(nodes[TOP], desk)
    _correct(nodes[CORRECTED], of_role(accounts, Role.FOCAL_POINT, CORRECTED), desk)
    return district


def _report(code: str, node: CampaignNode, author: User, desk: _Desk) -> None:
    slot = _slot(node)
    if code == LATE:
        # All deadlines of the demo lie ahead; this unit gets one that has passed.
        prolong(slot, exclusive(timezone.localdate() - _DAY))
    if code == NOTHING:
        version = submitting.submit_nil(
            slot, checked_with=locking.make(slot, 0, "nil"), actor=author, gap=NO_COMPUTER
        )
    else:
        draft = _filled(slot, author, people=node.staff * 3 // 4)
        if code == DRAFT:
            return
        version = _hand_in(slot, draft, author)
    if code == TAKEN_BACK:
        submitting.withdraw(version, "Nộp nhầm khi số liệu chưa đủ.", actor=author)
        version = _hand_in(_slot(node), _slot(node).draft, author)
    if code == RETURNED:
        remark = "Số người tham gia nhiều hơn số đã ký nhận; đề nghị kiểm tra lại."
        deciding.return_version(version, {PEOPLE: remark}, actor=desk.compiler)
    elif code not in WAITING and node.parent is not None and node.parent.parent_id is None:
        deciding.accept(version, actor=desk.compiler)


def _filled(slot: ExpectedReport, author: User, *, people: int) -> ReportDraft:
    """Return a draft with what the records answer, a head count where there is none, and words."""
    draft = writing_draft.open_draft(slot, actor=author)
    said = {"assessment": TypedAnswer(text=SAID), "proposals": TypedAnswer(text=ASKS)}
    if PEOPLE not in draft.own:
        said[PEOPLE] = TypedAnswer(text=str(people), reason=COUNTED)
    return writing_draft.save(slot, said, revision=draft.revision, actor=author)


def _of_the_district(node: CampaignNode, desk: _Desk) -> ReportVersion:
    slot = _slot(node)
    draft = _filled(slot, desk.compiler, people=node.staff * 3 // 4)
    less = {PEOPLE: (-3, "Ba cán bộ biệt phái được cả hai xã báo cáo.")}
    draft = writing_draft.adjust(slot, less, revision=draft.revision, actor=desk.compiler)
    version = _hand_in(slot, draft, desk.compiler)
    deciding.accept(version, actor=desk.owner)
    deciding.sign(version, actor=desk.signer)
    return _newest(node)


def _wait_for_signature(node: CampaignNode, desk: _Desk) -> None:
    """Lay a supplement of the district's report before its chairman, who has not signed it yet."""
    slot = _slot(node)
    draft = deciding.begin(
        slot, kind="supplement", reason_code=ReasonCode.NEW_FACTS, reason=ADDED, actor=desk.compiler
    )
    said = {"assessment": TypedAnswer(text=f"{SAID} {ADDED}")}
    draft = writing_draft.save(slot, said, revision=draft.revision, actor=desk.compiler)
    deciding.accept(_hand_in(slot, draft, desk.compiler), actor=desk.owner)


def _print(version: ReportVersion, desk: _Desk) -> None:
    """Have the signed report made as DOCX and PDF, with the number that the clerk gives it."""
    document = documents.request_document(version, actor=desk.compiler)
    numbering = documents.DocumentNumbering(
        number=1302,
        code=document.code,
        signed_on=timezone.localdate(),
        place=document.place,
        signer_name=desk.signer.name,
        signer_post="Phó Chủ tịch",
        capacity="KT.",
        capacity_of="Chủ tịch",
    )
    run_ready(JOBS)
    numbered = documents.give_number(document, numbering, repeat_is_meant=False, actor=desk.clerk)
    run_ready(JOBS)
    numbered.refresh_from_db()
    unit = version.slot.node.name_at_freeze
    sign_by_certificate(numbered, signer=desk.signer, confirmed_by=desk.owner, unit=unit)


def _excuse(node: CampaignNode) -> None:
    """Take one unit out, as the end of a unit does; the tree of the demo itself stands still."""
    with transaction.atomic():
        excuse(_slot(node), "Trụ sở đang sửa chữa, máy đã niêm phong; báo cáo ở đợt sau.")


def _on_paper(node: CampaignNode, desk: _Desk) -> None:
    """Let the district record a report that came on paper, with its scan."""
    scan = BytesIO()
    Image.new("L", (210, 297), "white").save(scan, "PNG")
    proof = SimpleUploadedFile("bao-cao-giay.png", scan.getvalue())
    record_paper(
        _slot(node),
        proof,
        came_at=timezone.now(),
        is_nil=False,
        is_signed=True,
        note="Nộp trực tiếp tại bộ phận một cửa.",
        actor=desk.compiler,
    )


def _supplement(node: CampaignNode, author: User, desk: _Desk) -> None:
    """Let a unit add what came late, before the district has added up."""
    _again(node, author, desk, kind="supplement", why="Bổ sung số người của hai ấp báo cáo muộn.")


def _correct(node: CampaignNode, author: User, desk: _Desk) -> None:
    """Let a unit correct its report, so that the district has a change to decide on."""
    why = "Bỏ sót tổ công an xã khi đếm người tham gia."
    _again(node, author, desk, kind="correction", why=why)


def _again(node: CampaignNode, author: User, desk: _Desk, *, kind: str, why: str) -> None:
    slot = _slot(node)
    code = ReasonCode.COUNTED_WRONG if kind == "correction" else ReasonCode.NEW_FACTS
    draft = deciding.begin(slot, kind=kind, reason_code=code, reason=why, actor=author)
    counted = TypedAnswer(text=str(node.staff - 2), reason=COUNTED)
    draft = writing_draft.save(slot, {PEOPLE: counted}, revision=draft.revision, actor=author)
    deciding.accept(_hand_in(slot, draft, author), actor=desk.compiler)


def _hand_in(slot: ExpectedReport, draft: ReportDraft, author: User) -> ReportVersion:
    checked_with = locking.make(slot, draft.revision)
    return submitting.submit(slot, checked_with=checked_with, actor=author, gap=LATER)


def _slot(node: CampaignNode) -> ExpectedReport:
    return ExpectedReport.objects.select_related(*RELATED).get(node=node)


def _newest(node: CampaignNode) -> ReportVersion:
    related = [f"slot__{one}" for one in RELATED]
    versions = ReportVersion.objects.filter(slot__node=node).select_related(*related)
    return versions.latest("n")


# An authority made for the demo alone; real offices get theirs from the Government's.


def sign_by_certificate(
    document: ReportDocument, *, signer: User, confirmed_by: User, unit: str
) -> None:
    """Keep the document's PDF signed by a new certificate of `unit`, whose authority is trusted.

    It is registered to the signer, and somebody else of the office has confirmed it. It stays as
    `lanhdao.p12` in the portal's folder, so that anybody may try it.
    """
    now = timezone.now()
    above = ec.generate_private_key(ec.SECP256R1())
    root = _certificate(above, _name(_CALLED), above, _name(_CALLED), now, is_authority=True)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _certificate(key, _name(signer.name, unit), above, _name(_CALLED), now)
    _trust(root, _nobody_revoked(above, now))
    lock = BestAvailableEncryption(PASSPHRASE.encode())
    p12 = serialize_key_and_certificates(b"key", key, certificate, None, lock)
    (home() / P12).write_bytes(p12)
    at = document.version.slot.node.unit
    registered = actions.register(at, certificate.public_bytes(Encoding.DER), actor=signer)
    actions.confirm(registered, actor=confirmed_by)
    assert document.pdf is not None
    signed = sign_pdf(
        path_of(document.pdf).read_bytes(),
        pdf_signer(p12, PASSPHRASE.encode(), P12),
        PdfPurpose(),
    )
    copy = SimpleUploadedFile("bao-cao-da-ky.pdf", signed, "application/pdf")
    documents.store_signed_copy(document, copy, actor=signer)


def _name(common: str, unit: str = "") -> x509.Name:
    parts = [(NameOID.COUNTRY_NAME, "VN"), (NameOID.ORGANIZATION_NAME, unit)]
    given = [x509.NameAttribute(kind, text) for kind, text in parts if text]
    return x509.Name([*given, x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _certificate(
    key: _Key,
    subject: x509.Name,
    above: _Key,
    issuer: x509.Name,
    now: datetime,
    *,
    is_authority: bool = False,
) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _DAY)
        .not_valid_after(now + 365 * _DAY)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
    )
    return builder.sign(above, SHA256())


def _nobody_revoked(above: _Key, now: datetime) -> x509.CertificateRevocationList:
    made = x509.CertificateRevocationListBuilder().issuer_name(_name(_CALLED))
    return made.last_update(now - _DAY).next_update(now + 365 * _DAY).sign(above, SHA256())


def _trust(root: x509.Certificate, revoked: x509.CertificateRevocationList) -> None:
    for kind, name, encoded in (
        ("roots", ROOT, root.public_bytes(Encoding.PEM)),
        ("revoked", REVOKED, revoked.public_bytes(Encoding.DER)),
    ):
        folder = trust_folder() / kind
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(encoded)
