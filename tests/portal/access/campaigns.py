"""Who may open the pages of the app `campaigns`."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from quetsach.api.reports import form_digest
from quetsach_portal.campaigns.actions.materials import add_material
from quetsach_portal.campaigns.actions.phases import add_phase
from quetsach_portal.campaigns.actions.preparing import CampaignBasics, create
from quetsach_portal.campaigns.models.campaign import (
    Campaign,
    CampaignState,
    LetterReading,
    Phase,
    ReadingState,
)
from quetsach_portal.files.actions import store_upload
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.rehearsals import homes
from quetsach_portal.reports.phase_forms.changing import form_in_use
from quetsach_portal.web.scratch_homes import RehearsalNote, write_note
from tests.portal.access.row import ALL, Row
from tests.portal.access.sent_files import Sent, pdf
from tests.portal.world import World, make_campaign

LOOKS = "LO LA AU"
"""Who reads how a campaign of their own unit is prepared."""

TODAY = timezone.localdate()


def _owner(world: World, code: str) -> User:
    return world.user(code, Role.LEAD_OWNER)


def _prepared(world: World, code: str) -> Campaign:
    owner = _owner(world, code)
    campaign = create(world.units[code], CampaignBasics("Chiến dịch", "Công văn 1"), actor=owner)
    add_phase(campaign, title="", due_at=timezone.now() + timedelta(days=30), actor=owner)
    return campaign


def _campaign(world: World, code: str) -> Mapping[str, Any]:
    return {"campaign_id": _prepared(world, code).pk}


def _rehearsal(world: World, code: str) -> Mapping[str, Any]:
    campaign, now = _prepared(world, code), timezone.localtime()
    rehearsal_id = f"{campaign.pk:012x}"
    folder = homes.folder_of(rehearsal_id)
    folder.mkdir(parents=True, exist_ok=True)
    gone_at = now + homes.KEPT
    note = RehearsalNote(rehearsal_id, campaign.pk, "", now.isoformat(), gone_at.isoformat())
    write_note(folder, note)
    return {"rehearsal_id": rehearsal_id, "rest": ""}


def _ready(world: World, code: str) -> Mapping[str, Any]:
    campaign = _prepared(world, code)
    Campaign.objects.filter(pk=campaign.pk).update(state=CampaignState.READY)
    return {"campaign_id": campaign.pk}


def _closing(world: World, code: str) -> Mapping[str, Any]:
    campaign = _prepared(world, code)
    Campaign.objects.filter(pk=campaign.pk).update(state=CampaignState.CLOSING)
    return {"campaign_id": campaign.pk}


def _live(world: World, code: str) -> Campaign:
    lead = world.units[code]
    held = Campaign.objects.filter(lead_unit=lead, state=CampaignState.LIVE).first()
    return held or make_campaign(world, lead=code)


def _running(world: World, code: str) -> Mapping[str, Any]:
    return {"campaign_id": _live(world, code).pk}


def _phase(world: World, code: str) -> Mapping[str, Any]:
    campaign = _prepared(world, code)
    return {"campaign_id": campaign.pk, "phase_id": campaign.phases.get().pk}


def _released(world: World, code: str) -> Mapping[str, Any]:
    campaign = _prepared(world, code)
    path = world.units[code].path
    campaign.release_file = store_upload(
        Sent("a.jsonl", b"{}\n"), purpose="release", owner_path=path, actor=None
    )
    campaign.save()
    return {"campaign_id": campaign.pk}


def _reading(world: World, code: str) -> Mapping[str, Any]:
    path = world.units[code].path
    kept = store_upload(
        Sent("a.txt", b"van ban\n"), purpose="letter-in", owner_path=path, actor=None
    )
    reading = LetterReading.objects.create(
        lead_unit=world.units[code],
        file=kept,
        created_by=_owner(world, code),
        state=ReadingState.READ,
        result={"questions": [], "complete": True, "by_ocr": False},
    )
    return {"reading_id": reading.pk}


def _material(campaign: Campaign, world: World, code: str) -> Mapping[str, Any]:
    made = add_material(
        campaign,
        pdf(),
        title="Áp phích",
        version="1",
        language="vi",
        kind="poster",
        actor=_owner(world, code),
    )
    return {"campaign_id": campaign.pk, "material_id": made.pk}


def _own_material(world: World, code: str) -> Mapping[str, Any]:
    return _material(_prepared(world, code), world, code)


def _offered(world: World, code: str) -> Mapping[str, Any]:
    return _material(_live(world, code), world, code)


def _confirmed(_world: World, _code: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    phase = Phase.objects.get(pk=arguments["phase_id"])
    return {"definition": "", "seen": form_digest(form_in_use(phase)), "is_sure": "on"}


BASICS = {"title": "Tên mới", "legal_basis": "Công văn 2", "goal": "", "page_url": ""}
PHASE = {"opens_day": TODAY, "due_day": TODAY + timedelta(days=40), "due_time": "", "title": ""}
REVIEW = {**BASICS, "tasks": "Một", "due_day": PHASE["due_day"], "form_code": "phu-luc-2022"}
CALENDAR = {
    "rule-TOTAL_FORMS": 1,
    "rule-INITIAL_FORMS": 0,
    "rule-0-occasion": "due",
    "rule-0-audience": "unit",
    "rule-0-days": 2,
    "rule-0-is_on": "on",
}
MATERIAL = {"title": "Tờ rơi", "kind": "leaflet", "language": "vi", "version": "1", "file": pdf()}


def _read(name: str, make: Any = _campaign) -> Row:
    return Row(f"campaigns:{name}", make=make, get=LOOKS, seen=ALL)


def _changed(name: str, data: Mapping[str, Any], make: Any = _campaign) -> Row:
    return Row(f"campaigns:{name}", make=make, get="LO", post="LO", seen=ALL, data=data)


ROWS = (
    Row("campaigns:index", get=ALL),
    Row("campaigns:by_hand", get="LO", post="LO", data=BASICS),
    Row("campaigns:from_letter", get="LO", post="LO", data={"file": Sent("a.txt", b"van ban\n")}),
    _changed("review", REVIEW, _reading),
    # Whoever stands in a campaign that runs sees it; the one of the unit above, too.
    Row("campaigns:show", make=_running, get={"own": ALL, "parent": ALL}),
    Row("campaigns:setup", make=_campaign, get=LOOKS, post="LO", seen=ALL),
    Row("campaigns:launch_letter", make=_campaign, get=LOOKS, post="LO", seen=ALL),
    _read("launch_signing"),
    Row(
        "campaigns:deadlines",
        make=_campaign,
        get=LOOKS,
        post="LO",
        seen=ALL,
        data={"due_day": TODAY + timedelta(days=40)},
    ),
    Row("followup:calendar", make=_campaign, get=LOOKS, post="LO", seen=ALL, data=CALENDAR),
    _read("outside"),
    _changed(
        "correct",
        {"act": "ask", "kind": "text", "title": "Tên mới", "reason": "Sai"},
        _running,
    ),
    _changed("change", {"act": "ask", "kind": "end", "reason": "Xong"}, _running),
    _changed("basics", BASICS),
    _changed("tasks", {"tasks": "Một\n\nHai"}),
    _changed("appendix", {"form_code": "phu-luc-2022"}),
    Row(
        "phase_forms:choose",
        make=_phase,
        get="LO",
        post="LO",
        seen=ALL,
        data={"form_code": "su-co"},
    ),
    Row("phase_forms:confirm", make=_phase, get="LO", post="LO", seen=ALL, data=_confirmed),
    _read("phases"),
    _changed("new_phase", PHASE),
    _changed("phase", PHASE, _phase),
    Row("campaigns:end_phase", make=_phase, get=None, post="LO", seen=ALL),
    _read("tree"),
    _changed("freeze", {"day": TODAY, "first": "territory", "lines": ["territory"]}),
    _read("contacts"),
    Row("campaigns:release", make=_campaign, get=LOOKS, post="LO", seen=ALL),
    Row(
        "campaigns:from_lists",
        make=_campaign,
        get=None,
        post="LO",
        seen=ALL,
        data={"title": "Danh sách", "lists": Sent("a.csv", b"a\n198.51.100.7\n")},
    ),
    _read("release_file", _released),
    _read("materials"),
    _changed("new_material", MATERIAL),
    Row(
        "campaigns:material_file",
        make=_offered,
        get={"own": ALL, "parent": ALL},
        # A download is counted for the unit; a link that a machine opens counts for nobody.
        notes=("campaigns.MaterialPull",),
    ),
    _read("pulls", _own_material),
    Row("campaigns:end_material", make=_own_material, get=None, post="LO", seen=ALL),
    Row("campaigns:dry_run", make=_campaign, get=LOOKS, post="LO", seen=ALL),
    Row("campaigns:rehearsal", make=_campaign, get="LO", post="LO", seen=ALL),
    # The rehearsal asks for a token of its own, by a cookie of its own.
    Row("inside_rehearsal", make=_rehearsal, get="LO", post="LO", seen=ALL, csrf=False),
    _changed("start", {}, _ready),
    Row("campaigns:end", make=_campaign, get="LO", seen=ALL),
    _changed("end_check", {"step": "close"}, _closing),
    _read("checks"),
)
