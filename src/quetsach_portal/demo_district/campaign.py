"""The demo's campaign, from the seed letter to its start, by the acts of its people."""

from datetime import timedelta
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from quetsach_portal.campaigns.actions import letter as letters_in
from quetsach_portal.campaigns.actions import life, materials, preparing, releases, tree
from quetsach_portal.campaigns.models import Campaign, LetterReading
from quetsach_portal.campaigns.reviewing import proposal_of
from quetsach_portal.config.jobs import JOBS
from quetsach_portal.demo_district.accounts import Account, of_role
from quetsach_portal.demo_district.papers import upload
from quetsach_portal.jobs.worker import run_ready
from quetsach_portal.lifecycle.actions import start
from quetsach_portal.rights.models import Role
from quetsach_portal.units.models import Line, OrgUnit

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


def run_campaign(district: Path, lead: OrgUnit, accounts: list[Account]) -> Campaign:
    """Return the campaign of the demo's letter, running.

    One owner prepares it, the second one confirms its start.
    """
    first = of_role(accounts, Role.LEAD_OWNER)
    second = of_role(accounts, Role.LEAD_OWNER, place=1)
    reading = letters_in.take_letter(lead, upload(district / "letter/cong-van.txt"), actor=first)
    run_ready(JOBS)
    reading.refresh_from_db()
    campaign = preparing.create_from_letter(reading, _reviewed(reading), actor=first)
    lists = [upload(path) for path in sorted((district / "indicators").iterdir())]
    lists.append(SimpleUploadedFile("danh-sach-cong-khai.csv", OPEN_LIST.encode()))
    releases.make_release(campaign, lists, title="Danh sách đợt 1", actor=first)
    lines = [Line.TERRITORY, Line.PARTY, Line.MASS_ORG]
    tree.freeze(campaign, lines=lines, day=timezone.localdate(), actor=first)
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
    life.ask_dry_run(campaign, actor=first)
    run_ready(JOBS)
    campaign.refresh_from_db()
    life.ask_start(campaign, actor=first)
    start(campaign, actor=second)
    campaign.refresh_from_db()
    return campaign


def _reviewed(reading: LetterReading) -> preparing.Reviewed:
    """Return the letter as read; the day and number of the stamp stay open questions."""
    found = proposal_of(reading.result)
    due_at = found.due_at or timezone.now() + timedelta(days=10)
    return preparing.Reviewed(
        basics=preparing.Basics(found.title, found.legal_basis, GOAL, found.page_url),
        tasks=found.tasks,
        due_at=due_at,
        form_code=found.form_code or "phu-luc-2022",
    )
