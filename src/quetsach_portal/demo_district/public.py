"""The demo's public page: ranges of documentation addresses, lists, notices, made-up tools."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.config.jobs import JOBS
from quetsach_portal.demo_district.accounts import DemoPerson, of_role
from quetsach_portal.files.actions import FileUpload
from quetsach_portal.jobs.worker import run_ready
from quetsach_portal.people.models.roles import Role
from quetsach_portal.publishing import actions
from quetsach_portal.publishing.lists import actions as lists_actions
from quetsach_portal.publishing.models import ListKind, PageChange, PublicList
from quetsach_portal.publishing.tools import actions as tools_actions

RANGES = "network\n192.0.2.0/24\n198.51.100.0/24\n203.0.113.0/24\n2001:db8::/32\n"
SHARED = "network,why\n198.51.100.0/26,NAT của nhà mạng (ví dụ)\n"
FAMILIES = (("192.0.2.10", "mirai", 12, 1), ("203.0.113.10", "qakbot", 9, 2))
"""Addresses of the authority's list, each with its family and how many days ago it was first and
last seen: one of a router, one of a PC, so that the self-check tells device and since when."""

TOOLS = (
    {
        "name": "Máy quét Sen (ví dụ)",
        "maker": "Hãng Sen",
        "version": "4.2",
        "address": "https://sen.example/tai-ve",
        "file": "sen-4.2.exe",
        "purpose": {
            "vi": "Quét và làm sạch máy tính Windows, không cần cài đặt",
            "en": "Scans and cleans Windows computers, needs no installation",
            "km": "",
        },
        "platforms": ["windows"],
        "languages": ["vi", "en"],
        "offline": True,
    },
    {
        "name": "Kiểm tra bộ phát Tre (ví dụ)",
        "maker": "Hãng Tre",
        "version": "1.0",
        "address": "https://tre.example/bo-phat",
        "file": "tre-1.0.exe",
        "purpose": {
            "vi": "Kiểm tra bộ phát Wi-Fi và camera trong nhà",
            "en": "Checks the Wi-Fi router and the cameras at home",
            "km": "",
        },
        "platforms": ["router", "camera"],
        "languages": ["vi"],
        "offline": False,
    },
)
"""There are no such tools: their digests are of their names, their addresses nobody's."""


def open_page(campaign: Campaign, accounts: Sequence[DemoPerson], address: str) -> None:
    """Prepare the public page by the analyst, and open it by the owner."""
    people = list(accounts)
    analyst, owner = of_role(people, Role.LEAD_ANALYST), of_role(people, Role.LEAD_OWNER)
    fields = {
        "title": campaign.title[:200],
        "office": campaign.lead_unit.name,
        "phone": "0294 000 000",
        "address": address,
        "domains": _official(campaign, address),
        "documents": "",
        "carriers": [["Viễn thông Sen (ví dụ)", "https://nhamang.example/quetsach"]],
        "days_valid": 14,
    }
    actions.save_page(campaign, fields, actor=owner)
    for kind, name, text in (
        (ListKind.RANGES, "dai-dia-chi.csv", RANGES),
        (ListKind.SHARED, "mang-dung-chung.csv", SHARED),
        (ListKind.LISTED, "danh-sach-canh-bao.csv", _listed()),
    ):
        given = FileUpload(SimpleUploadedFile(name, text.encode()))
        lists_actions.hand_in(campaign, kind, given, name="", country="", actor=analyst)
    run_ready(JOBS)
    for one in PublicList.objects.filter(campaign=campaign).order_by("pk"):
        lists_actions.take_over(one, actor=owner)
    for tool in TOOLS:
        digest = hashlib.sha256(str(tool["file"]).encode()).hexdigest()
        made = tools_actions.draft(
            campaign, {**tool, "sha256": digest}, replaces=None, actor=analyst
        )
        tools_actions.publish(made, actor=owner)
    campaign.refresh_from_db(fields=["release_sha256"])
    if campaign.release_sha256:
        actions.propose_open_list(campaign, actor=analyst)
        actions.agree(PageChange.objects.get(page__campaign=campaign), actor=owner)
    actions.show(campaign, actor=owner)


def _listed() -> str:
    now = timezone.localtime()
    rows = [
        f"{now - timedelta(days=ago):%Y-%m-%d} 09:00:00,{address},{family}"
        for address, family, first, last in FAMILIES
        for ago in (first, last)
    ]
    return "\n".join(["timestamp,ip,infection", *rows, ""])


def _official(campaign: Campaign, address: str) -> list[str]:
    """Return the official hosts: the district's, the page's own, and that of the letter."""
    hosts = ("tracu.example", *(urlsplit(one).hostname for one in (address, campaign.page_url)))
    return list(dict.fromkeys(host for host in hosts if host))
