"""Who may open the pages of the app `publishing`."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState
from quetsach_portal.campaigns.public_page import PublicPage
from quetsach_portal.files.actions import FileUpload
from quetsach_portal.people.models.roles import Role
from quetsach_portal.publishing import actions
from quetsach_portal.publishing.lists import actions as lists_actions
from quetsach_portal.publishing.models import (
    ListKind,
    ListState,
    PageChange,
    PublicList,
    PublicTool,
    ToolState,
)
from quetsach_portal.publishing.spoken import actions as spoken_actions
from quetsach_portal.publishing.tools import actions as tools_actions
from quetsach_public.pages.reviews import translated_texts
from tests.portal.access.row import ALL, Row
from tests.portal.access.sent_files import Sent
from tests.portal.world import World, make_campaign

LOOKS = "LO LA AU"
SAID = {
    "title": "Chiến dịch",
    "office": "Phòng Văn hóa",
    "phone": "",
    "address": "https://quetsach.example",
    "domains": ["quetsach.example"],
    "documents": "",
    "days_valid": 7,
}
TOOL = {
    "name": "Máy quét Sen",
    "maker": "Hãng Sen",
    "version": "4.2",
    "address": "https://sen.example/tai-ve",
    "file": "sen-setup.exe",
    "sha256": "ab" * 32,
    "purpose": {"vi": "Quét máy tính", "en": "Scans computers", "km": ""},
    "platforms": ["windows"],
    "languages": ["vi", "en"],
    "offline": True,
}
TOOL_FORM = {
    **{name: value for name, value in TOOL.items() if name != "purpose"},
    "purpose_vi": "Quét máy tính",
    "purpose_en": "Scans computers",
    "free": "on",
    "offline": "on",
}
FORM = {**SAID, "domains": "quetsach.example"}


def _campaign(world: World, code: str) -> Mapping[str, Any]:
    held = Campaign.objects.filter(lead_unit=world.units[code]).first()
    return {"campaign_id": (held or make_campaign(world, lead=code)).pk}


def _page(world: World, code: str) -> Mapping[str, Any]:
    made = _campaign(world, code)
    campaign = Campaign.objects.get(pk=made["campaign_id"])
    actor = world.user("KH" if code != "KH" else "TC02", Role.AUDITOR)
    actions.save_page(campaign, SAID, actor=actor)
    return made


def _shown(world: World, code: str) -> Mapping[str, Any]:
    made = _page(world, code)
    PublicPage.objects.update(is_shown=False)
    Campaign.objects.filter(pk=made["campaign_id"]).update(state=CampaignState.LIVE)
    campaign = Campaign.objects.get(pk=made["campaign_id"])
    actions.show(campaign, actor=world.user("KH" if code != "KH" else "TC02", Role.AUDITOR))
    return made


def _change(world: World, code: str) -> Mapping[str, Any]:
    made = _shown(world, code)
    campaign = Campaign.objects.get(pk=made["campaign_id"])
    actor = world.user("KH" if code != "KH" else "TC02", Role.AUDITOR)
    actions.save_page(campaign, {**SAID, "domains": []}, actor=actor)
    return {"change_id": PageChange.objects.get(page__campaign=campaign, state="waiting").pk}


def _of_kind(world: World, code: str) -> Mapping[str, Any]:
    return {**_campaign(world, code), "kind": "shared"}


def _list_of(world: World, code: str) -> Mapping[str, Any]:
    campaign = Campaign.objects.get(pk=_campaign(world, code)["campaign_id"])
    actor = world.user("KH" if code != "KH" else "TC02", Role.AUDITOR)
    made = lists_actions.hand_in(
        campaign, ListKind.SHARED, FileUpload(_networks()), name="", country="", actor=actor
    )
    PublicList.objects.filter(pk=made.pk).update(state=ListState.READ)
    return {"list_id": made.pk}


def _networks() -> Sent:
    return Sent("mang.csv", "198.51.100.0/26,NAT của nhà mạng\n".encode())


def _tool(world: World, code: str) -> Mapping[str, Any]:
    campaign = Campaign.objects.get(pk=_campaign(world, code)["campaign_id"])
    actor = world.user("KH" if code != "KH" else "TC02", Role.AUDITOR)
    number = PublicTool.objects.count()
    said = {**TOOL, "sha256": f"{number:064x}"}
    return {"tool_id": tools_actions.draft(campaign, said, replaces=None, actor=actor).pk}


def _published_tool(world: World, code: str) -> Mapping[str, Any]:
    made = _tool(world, code)
    PublicTool.objects.filter(pk=made["tool_id"]).update(state=ToolState.PUBLISHED)
    return made


def _with_key(world: World, code: str) -> Mapping[str, Any]:
    folder = settings.QUETSACH.home / "keys"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "public-tools.pub.pem").write_text("khóa")
    return _campaign(world, code)


def _with_list(world: World, code: str) -> Mapping[str, Any]:
    made = _shown(world, code)
    Campaign.objects.filter(pk=made["campaign_id"]).update(release_sha256="ab" * 32)
    return made


def _declared(world: World, code: str) -> Mapping[str, Any]:
    made = _with_list(world, code)
    PublicPage.objects.filter(campaign_id=made["campaign_id"]).update(open_release="ab" * 32)
    return made


def _part(world: World, code: str) -> Mapping[str, Any]:
    return {**_campaign(world, code), "language": "km", "part": "start"}


def _spoken(world: World, code: str) -> Mapping[str, Any]:
    return {**_campaign(world, code), "key": "start", "language": "vi"}


def _recording(world: World, code: str) -> Mapping[str, Any]:
    campaign = Campaign.objects.get(pk=_campaign(world, code)["campaign_id"])
    actor = world.user("KH" if code != "KH" else "TC02", Role.AUDITOR)
    upload = FileUpload(_sound())
    made = spoken_actions.hand_in(campaign, "start", "vi", upload, actor=actor)
    return {"recording_id": made.pk}


def _sound() -> Sent:
    return Sent("loi-doc.mp3", b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x00" * 20)


ROWS = (
    Row("publishing:index", make=_campaign, get=LOOKS, seen=ALL),
    Row("publishing:page", make=_campaign, get="LO", post="LO", seen=ALL, data=FORM),
    Row("publishing:show", make=_page, get=None, post="LO", seen=ALL),
    Row(
        "publishing:close",
        make=_shown,
        get="LO",
        post="LO",
        seen=ALL,
        data={"reason": "nhầm danh sách"},
    ),
    Row("publishing:agree_change", make=_change, get=None, post="LO", seen=ALL),
    Row("publishing:drop_change", make=_change, get=None, post="LO", seen=ALL),
    Row("publishing:open_list", make=_with_list, get=None, post="LO LA", seen=ALL),
    Row("publishing:end_open_list", make=_declared, get=None, post="LO", seen=ALL),
    Row("publishing:write", make=_shown, get=None, post="LO LA", seen=ALL),
    Row(
        "publishing:hand_in",
        make=_of_kind,
        get="LO LA",
        post="LO LA",
        seen=ALL,
        data={"file": _networks(), "name": "CGNAT"},
    ),
    Row("publishing:list", make=_list_of, get=LOOKS, seen=ALL),
    Row("publishing:take_list", make=_list_of, get=None, post="LO", seen=ALL),
    Row("publishing:drop_list", make=_list_of, get=None, post="LO", seen=ALL),
    Row("publishing:texts", make=_campaign, get=LOOKS, seen=ALL),
    Row(
        "publishing:review",
        make=_part,
        get="LO LA",
        post="LO LA",
        seen=ALL,
        data={
            "signed_name": "Thạch Sa Rinh",
            "text:start.button": translated_texts("km")["start.button"].sha256,
        },
    ),
    Row(
        "publishing:record",
        make=_spoken,
        get="LO LA",
        post="LO LA",
        seen=ALL,
        data={"file": _sound()},
    ),
    Row("publishing:recording", make=_recording, get=LOOKS, seen=ALL),
    Row("publishing:publish_recording", make=_recording, get=None, post="LO", seen=ALL),
    Row("publishing:end_recording", make=_recording, get=None, post="LO", seen=ALL),
    Row("publishing:tools", make=_campaign, get=LOOKS, seen=ALL),
    Row("publishing:tools_key", make=_with_key, get=LOOKS, seen=ALL),
    Row(
        "publishing:draft_tool",
        make=_campaign,
        get="LO LA",
        post="LO LA",
        seen=ALL,
        data=TOOL_FORM,
    ),
    Row("publishing:publish_tool", make=_tool, get="LO LA", post="LO", seen=ALL),
    Row("publishing:drop_tool", make=_tool, get=None, post="LO LA", seen=ALL),
    Row(
        "publishing:withdraw_tool",
        make=_published_tool,
        get="LO",
        post="LO",
        seen=ALL,
        data={"reason": "nhầm tệp"},
    ),
)
