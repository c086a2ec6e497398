"""The effect of a campaign and machines not seen: told with grounds, else "cannot tell"."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from quetsach_portal.campaigns.counters import reach
from quetsach_portal.cases.models.case import CaseContact, Finding
from quetsach_portal.dashboards.pages import effect
from quetsach_portal.dashboards.pages.effect import _at_once, _week_before, effect_of
from quetsach_portal.intake.models import CoverageDay
from quetsach_portal.people.models.roles import Role
from tests.portal.cases.rows import make_case
from tests.portal.world import World

SignIn = Callable[[str, Role], Client]

FIRST = date(2026, 3, 2)
DAYS = [FIRST + timedelta(days=number) for number in range(15)]
STARTED = {unit: FIRST + timedelta(days=7) for unit in range(5)}
WAITING: dict[int, date | None] = dict.fromkeys(range(5, 10))
STARTS: dict[int, date | None] = {**STARTED, **WAITING}
ALL_DAYS = {(unit, day) for unit in STARTS for day in DAYS}


def met(units: range, days: list[date], machines: int) -> dict[tuple[int, date], set[int]]:
    """Return contacts: in each unit `machines`, each on two of the days."""
    rows: dict[tuple[int, date], set[int]] = {}
    for unit in units:
        for number in range(machines):
            for day in (days[number % len(days)], days[(number + 1) % len(days)]):
                rows.setdefault((unit, day), set()).add(1000 * unit + number)
    return rows


def test_units_that_deployed_are_compared_with_those_that_wait_on_the_same_days() -> None:
    contacts = {**met(range(5, 10), DAYS[8:], 6), **met(range(1), DAYS[8:], 3)}
    compared = _at_once(ALL_DAYS, STARTS, contacts)
    assert (compared.with_campaign.units, compared.without.units) == (5, 5)
    assert compared.with_campaign.unit_days == compared.without.unit_days == 5 * 7
    # A machine counts once, however many days it was in contact.
    assert (compared.with_campaign.machines, compared.without.machines) == (3, 30)
    assert compared.verdict == "less"


def test_a_unit_is_compared_with_itself_over_as_many_days_before() -> None:
    contacts = {**met(range(5), DAYS[:7], 6), **met(range(2), DAYS[8:], 2)}
    compared = _week_before(ALL_DAYS, STARTS, contacts)
    assert (compared.with_campaign.machines, compared.without.machines) == (4, 30)
    assert compared.verdict == "less"
    half = {pair for pair in ALL_DAYS if pair[1] >= FIRST + timedelta(days=4)}
    fewer = _week_before(half, STARTS, contacts)
    assert fewer.with_campaign.unit_days == fewer.without.unit_days == 5 * 3
    assert fewer.verdict == "", "too few days to tell"


def test_alike_and_more_are_said_as_they_are() -> None:
    same = {**met(range(5), DAYS[8:], 4), **met(range(5, 10), DAYS[8:], 4)}
    assert _at_once(ALL_DAYS, STARTS, same).verdict == "alike"
    more = {**met(range(5), DAYS[8:], 8), **met(range(5, 6), DAYS[8:], 3)}
    assert _at_once(ALL_DAYS, STARTS, more).verdict == "more"


def test_two_units_or_nine_machines_tell_nothing() -> None:
    two = {unit: start for unit, start in STARTS.items() if unit in (0, 1, 5, 6)}
    covered = {pair for pair in ALL_DAYS if pair[0] in two}
    assert _at_once(covered, two, met(range(2), DAYS[8:], 9)).verdict == ""
    assert _at_once(ALL_DAYS, STARTS, met(range(3), DAYS[8:], 3)).verdict == ""
    assert _at_once(set(), STARTS, {}).ratio is None


@pytest.fixture
def with_logs(world: World) -> World:
    """Of nine machines of TC01 eight are seen in logs, eight named by the authority, seven both."""
    node, today = world.nodes["TC01"], timezone.localdate()
    CoverageDay.objects.create(node=node, day=today, kind="dns", lines=10)
    CoverageDay.objects.create(node=node, day=today, kind="proxy", lines=10)
    reach(node, "told", timezone.now())
    for number in range(9):
        case = make_case(world, "TC01", f"192.0.2.{number + 1}")
        finding = Finding.objects.get(device=case.device)
        CaseContact.objects.filter(finding=finding).delete()
        for by_notice in (False, True) if number < 7 else (number == 8,):
            CaseContact.objects.create(
                finding=finding,
                when_us=1,
                day=today.isoformat(),
                kind="dns",
                by_notice=by_notice,
            )
    return world


@pytest.mark.django_db
def test_machines_in_both_sources_tell_how_many_nobody_saw(with_logs: World) -> None:
    twice = effect_of(with_logs.nodes["TC"]).twice
    assert twice is not None
    assert (twice.by_logs, twice.by_notices, twice.both) == (8, 8, 7)
    assert twice.estimate is not None
    assert twice.estimate.seen == 9
    CaseContact.objects.filter(by_notice=True, finding__device__key="192.0.2.1").delete()
    fewer = effect_of(with_logs.nodes["TC"]).twice
    assert fewer is not None
    assert (fewer.both, fewer.estimate) == (6, None)


@pytest.mark.django_db
def test_the_page_says_what_cannot_be_told(
    world: World, client_of: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of("TC", Role.LEAD_OWNER)
    address = f"/figures/{world.campaign.pk}/effect/"
    page = client.get(address).content.decode()
    assert page.count("Chưa đủ căn cứ để kết luận") == 2
    assert "Chưa đủ căn cứ để ước tính" in page
    monkeypatch.setattr(effect, "MOST_UNITS", 1)
    assert "Quá nhiều đơn vị" in client.get(address).content.decode()
