"""Something at each address that a program can ask, and the numbers under which it stands."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from quetsach_portal.api.lists import make
from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.tokens import make_token
from quetsach_portal.followup.models import Mail, MailState, Silence
from quetsach_portal.jobs.enqueue import enqueue
from quetsach_portal.rights.models import Assignment, Role
from tests.portal.access.letters import make_letter
from tests.portal.access.table import TABLES
from tests.portal.api.test_lists import publish
from tests.portal.cases.rows import make_batch, make_case
from tests.portal.intake.rows import make_done, make_draft
from tests.portal.reports.acting import submitted
from tests.portal.world import World

LIST = "edl-domains.txt"

PAGES = {row.name: row for rows in TABLES.values() for row in rows}

Maker = Callable[[World, Path], Mapping[str, Any]]


@cache
def _as_page(name: str) -> Maker:
    """Return what makes the thing of a page in TC, with the numbers of the page's address."""
    made = PAGES[name].make
    assert made is not None
    return lambda world, _folder: made(world, "TC")


def _silences(world: World, _folder: Path) -> Mapping[str, Any]:
    now = timezone.now()
    Silence.objects.create(node=world.nodes["TC01"], waits_for="received", since=now)
    return {}


def _mails(world: World, _folder: Path) -> Mapping[str, Any]:
    node = world.nodes["TC01"]
    Mail.objects.create(node=node, kind="reminder", key="a", address="a@b.example")
    Mail.objects.update(state=MailState.FAILED, problem="550")
    return {}


def _letter(world: World, _folder: Path) -> Mapping[str, Any]:
    return {"letter_id": make_letter(world, "TC", "released").pk}


def _done(world: World, _folder: Path) -> Mapping[str, Any]:
    return {"submission_id": make_done(world, "TC").pk}


def _draft(world: World, _folder: Path) -> Mapping[str, Any]:
    return {"submission_id": make_draft(world, "TC").pk}


def _case(world: World, _folder: Path) -> Mapping[str, Any]:
    return {"case_id": make_case(world, "TC").pk}


def _batch(world: World, _folder: Path) -> Mapping[str, Any]:
    return {"batch_id": make_batch(world, "TC").pk}


def _report(world: World, _folder: Path) -> Mapping[str, Any]:
    submitted(world, "TC01")
    return {"version_id": submitted(world, "TC").pk}


def _job(_world: World, _folder: Path) -> Mapping[str, Any]:
    enqueue("lists.make", key="lists:filled")
    return {}


def _list(world: World, folder: Path) -> Mapping[str, Any]:
    publish(world, folder, "bad.example\n")
    make(world.campaign, LIST)
    return {"name": LIST}


MAKERS: Mapping[str, Maker] = {
    "/letters": _letter,
    "/submissions": _done,
    "{submission_id}/files": _draft,
    "{submission_id}/send": _draft,
    "/cases": _case,
    "/notices": _batch,
    "/reports": _report,
    "/jobs": _job,
    "/lists": _list,
    "/receipts": _as_page("followup:receipt_proof"),
    "/declarations": _as_page("followup:evidence"),
    "/evidence/": _as_page("followup:evidence"),
    "/papers": _as_page("followup:paper_proof"),
    "/extensions": _as_page("followup:decide"),
    "/silences": _silences,
    "/mails": _mails,
}
"""What has to be there for an address in whose path these words stand."""


class Filled:
    """The numbers of what was made in TC for the paths asked for, each thing once."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.folder = world, folder
        self.made: set[Maker] = set()
        self.numbers: dict[str, Any] = {
            "unit_id": world.units["TC01"].pk,
            "campaign_id": world.campaign.pk,
            "node_id": world.nodes["TC"].pk,
        }

    def numbers_of(self, path: str) -> Mapping[str, Any]:
        """Make what `path` asks for and return the numbers that may stand in it."""
        for words, maker in MAKERS.items():
            if words in path and maker not in self.made:
                self.made.add(maker)
                self.numbers |= maker(self.world, self.folder)
        return self.numbers


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
