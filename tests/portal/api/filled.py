"""Something at each address that a program can ask, and the numbers under which it stands."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from quetsach_portal.api.device_lists import make
from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.tokens import make_token
from quetsach_portal.campaigns.actions.materials import count_pull
from quetsach_portal.campaigns.models.campaign import ExpectedReport, Material
from quetsach_portal.campaigns.models.checks import CounterCheck, DryRun, DryRunFault
from quetsach_portal.campaigns.models.corrections import CampaignCorrection
from quetsach_portal.followup.models import FollowupMail, MailState, Silence
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.participation.actions import make_codes
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.reports.models.document import ReportDocument
from quetsach_portal.reports.models.report import ChangeNotice, ReportReturn
from quetsach_portal.sensors.models import SensorHour, SensorTrouble
from quetsach_portal.units.models import Desk, Headcount, UnitContact
from tests.portal.access.letters import make_letter
from tests.portal.access.table import TABLES
from tests.portal.api.lists import publish
from tests.portal.cases.rows import make_batch, make_case
from tests.portal.intake.rows import make_done, make_draft
from tests.portal.reports.acting import submitted
from tests.portal.sensors.heard import heard
from tests.portal.world import World

LIST = "edl-domains.txt"

PAGES = {row.name: row for rows in TABLES.values() for row in rows}

Maker = Callable[[World, Path], Mapping[str, Any]]


def _as_page(name: str, code: str = "TC") -> Maker:
    """Return what makes the thing of a page in a unit, with the numbers of the page's address."""
    made = PAGES[name].make
    assert made is not None
    return lambda world, _folder: made(world, code)


def _silences(world: World, _folder: Path) -> Mapping[str, Any]:
    now = timezone.now()
    Silence.objects.create(node=world.nodes["TC01"], waits_for="received", since=now)
    return {}


def _mails(world: World, _folder: Path) -> Mapping[str, Any]:
    node = world.nodes["TC01"]
    FollowupMail.objects.create(node=node, kind="reminder", key="a", address="a@b.example")
    FollowupMail.objects.update(state=MailState.FAILED, problem="550")
    return {}


def _letter(world: World, _folder: Path) -> Mapping[str, Any]:
    return {"letter_id": make_letter(world, "TC", "released").pk}


def _done(world: World, _folder: Path) -> Mapping[str, Any]:
    return {"submission_id": make_done(world, "TC").pk}


def _draft(world: World, _folder: Path) -> Mapping[str, Any]:
    return {"submission_id": make_draft(world, "TC").pk}


def _case(world: World, _folder: Path) -> Mapping[str, Any]:
    return {"case_id": make_case(world, "TC").pk}


def _sensor(world: World, _folder: Path) -> Mapping[str, Any]:
    sensor = heard(world, code="TC")
    SensorTrouble.objects.create(node=sensor.node, sensor=sensor, kind="loss")
    hour = SensorHour.objects.create(source=sensor.sources.get(), hour=sensor.heard_at, lines=9)
    return {"source_id": hour.source_id}


def _batch(world: World, _folder: Path) -> Mapping[str, Any]:
    return {"batch_id": make_batch(world, "TC").pk}


def _report(world: World, _folder: Path) -> Mapping[str, Any]:
    submitted(world, "TC01")
    return {"version_id": submitted(world, "TC").pk}


def _job(_world: World, _folder: Path) -> Mapping[str, Any]:
    enqueue("lists.make", key="lists:filled")
    return {}


def _returned(world: World, _folder: Path) -> Mapping[str, Any]:
    version = submitted(world, "TC")
    actor = world.user("TC", Role.LEAD_OWNER)
    ReportReturn.objects.create(version=version, text="thiếu số liệu", by=actor)
    return {"slot_id": version.slot_id}


def _changed(world: World, _folder: Path) -> Mapping[str, Any]:
    numbers = _as_page("reports:notice")(world, _folder)
    return {"slot_id": ChangeNotice.objects.get(pk=numbers["notice_id"]).parent_slot_id}


def _document(world: World, _folder: Path) -> Mapping[str, Any]:
    numbers = _as_page("report_documents:file")(world, _folder)
    document = ReportDocument.objects.get(pk=numbers["document_id"])
    return {**numbers, "version_id": document.version_id}


def _below(world: World, _folder: Path) -> Mapping[str, Any]:
    return {"slot_id": ExpectedReport.objects.get(node=world.nodes["TC"]).pk}


def _contact(world: World, _folder: Path) -> Mapping[str, Any]:
    day = timezone.localdate() - timedelta(days=500)
    unit = world.units["TC"]
    UnitContact.objects.create(unit=unit, mail="vanthu@coquan.example", valid_from=day)
    return {"unit_id": unit.pk, "problem": "stale"}


def _desk(world: World, _folder: Path) -> Mapping[str, Any]:
    unit = world.units["TC"]
    Desk.objects.create(unit=unit, role="compiler", served_by=world.units["TC01"])
    return {"unit_id": unit.pk}


def _heads(world: World, _folder: Path) -> Mapping[str, Any]:
    unit = world.units["TC"]
    Headcount.objects.create(unit=unit, staff_count=12, as_of=timezone.localdate())
    return {"unit_id": unit.pk}


def _pulled(world: World, _folder: Path) -> Mapping[str, Any]:
    numbers = _as_page("campaigns:pulls")(world, _folder)
    material = Material.objects.get(pk=numbers["material_id"])
    count_pull(material, world.nodes["TC"])
    return numbers


def _released(world: World, folder: Path) -> Mapping[str, Any]:
    publish(world, folder, "bad.example\n")
    return {}


def _counted(world: World, _folder: Path) -> Mapping[str, Any]:
    CounterCheck.objects.create(campaign=world.campaign, counters=1)
    return {}


def _corrected(world: World, _folder: Path) -> Mapping[str, Any]:
    CampaignCorrection.objects.create(
        campaign=world.campaign,
        kind="text",
        state="done",
        reason="Sai chữ",
        before={"title": "Tên cũ"},
        words=["Tên: “Mới” (trước đây: “Tên cũ”)."],
        asked_by=world.user("TC", Role.LEAD_OWNER),
        decided_by=world.user("TC", Role.LEAD_ANALYST),
        decided_at=timezone.now(),
    )
    return {}


def _rehearsed(world: World, _folder: Path) -> Mapping[str, Any]:
    actor = world.user("TC", Role.LEAD_OWNER)
    run = DryRun.objects.create(campaign=world.campaign, asked_by=actor)
    DryRunFault.objects.create(run=run, code="no-contact")
    return {}


def _edition(world: World, _folder: Path) -> Mapping[str, Any]:
    return {"edition_id": _as_page("handouts:edition")(world, _folder)["version_id"]}


def _codes(world: World, _folder: Path) -> Mapping[str, Any]:
    make_codes(world.nodes["TC"], actor=world.user("TC", Role.FOCAL_POINT))
    return {}


def _list(world: World, folder: Path) -> Mapping[str, Any]:
    publish(world, folder, "bad.example\n")
    make(world.campaign, [LIST])
    return {"name": LIST}


MAKERS: Mapping[str, Maker] = {
    "/letters": _letter,
    "/files/{which}": _as_page("letters:file"),
    "/list-versions/{n}": _as_page("lists:show"),
    "/feeds": _as_page("lists:stop_feed"),
    "/dispatch": _as_page("letters:row"),
    "/submissions": _done,
    "{submission_id}/files": _draft,
    "{submission_id}/send": _draft,
    "/cases": _case,
    "/samples": _as_page("cases:why"),
    "/case-files": _as_page("cases:file"),
    "/alerts": _as_page("alert"),
    "/alert-channels": _as_page("alerts:test_channel"),
    "/ranges": _as_page("ranges:end"),
    "/allotted-notices": _as_page("ranges:notices"),
    "/asked-notices": _as_page("ranges:asked"),
    "/false-alarms": _as_page("cases:decide"),
    "/checks": _as_page("cases:check", "TC01"),
    "/notices": _batch,
    "/reports": _report,
    "/changes": _changed,
    "/remarks": _returned,
    "/slots/{slot_id}/below": _below,
    "/documents": _document,
    "/signed-copies": _as_page("report_documents:signed_copy"),
    "/jobs": _job,
    "/lists": _list,
    "/receipts": _as_page("followup:receipt_proof"),
    "/declarations": _as_page("followup:evidence"),
    "/evidence/": _as_page("followup:evidence"),
    "/papers": _as_page("followup:paper_proof"),
    "/extensions": _as_page("followup:decide"),
    "/silences": _silences,
    "/mails": _mails,
    "/contacts": _contact,
    "/desks": _desk,
    "/headcounts": _heads,
    "/events": _as_page("units:event"),
    "/people/{user_id}": _as_page("rights:person"),
    "/rechecks": _as_page("rechecks:draw"),
    "/materials": _as_page("campaigns:pulls"),
    "/materials/{material_id}/pulls": _pulled,
    "/release": _released,
    "/corrections": _corrected,
    "/counter-checks": _counted,
    "/dry-run": _rehearsed,
    "/codes": _codes,
    "/handouts": _edition,
    "/submissions/{submission_id}/contents": _as_page("intake:remove_file"),
    "/submissions/{submission_id}/lines": _as_page("intake:by_hand"),
    "/tables": _as_page("intake:end_table"),
    "/sources": _as_page("intake:end_source"),
    "/planted": _as_page("planted:end"),
    "/keys": _as_page("intake:end_key"),
    "/sensors": _sensor,
    "/sensor-sources/{source_id}/hours": _sensor,
    "/public-page": _as_page("publishing:page"),
    "/public-lists": _as_page("publishing:list"),
    "/tools": _as_page("publishing:publish_tool"),
    "/public-figures": _as_page("public_figures:publish"),
}
"""What has to be there for an address in whose path these words stand; the longest say it."""


def fill(world: World, folder: Path, path: str) -> Mapping[str, Any]:
    """Make in TC what `path` asks for and return the numbers that may stand in it."""
    numbers = {
        "unit_id": world.units["TC"].pk,
        "campaign_id": world.campaign.pk,
        "node_id": world.nodes["TC"].pk,
        "which": "pdf",
    }
    words = max((one for one in MAKERS if one in path), key=len, default=None)
    return numbers if words is None else {**numbers, **MAKERS[words](world, folder)}


def whole_token(world: World) -> str:
    """Return a token for everything, of somebody in TC who has nearly every task there."""
    actor, unit = world.user("TC", Role.COMPILER), world.units["TC"]
    today = timezone.localdate()
    for role in (Role.FOCAL_POINT, Role.AUDITOR, Role.OPERATOR, Role.LEAD_OWNER):
        Assignment.objects.create(
            user=actor, unit=unit, role=role, valid_from=today - timedelta(days=1)
        )
    day = today + timedelta(days=5)
    scopes = list(TokenScope.values)
    return make_token(unit, name="schemathesis", scopes=scopes, expires_on=day, actor=actor)[1]
