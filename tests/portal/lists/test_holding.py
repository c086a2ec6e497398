"""What one person puts on hold accuses nobody at once; the second person decides."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach.api import gate
from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.cases.models.case import Case, Finding
from quetsach_portal.files.storage import path_of
from quetsach_portal.lists import deciding, holding
from quetsach_portal.lists.models import HoldState, ListHold, ListVersion, ListVersionState
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.intake.handing_in import LOG, looked_through
from tests.portal.lists.versions import (
    fresh,
    proposed,
    pulled_back,
    put_in_force,
    second_owner,
    tried,
)
from tests.portal.working import run_ready
from tests.portal.world import World

FIRST = "203.0.113.77\nbad.example\n"
BOTH = FIRST + "198.51.100.9\n"


def _watched(version: ListVersion) -> set[str]:
    campaign = Campaign.objects.select_related("release_file").get(pk=version.campaign_id)
    assert campaign.release_file is not None
    entries = gate.set_of(path_of(campaign.release_file)).indicators
    return {one.key for one in entries if one.decided == "watch"}


def test_a_row_on_hold_ends_its_cases_until_it_is_lifted(world: World) -> None:
    version = put_in_force(world, FIRST)
    looked_through(world, {"conn.log": LOG})
    owner, other = world.user("TC", Role.LEAD_OWNER), second_owner(world)
    row = holding.hold(version, "203[.]0.113.77", reason="máy của ta", until=None, actor=owner)
    run_ready()
    row.refresh_from_db()
    assert (row.key, row.met, _watched(version)) == ("203.0.113.77", 1, {"203.0.113.77"})
    assert (Case.objects.get().outcome, Finding.objects.get().withdrawn) == ("withdrawn", True)
    with pytest.raises(Refused):
        holding.hold(version, "203.0.113.77", reason="nữa", until=None, actor=other)
    with pytest.raises(Refused):
        holding.settle(row, confirms=False, actor=owner)
    holding.settle(row, confirms=False, actor=other)
    run_ready()
    assert (Case.objects.get().outcome, Finding.objects.get().withdrawn) == ("", False)
    assert _watched(version) == set()
    with pytest.raises(Refused):
        holding.settle(row, confirms=True, actor=other)


def test_a_row_that_was_confirmed_stays_held_in_the_next_version(world: World) -> None:
    version = put_in_force(world, FIRST)
    row = holding.hold(
        version, "bad.example", reason="nhầm", until=None, actor=world.user("TC", Role.LEAD_OWNER)
    )
    holding.settle(row, confirms=True, actor=second_owner(world))
    run_ready()
    later = put_in_force(world, BOTH)
    assert _watched(later) == {"bad.example"}
    assert later.in_use_id is not None
    ListHold.objects.update(until=timezone.localdate() - timedelta(days=1))
    holding.ask_to_renew(later)
    run_ready()
    assert (_watched(later), fresh(later).in_use_id) == (set(), None)


def test_a_row_on_hold_is_decided_on_under_whatever_version_is_in_force(world: World) -> None:
    owner, other = world.user("TC", Role.LEAD_OWNER), second_owner(world)
    first = put_in_force(world, FIRST)
    confirmed, lifted = (
        holding.hold(first, key, reason="nhầm", until=None, actor=owner)
        for key in ("bad.example", "203.0.113.77")
    )
    later = put_in_force(world, BOTH)
    assert _watched(later) == {"bad.example", "203.0.113.77"}
    holding.settle(confirmed, confirms=True, actor=other)
    holding.settle(lifted, confirms=False, actor=other)
    run_ready()
    assert _watched(later) == {"bad.example"}
    of_later = holding.hold(later, "203.0.113.77", reason="nhầm", until=None, actor=owner)
    pulled_back(later, "dòng sai", owner, other)
    holding.settle(of_later, confirms=False, actor=other)
    run_ready()
    assert (fresh(first).state, _watched(first)) == (ListVersionState.IN_FORCE, {"bad.example"})


def test_a_version_on_hold_brings_nothing_back_and_lets_no_other_follow(world: World) -> None:
    owner, other = world.user("TC", Role.LEAD_OWNER), second_owner(world)
    first = put_in_force(world, "203.0.113.77\nold.example\n")
    second = put_in_force(world, "203.0.113.77\nnew.example\n")
    row = holding.hold(second, "", reason="dòng sai", until=None, actor=owner)
    run_ready()
    assert _watched(second) == {"new.example"}
    assert (fresh(second).state, ListHold.objects.get().met) == (ListVersionState.IN_FORCE, 1)
    third = proposed(tried(world, "c.example\n"), owner, shrink_reason="cố ý")
    with pytest.raises(Refused):
        deciding.approve(third, actor=other)
    holding.settle(row, confirms=True, actor=other)
    run_ready()
    assert (fresh(first).state, fresh(second).state) == (
        ListVersionState.IN_FORCE,
        ListVersionState.PULLED_BACK,
    )
    assert Campaign.objects.get(pk=first.campaign_id).release_sha256 == first.sha256
    assert ListHold.objects.get().state == HoldState.OVER


def test_what_cannot_be_held_is_refused(world: World) -> None:
    owner = world.user("TC", Role.LEAD_OWNER)
    version = put_in_force(world, FIRST)
    late = timezone.localdate() + timedelta(days=400)
    for text, reason, until in (
        ("bad.example", " ", None),
        ("bad.example", "vì", late),
        ("không phải tên", "vì", None),
        ("", "không có bản trước", None),
    ):
        with pytest.raises(Refused):
            holding.hold(version, text, reason=reason, until=until, actor=owner)
    row = holding.hold(version, "khac.example", reason="vì", until=None, actor=owner)
    run_ready()
    row.refresh_from_db()
    assert (row.met, holding.holds_of(version).count()) == (0, 1)
