"""What came out of a submission is written once, and proves only what somebody vouches for."""

from pathlib import Path

import pytest

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.cases.models.case import Case
from quetsach_portal.cases.models.coverage import CoveredDay
from quetsach_portal.intake.models import (
    CoverageDay,
    SubmissionState,
    Trust,
)
from quetsach_portal.intake.own_tables import set_rules
from quetsach_portal.people.models.roles import Role
from tests.portal.intake.handing_in import (
    LOG,
    as_released,
    key_pair,
    looked_through,
    made_at_home,
    publish,
    register,
    release_bytes,
    taken,
    zipped,
)
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_a_list_that_is_not_the_campaigns_is_shown(world: World, tmp_path: Path) -> None:
    publish(world)
    other = release_bytes("203.0.113.77\n198.51.100.44\n")
    row = taken(world, zipped(made_at_home(tmp_path, release=other)))
    assert (row.state, row.is_campaigns_list) == (SubmissionState.DONE, False)


def test_the_same_findings_twice_change_nothing_the_second_time(
    world: World, tmp_path: Path
) -> None:
    packed = zipped(made_at_home(tmp_path, release=as_released(world)))
    taken(world, packed)
    row = taken(world, packed)
    assert row.state == SubmissionState.DONE
    assert Case.objects.count() == 1
    assert sorted(CoverageDay.objects.values_list("lines", flat=True)) == [1, 2]


def proven_days(world: World) -> int:
    return CoveredDay.objects.filter(node=world.nodes["TC01"]).count()


def test_what_nobody_vouches_for_opens_cases_and_proves_no_day_clean(
    world: World, tmp_path: Path
) -> None:
    release = as_released(world)
    taken(world, zipped(made_at_home(tmp_path / "a", release=release)))
    assert Case.objects.get().device.key == "10.0.0.5"
    assert proven_days(world) == 0
    pair = key_pair(tmp_path)
    register(world, pair)
    taken(world, zipped(made_at_home(tmp_path / "b", release=release, key=pair.private)))
    assert proven_days(world) > 0


def test_findings_made_with_another_list_prove_no_day_clean_even_signed(
    world: World, tmp_path: Path
) -> None:
    publish(world)
    pair = key_pair(tmp_path)
    register(world, pair)
    other = release_bytes("nothing-at-all.example\n")
    row = taken(world, zipped(made_at_home(tmp_path / "h", release=other, key=pair.private)))
    assert (row.trust, row.is_campaigns_list) == (Trust.SIGNED, False)
    assert proven_days(world) == 0


def test_the_lead_office_may_trust_what_is_not_signed(world: World, tmp_path: Path) -> None:
    release = as_released(world)
    assert world.campaign is not None
    owner = world.user("TC", Role.LEAD_OWNER)
    set_rules(
        world.campaign, unsigned_allowed=True, unsigned_proves=True, keep_raw_days=30, actor=owner
    )
    taken(world, zipped(made_at_home(tmp_path, release=release)))
    assert proven_days(world) > 0


def test_each_act_stands_in_the_trail(world: World) -> None:
    publish(world)
    row = looked_through(world, {"conn.log": LOG})
    of_it = AuditEvent.objects.filter(object_kind="submission", object_id=str(row.pk))
    names = list(of_it.order_by("seq").values_list("action", flat=True))
    assert names == ["evidence.begun", "evidence.handed_in", "evidence.swept"]
    detail = of_it.get(action="evidence.swept").detail
    assert detail["devices"] == 1
    assert "10.0.0.5" not in str(detail)
