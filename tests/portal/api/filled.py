"""Something at each address that a program can ask, and the numbers under which it stands."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from quetsach_portal.api.lists import make
from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.tokens import make_token
from quetsach_portal.jobs.enqueue import enqueue
from quetsach_portal.reports.models import ReportVersion
from quetsach_portal.rights.models import Assignment, Role
from tests.portal.access.letters import make_letter
from tests.portal.api.test_lists import publish
from tests.portal.cases.rows import make_batch, make_case
from tests.portal.intake.rows import make_done, make_draft
from tests.portal.reports.acting import submitted
from tests.portal.world import World

LIST = "edl-domains.txt"

EVERYTHING = "/letters/submissions/cases/notices/reports/jobs/lists"
"""Asks for everything, as no path does."""


def fill(world: World, folder: Path, path: str) -> dict[str, Any]:
    """Make in TC what `path` asks for and return the numbers that stand in the path."""
    numbers: dict[str, Any] = {"unit_id": world.units["TC01"].pk}
    numbers["campaign_id"] = world.campaign.pk
    numbers["node_id"] = world.nodes["TC"].pk
    if "letter" in path:
        numbers["letter_id"] = make_letter(world, "TC", "released").pk
    if "submissions" in path:
        made = make_draft if path.endswith(("files", "send")) else make_done
        numbers["submission_id"] = made(world, "TC").pk
    if "/cases" in path:
        numbers["case_id"] = make_case(world, "TC").pk
    if "/notices" in path:
        numbers["batch_id"] = make_batch(world, "TC").pk
    if "/reports" in path:
        numbers["version_id"] = _added_up(world).pk
    if "/jobs" in path:
        enqueue("lists.make", key="lists:filled")
    if "/lists" in path:
        publish(world, folder, "bad.example\n")
        make(world.campaign, LIST)
        numbers["name"] = LIST
    return numbers


def whole_token(world: World) -> str:
    """Return a token for everything, of somebody in TC who reads, keeps machines and audits."""
    actor, unit = world.user("TC", Role.COMPILER), world.units["TC"]
    today = timezone.localdate()
    for role in (Role.FOCAL_POINT, Role.AUDITOR, Role.OPERATOR):
        Assignment.objects.create(
            user=actor, unit=unit, role=role, valid_from=today - timedelta(days=1)
        )
    day = today + timedelta(days=5)
    scopes = list(TokenScope.values)
    return make_token(unit, name="schemathesis", scopes=scopes, expires_on=day, actor=actor)[1]


def _added_up(world: World) -> ReportVersion:
    submitted(world, "TC01")
    return submitted(world, "TC")
