"""Each act of two people, tried by one: with another account, a lent role, a link, a friend's name.

`ACTS` has one row for each place in the code that asks for a second person; a new one fails here
until it has its row.
"""

import ast
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import models, transaction
from django.utils import timezone

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.actions import changing, state
from quetsach_portal.cases import false_alarms
from quetsach_portal.letters.actions import mailing, release
from quetsach_portal.lifecycle import actions as lifecycle
from quetsach_portal.lists import deciding, holding, office
from quetsach_portal.lists.models import ListHold, ListVersion, ListVersionState, OfficeRow
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.publishing import actions as pages
from quetsach_portal.publishing.models import PageChange, PublicTool
from quetsach_portal.publishing.tools import actions as tools
from quetsach_portal.ranges import approving
from quetsach_portal.ranges.models import PublicRange
from quetsach_portal.ranges.table import WrittenRange, add
from quetsach_portal.register import tree_acts
from quetsach_portal.units.models import OrgEvent
from quetsach_portal.web.acts import Refused
from tests.portal.access import lists, publishing, units
from tests.portal.campaigns import acting
from tests.portal.cases import rows
from tests.portal.letters import staged
from tests.portal.world import World, make_user

pytestmark = pytest.mark.django_db

SRC = Path(__file__).parents[2] / "src" / "quetsach_portal"

Thing = models.Model
Act = tuple[Callable[[World], Thing], str, Callable[[Any, User], object]]
"""What waits, the field with the first person, and the press of the second."""


def _alarm(world: World) -> Thing:
    return rows.make_alarm(world, "TC01")


def _range(world: World) -> Thing:
    written = WrittenRange(world.units["TC"], "203.0.113.0/28")
    analyst = world.user("TC", Role.LEAD_ANALYST)
    return add(world.units["TC"], written, source="Hợp đồng", actor=analyst)[0]


def _approve_range(row: PublicRange, actor: User) -> object:
    shown = approving.waiting_for(row.office, actor).digest
    return approving.approve_waiting(row.office, shown, actor=actor)


def _event(world: World) -> Thing:
    return OrgEvent.objects.get(pk=units._event(world, "TC")["event_id"])


def _page_change(world: World) -> Thing:
    return PageChange.objects.get(pk=publishing._change(world, "TC")["change_id"])


def _tool(world: World) -> Thing:
    return PublicTool.objects.get(pk=publishing._tool(world, "TC")["tool_id"])


def _office_row(world: World) -> Thing:
    return OfficeRow.objects.get(pk=lists._office_row(world, "TC")["row_id"])


def _proposed_list(world: World) -> Thing:
    named = lists._version(world, "TC", ListVersionState.PROPOSED)
    version = ListVersion.objects.get(campaign=named["campaign_id"], n=named["n"])
    version.doubtful.all().delete()
    version.proposed_at, version.proposed_by = timezone.now(), world.user("TC", Role.LEAD_ANALYST)
    version.save()
    return version


def _hold(world: World) -> Thing:
    return ListHold.objects.get(pk=lists._hold(world, "TC")["hold_id"])


def _letter(world: World) -> Thing:
    return staged.numbered(world)


def _released_letter(world: World) -> Thing:
    staged.contact(world.units["TC01"], "xa1@donvi.example")
    return staged.released(world, start_mails=False)


def _asked_start(world: World) -> Thing:
    campaign = acting.prepared(world)
    acting.rehearsed(world, campaign)
    state.request_start(campaign, actor=acting.owner(world))
    campaign.refresh_from_db()
    return campaign


def _asked_end(world: World) -> Thing:
    assert world.campaign is not None
    return changing.ask_change(
        world.campaign, "end", reason="Xong", actor=world.user("TC", Role.LEAD_OWNER)
    )


ACTS: dict[str, Act] = {
    "cases/false_alarms.py decide": (
        _alarm,
        "proposed_by",
        lambda alarm, actor: false_alarms.decide(alarm.pk, approve=True, answer="", actor=actor),
    ),
    "ranges/approving.py approve_waiting": (_range, "added_by", _approve_range),
    "register/tree_acts.py approve": (
        _event,
        "proposed_by",
        lambda event, actor: tree_acts.approve(event, note="", actor=actor),
    ),
    "publishing/actions.py agree": (
        _page_change,
        "proposed_by",
        lambda change, actor: pages.agree(change, actor=actor),
    ),
    "publishing/tools/actions.py publish": (
        _tool,
        "drafted_by",
        lambda tool, actor: tools.publish(tool, actor=actor),
    ),
    "lists/office.py approve": (
        _office_row,
        "by",
        lambda row, actor: office.approve(row.campaign, [f"{row.pk}:new"], actor=actor),
    ),
    "lists/deciding.py approve": (
        _proposed_list,
        "proposed_by",
        lambda version, actor: deciding.approve(version, actor=actor),
    ),
    "lists/holding.py settle": (
        _hold,
        "by",
        lambda hold, actor: holding.settle(hold, confirms=False, actor=actor),
    ),
    "letters/actions/release.py _refuse_unready": (
        _letter,
        "made_by",
        lambda letter, actor: release.release(
            letter.pk, release.DeliveryChannels(), start_mails=False, actor=actor
        ),
    ),
    "letters/actions/mailing.py start": (
        _released_letter,
        "made_by",
        lambda letter, actor: mailing.start(letter.pk, per_second=1, actor=actor),
    ),
    "campaigns/actions/state.py mark_started": (
        _asked_start,
        "start_asked_by",
        lambda campaign, actor: lifecycle.ask_or_confirm_start(campaign, actor=actor),
    ),
}

ELSEWHERE = {
    "campaigns/actions/state.py locked_to_archive": "lifecycle/test_end_steps.py",
    "campaigns/actions/changing.py _refuse_own": "campaigns/actions/test_changing.py",
    "lifecycle/correcting/asking.py _refuse_own": "lifecycle/correcting",
    "lifecycle/persons/requests.py decide": "lifecycle/persons/test_requests.py",
    "publishing/spoken/actions.py publish": "publishing/spoken",
    "intake/second_withdrawal.py confirm": "intake/test_second_withdrawal.py",
}
"""Acts whose own tests hold the rule: where they are."""


def _asking_functions() -> set[str]:
    """Return "path function" of each place that asks whether two accounts are one hand."""
    places = set()
    for path in SRC.rglob("*.py"):
        text = path.read_text()
        if "refuse_same_hand(" not in text or path.name == "second_person.py":
            continue
        for function in ast.walk(ast.parse(text)):
            if isinstance(function, ast.FunctionDef) and "refuse_same_hand(" in ast.unparse(
                function
            ):
                places.add(f"{path.relative_to(SRC)} {function.name}")
    return places


def test_each_act_of_two_people_has_a_row_here() -> None:
    assert _asking_functions() == set(ACTS) | set(ELSEWHERE)
    for place in ELSEWHERE.values():
        assert (Path(__file__).parent / place).exists()


def _second(world: World) -> User:
    return make_user(world.units["TC"], Role.LEAD_OWNER, "nguoi.hai@coquan.example")


def _same_person(first: User, second: User, world: World) -> User:
    return first


def _let_in(first: User, second: User, world: World) -> User:
    Assignment.objects.filter(user=second).update(given_by=first, created_at=timezone.now())
    return second


def _let_in_through_a_third(first: User, second: User, world: World) -> User:
    third = make_user(world.units["TC"], Role.LEAD_OWNER, "nguoi.ba@coquan.example")
    Assignment.objects.filter(user=third).update(given_by=first)
    return _let_in(third, second, world)


def _lets_in_the_first(first: User, second: User, world: World) -> User:
    Assignment.objects.filter(user=first).update(given_by=second, created_at=timezone.now())
    return second


def _acts_for_the_first(first: User, second: User, world: World) -> User:
    Assignment.objects.create(
        user=second,
        unit=world.units["TC"],
        role=Role.COMPILER,
        acting_for=first,
        valid_to=timezone.localdate() + timedelta(days=3),
    )
    return second


def _lost_the_factors_to_the_first(first: User, second: User, world: World) -> User:
    with transaction.atomic():
        record("user.factors-dropped", actor=first, kind="user", object_id=second.pk)
    return second


def _same_mailbox(first: User, second: User, world: World) -> User:
    local, _at, domain = first.email.partition("@")
    User.objects.filter(pk=second.pk).update(email=f"{local}+hai@{domain}")
    second.refresh_from_db()
    return second


WAYS = (
    _same_person,
    _let_in,
    _let_in_through_a_third,
    _lets_in_the_first,
    _acts_for_the_first,
    _lost_the_factors_to_the_first,
    _same_mailbox,
)


def _first_of(thing: Thing, field: str, world: World) -> User:
    """Let an owner of the lead office be the first, and return them."""
    first = make_user(world.units["TC"], Role.LEAD_OWNER, "nguoi.mot@coquan.example")
    type(thing)._base_manager.filter(pk=thing.pk).update(**{field: first})
    thing.refresh_from_db()
    long_ago = timezone.now() - timedelta(days=30)
    Assignment.objects.update(created_at=long_ago)
    return first


@pytest.mark.asvs("V2.3.5")
@pytest.mark.parametrize("act", ACTS)
def test_one_person_is_refused_in_each_way_and_an_independent_second_is_not(
    act: str, world: World
) -> None:
    make, field, press = ACTS[act]
    thing = make(world)
    first, second = _first_of(thing, field, world), _second(world)
    Assignment.objects.update(created_at=timezone.now() - timedelta(days=30))
    for way in WAYS:
        with transaction.atomic():
            actor = way(first, second, world)
            with pytest.raises(Refused), transaction.atomic():
                press(thing, actor)
            transaction.set_rollback(True)
    second.refresh_from_db()
    thing.refresh_from_db()
    press(thing, second)


@pytest.mark.parametrize("act", ACTS)
def test_what_was_decided_is_not_decided_twice(act: str, world: World) -> None:
    make, field, press = ACTS[act]
    thing = make(world)
    _first_of(thing, field, world)
    second = _second(world)
    Assignment.objects.update(created_at=timezone.now() - timedelta(days=30))
    press(thing, second)
    third = make_user(world.units["TC"], Role.LEAD_OWNER, "nguoi.ba@coquan.example")
    if act == "ranges/approving.py approve_waiting":
        assert press(thing, third) == 0
    elif act != "letters/actions/mailing.py start":
        with pytest.raises(Refused):
            press(thing, third)
