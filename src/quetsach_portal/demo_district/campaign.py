"""The demo's campaign, from the seed letter to its start, and how units answer it."""

from datetime import timedelta
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from quetsach_portal.campaigns.actions import freezing, materials, phases, preparing, state
from quetsach_portal.campaigns.actions import preparing as letters_in
from quetsach_portal.campaigns.called_lines import called_lines
from quetsach_portal.campaigns.letter_review import proposal_of
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, LetterReading
from quetsach_portal.campaigns.tree.choosing import TreeChoice
from quetsach_portal.config.jobs import JOBS
from quetsach_portal.demo_district.accounts import DemoPerson, of_role, upload
from quetsach_portal.demo_district.history import first_day
from quetsach_portal.followup.actions.declaring import DeploymentClaim, confirm_receipt, declare
from quetsach_portal.jobs.worker import run_ready
from quetsach_portal.letters.actions import signing
from quetsach_portal.letters.actions.drafting import create_draft, send_to_clerk
from quetsach_portal.letters.actions.numbering import LetterNumbering, give_number
from quetsach_portal.letters.actions.release import release
from quetsach_portal.letters.launching import launch_letter
from quetsach_portal.letters.models import Letter, LetterCapacity, SigningWay
from quetsach_portal.letters.recipients import DeliveryChannels
from quetsach_portal.lifecycle.actions import start
from quetsach_portal.participation import counting_limits
from quetsach_portal.participation.actions import JoinAnswers as Ticked
from quetsach_portal.participation.actions import join, make_codes
from quetsach_portal.participation.models import JoinKind
from quetsach_portal.people.models.roles import Role
from quetsach_portal.rehearsals.filling import scanned
from quetsach_portal.units.models import OrgUnit

GOAL = "Rà quét, xử lý và chứng minh sạch mọi máy kết nối đến địa chỉ độc hại trên địa bàn huyện."
POSTER = """\
KHÔNG DÙNG PHẦN MỀM BẺ KHÓA
Phần mềm bẻ khóa là đường mã độc vào máy nhiều nhất.
1. Ngắt mạng máy nghi nhiễm, báo đầu mối của đơn vị.
2. Quét bằng công cụ do cơ quan chức năng khuyến nghị; đối chiếu mã băm trước khi chạy.
3. Gỡ phần mềm bẻ khóa, quét lại, đổi mật khẩu trên máy khác.
"""

OPEN_LIST = """\
ioc_type,ioc_value,malware_printable,tlp
domain,bad.example,Emotet,clear
domain,capnhat-windows.example,Emotet,clear
url,http://tai-ve.example/gate.php,Emotet,clear
ip,203.0.113.77,Emotet,clear
"""
"""What of the letter's annex may be shown to everybody; the public page matches files with it."""


def run_campaign(district: Path, lead: OrgUnit, accounts: list[DemoPerson]) -> Campaign:
    """Return the campaign of the demo's letter, running.

    One owner prepares it, its letter is signed, the second owner confirms its start.
    """
    first = of_role(accounts, Role.LEAD_OWNER)
    second = of_role(accounts, Role.LEAD_OWNER, place=1)
    reading = letters_in.take_letter(lead, upload(district / "letter/cong-van.txt"), actor=first)
    run_ready(JOBS)
    reading.refresh_from_db()
    campaign = preparing.create_from_letter(reading, _reviewed(reading), actor=first)
    lists = [upload(path) for path in sorted((district / "indicators").iterdir())]
    lists.append(SimpleUploadedFile("danh-sach-cong-khai.csv", OPEN_LIST.encode()))
    phases.make_release(campaign, lists, title="Danh sách đợt 1", actor=first)
    choice = TreeChoice(list(called_lines(campaign.letter).words))
    freezing.freeze(campaign, choice, day=first_day(), actor=first)
    materials.add_material(
        campaign,
        SimpleUploadedFile("ap-phich.txt", POSTER.encode()),
        title="Áp phích: không dùng phần mềm bẻ khóa",
        version="1",
        language="vi",
        kind="poster",
        actor=first,
    )
    run_ready(JOBS)
    sign_letter(campaign, accounts)
    state.request_dry_run(campaign, actor=first)
    run_ready(JOBS)
    campaign.refresh_from_db()
    state.request_start(campaign, actor=first)
    start(campaign, actor=second)
    campaign.refresh_from_db()
    return campaign


def _reviewed(reading: LetterReading) -> preparing.ReviewedLetter:
    """Return the letter as read; the day and number of the stamp stay open questions."""
    proposal = proposal_of(reading.result)
    due_at = proposal.due_at or timezone.now() + timedelta(days=10)
    return preparing.ReviewedLetter(
        basics=preparing.CampaignBasics(
            proposal.title, proposal.legal_basis, GOAL, proposal.page_url
        ),
        tasks=proposal.tasks,
        due_at=due_at,
        form_code=proposal.form_code or "phu-luc-2022",
    )


TEMPLATE = "trien-khai-chien-dich"
REMINDER = "nhac-bao-cao"
SIGNER = signing.SignerNames(
    signer_name="Trần Thị Minh",
    signer_post="Phó Chủ tịch",
    capacity=LetterCapacity.FOR_SUPERIOR,
    capacity_of="Chủ tịch",
)
SILENT = frozenset({"TC14", "TC21", "TC22", "TC24", "TC30", "HU03", "DT05"})
"""Units that have confirmed nothing, so that there is somebody to remind."""


def sign_letter(campaign: Campaign, accounts: list[DemoPerson]) -> Letter:
    """Return the district's letter: drafted, signed on paper, numbered and scanned."""
    compiler, clerk = of_role(accounts, Role.COMPILER), of_role(accounts, Role.CLERK)
    root = CampaignNode.objects.get(campaign=campaign, parent=None)
    letter = create_draft(root, based_on=None, template_code=TEMPLATE, actor=compiler)
    send_to_clerk(letter.pk, actor=compiler)
    signing.present(letter.pk, SIGNER, actor=clerk)
    signing.record_on_paper(letter.pk, timezone.localdate(), actor=clerk)
    number = LetterNumbering(number=1245, code="UBND-TH", signed_on=timezone.localdate())
    letter = give_number(letter.pk, number, repeat_is_meant=False, actor=clerk)
    scan = SimpleUploadedFile("cong-van-1245-ban-quet.pdf", scanned(letter))
    return signing.store_scan(letter.pk, scan, "Văn thư, tập công văn đi", actor=clerk)


def send_letter(campaign: Campaign, accounts: list[DemoPerson]) -> Letter:
    """Return the district's letter, which is signed, released."""
    letter, clerk = launch_letter(campaign).row, of_role(accounts, Role.CLERK)
    assert letter is not None
    return release(letter.pk, DeliveryChannels(by_mail=False), start_mails=False, actor=clerk)


def present_reminder(root: CampaignNode, accounts: list[DemoPerson]) -> Letter:
    """Return the letter to the units whose report is late, laid before the chairman unsigned.

    He signs it by certificate: the demo's own is trusted, so that the whole act can be tried.
    """
    compiler, clerk = of_role(accounts, Role.COMPILER), of_role(accounts, Role.CLERK)
    letter = create_draft(root, based_on=None, template_code=REMINDER, actor=compiler)
    send_to_clerk(letter.pk, actor=compiler)
    signing.choose_way(letter.pk, SigningWay.SIGN_FIRST, actor=clerk)
    return signing.present(letter.pk, SIGNER, actor=clerk)


def answer(nodes: dict[str, CampaignNode], accounts: list[DemoPerson]) -> None:
    """Let most units confirm the receipt, two thirds of those deploy, and people join."""
    for place, (code, node) in enumerate(sorted(nodes.items())):
        if code in SILENT or node.parent_id is None:
            continue
        focal_point = of_role(accounts, Role.FOCAL_POINT, code)
        confirm_receipt(node, actor=focal_point)
        node.refresh_from_db()
        if place % 3 == 0:
            continue
        claim = DeploymentClaim(
            done=("announced", "staff_told"),
            staff_told=min(5, node.staff),
            links=("https://tracu.example/tin-tuc/chien-dich",),
        )
        declare(node, claim, actor=focal_point)
        codes = {code.kind: code for code in make_codes(node, actor=focal_point)}
        for kind, many in ((JoinKind.STAFF, node.staff // 2), (JoinKind.RELATIVE, place % 5)):
            for number in range(many):
                ticket = counting_limits.new_ticket(codes[kind])
                join(codes[kind], ticket, Ticked(checked=number % 3 > 0, cleaned=number % 7 == 0))
