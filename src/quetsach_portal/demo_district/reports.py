"""Reports of the demo in every state, written, decided on and signed by the acts of its people."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from quetsach_portal.campaigns.models import CampaignNode, Slot
from quetsach_portal.campaigns.reports import prolong
from quetsach_portal.demo_district import certificates
from quetsach_portal.demo_district.accounts import Account, of_role
from quetsach_portal.demo_district.cascade import SILENT
from quetsach_portal.jobs.worker import run_ready
from quetsach_portal.people.models import User
from quetsach_portal.reports import token
from quetsach_portal.reports.actions import correcting, deciding, handing_in, writing
from quetsach_portal.reports.answers import Answer
from quetsach_portal.reports.documents import actions as documents
from quetsach_portal.reports.models import ReportDraft, ReportVersion
from quetsach_portal.reports.places import RELATED
from quetsach_portal.rights.models import Role
from quetsach_portal.units.demo import TOP

INFORMED, DEPLOYED, PEOPLE = "organisations_informed", "organisations_deployed", "people_took_part"

MISSING = SILENT | {"TC23"}
BLANK = min(MISSING)
"""A unit that has not begun: with its account anybody can write a report from nothing."""
DRAFT = "TC13"
WAITING = frozenset({"TC15", "TC20"})
RETURNED = "TC10"
NOTHING = "TC29"
LATE = "TC09"
SIGNED, FORWARDED = "TC01", "TC17"
CORRECTED = "TC05"
"""The commune that corrects its report after the district has signed its own."""

SAID = "Đã phổ biến đến toàn thể cán bộ, công chức; rà quét các máy trong danh sách."
ASKS = "Đề nghị hỗ trợ phần mềm phòng, chống mã độc có bản quyền."
COUNTED = "Đếm theo danh sách ký nhận, gồm cả người không dùng mã tham gia."


@dataclass(frozen=True)
class _Desk:
    """The people who pass reports through the district."""

    compiler: User
    owner: User
    signer: User
    clerk: User


def write_reports(nodes: dict[str, CampaignNode], accounts: list[Account]) -> ReportVersion:
    """Return the district's signed report, over reports of its units in every state there is."""
    desk = _Desk(
        of_role(accounts, Role.COMPILER),
        of_role(accounts, Role.LEAD_OWNER),
        of_role(accounts, Role.SIGNER),
        of_role(accounts, Role.CLERK),
    )
    for code, node in sorted(nodes.items()):
        if code == TOP or code in MISSING:
            continue
        _report(code, node, of_role(accounts, Role.FOCAL_POINT, code), desk)
    for code in (SIGNED, FORWARDED):
        version = _newest(nodes[code])
        deciding.sign(version, actor=of_role(accounts, Role.SIGNER, code))
        if code == FORWARDED:
            deciding.forward(version, actor=of_role(accounts, Role.FOCAL_POINT, code))
    district = _of_the_district(nodes[TOP], desk)
    _print(district, desk)
    _correct(nodes[CORRECTED], of_role(accounts, Role.FOCAL_POINT, CORRECTED), desk)
    return district


def _report(code: str, node: CampaignNode, author: User, desk: _Desk) -> None:
    slot = _slot(node)
    if code == LATE:
        # All deadlines of the demo lie ahead; this unit gets one that has passed.
        prolong(slot, timezone.now() - timedelta(days=1))
    if code == NOTHING:
        version = handing_in.submit_nil(slot, checked_with=token.make(slot, 0, "nil"), actor=author)
    else:
        draft = _filled(slot, author, people=node.staff * 3 // 4)
        if code == DRAFT:
            return
        version = _hand_in(slot, draft, author)
    if code == RETURNED:
        remark = "Số người tham gia nhiều hơn số đã ký nhận; đề nghị kiểm tra lại."
        deciding.return_version(version, {PEOPLE: remark}, actor=desk.compiler)
    elif code not in WAITING and node.parent is not None and node.parent.parent_id is None:
        deciding.accept(version, actor=desk.compiler)


def _filled(slot: Slot, author: User, *, people: int) -> ReportDraft:
    """Return a draft with what the records answer, a head count where there is none, and words."""
    draft = writing.open_draft(slot, actor=author)
    said = {"assessment": Answer(text=SAID), "proposals": Answer(text=ASKS)}
    if PEOPLE not in draft.own:
        said[PEOPLE] = Answer(text=str(people), reason=COUNTED)
    return writing.save(slot, said, revision=draft.revision, actor=author)


def _of_the_district(node: CampaignNode, desk: _Desk) -> ReportVersion:
    slot = _slot(node)
    draft = _filled(slot, desk.compiler, people=node.staff * 3 // 4)
    less = {PEOPLE: (-3, "Ba cán bộ biệt phái được cả hai xã báo cáo.")}
    draft = writing.adjust(slot, less, revision=draft.revision, actor=desk.compiler)
    version = _hand_in(slot, draft, desk.compiler)
    deciding.accept(version, actor=desk.owner)
    deciding.sign(version, actor=desk.signer)
    return _newest(node)


def _print(version: ReportVersion, desk: _Desk) -> None:
    """Have the signed report made as DOCX and PDF, with the number that the clerk gives it."""
    document = documents.ask(version, actor=desk.compiler)
    given = documents.Numbering(
        number=1302,
        code=document.code,
        signed_on=timezone.localdate(),
        place=document.place,
        signer_name=desk.signer.name,
        signer_post="Phó Chủ tịch",
        capacity="KT.",
        capacity_of="Chủ tịch",
    )
    run_ready()
    numbered = documents.give_number(document, given, repeat_is_meant=False, actor=desk.clerk)
    run_ready()
    numbered.refresh_from_db()
    unit = version.slot.node.name_at_freeze
    certificates.sign_by_certificate(
        numbered, signer=desk.signer, confirmed_by=desk.owner, unit=unit
    )


def _correct(node: CampaignNode, author: User, desk: _Desk) -> None:
    """Let a unit correct its report, so that the district has a change to decide on."""
    slot = _slot(node)
    draft = correcting.begin(
        slot,
        kind="correction",
        reason_code="counted_wrong",
        reason="Bỏ sót tổ công an xã khi đếm người tham gia.",
        actor=author,
    )
    counted = Answer(text=str(node.staff - 2), reason=COUNTED)
    draft = writing.save(slot, {PEOPLE: counted}, revision=draft.revision, actor=author)
    deciding.accept(_hand_in(slot, draft, author), actor=desk.compiler)


def _hand_in(slot: Slot, draft: ReportDraft, author: User) -> ReportVersion:
    checked_with = token.make(slot, draft.revision)
    return handing_in.submit(slot, checked_with=checked_with, actor=author)


def _slot(node: CampaignNode) -> Slot:
    return Slot.objects.select_related(*RELATED).get(node=node)


def _newest(node: CampaignNode) -> ReportVersion:
    related = [f"slot__{one}" for one in RELATED]
    versions = ReportVersion.objects.filter(slot__node=node).select_related(*related)
    return versions.latest("n")
