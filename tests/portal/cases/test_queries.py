"""The list of cases: filtered, what is due first, in as many queries for fifty as for one."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from quetsach_portal.cases.access import own_cases
from quetsach_portal.cases.models.case import Case, CaseContact, CaseState, Device
from quetsach_portal.cases.models.coverage import CoveredDay
from quetsach_portal.cases.queries import handled_addresses
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import scope_of
from tests.portal.cases import rows
from tests.portal.cases.rows import ClientOf
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_the_list_shows_what_is_due_first_and_filters(world: World, client_of: ClientOf) -> None:
    late = rows.make_case(world, "TC01", "192.0.2.21", "mot.example")
    Case.objects.filter(pk=late.pk).update(
        due_at=timezone.now() - timedelta(days=1), state=CaseState.RECURRED
    )
    other = rows.make_case(world, "TC01", "192.0.2.22", "hai.example")
    foreign = rows.make_case(world, "TC02", "192.0.2.23")
    client = client_of("TC01", Role.TECHNICIAN)

    def listed(query: str = "") -> list[int]:
        page = client.get(f"/cases/{query}").context["page"]
        return [one.pk for one in page.rows]

    assert listed() == [late.pk, other.pk]
    assert foreign.pk not in listed("?ended=all")
    assert listed("?ended=overdue") == [late.pk]
    assert listed("?state=recurred") == [late.pk]
    assert listed("?indicator=HAI.example") == [other.pk]
    assert listed("?technician=me") == []
    assert listed("?technician=none") == [late.pk, other.pk]
    assert listed("?older_than=1") == []
    assert listed("?state=nonsense&technician=999999") == [late.pk, other.pk]


def test_the_list_asks_the_database_as_often_for_fifty_as_for_one(
    world: World, client_of: ClientOf, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(1, 51):
        rows.make_case(world, "TC01", f"192.0.2.{number}")
    client = client_of("TC01", Role.FOCAL_POINT)
    with django_assert_max_num_queries(14):
        assert len(client.get("/cases/").context["page"].rows) == 50


def test_addresses_are_handled_until_the_last_covered_day_and_not_where_one_is_infected(
    world: World,
) -> None:
    today = timezone.localdate()
    states = (CaseState.QUIET, CaseState.VERIFIED, CaseState.QUIET, CaseState.INFECTED)
    cases = [rows.make_case(world, "TC01", f"192.0.2.{place}") for place in range(1, 5)]
    for case, state in zip(cases, states, strict=True):
        Case.objects.filter(pk=case.pk).update(state=state)
        address = "192.0.2.3" if state is CaseState.INFECTED else case.device.key
        Device.objects.filter(pk=case.device_id).update(addresses=[address])
    own = own_cases(scope_of(world.user("TC01", Role.TECHNICIAN)))
    assert handled_addresses(own) == [], "no covered day, nothing known"
    day = (today - timedelta(days=3)).isoformat()
    CoveredDay.objects.create(node=world.nodes["TC01"], kind="dns", day=day, lines=9)
    told = handled_addresses(own)
    assert [address for address, _until in told] == ["192.0.2.1", "192.0.2.2"]
    assert {timezone.localdate(until) for _address, until in told} == {today - timedelta(days=2)}
    CoveredDay.objects.update(day=today.isoformat())
    assert {timezone.localdate(until) for _address, until in handled_addresses(own)} == {today}
    stranger = own_cases(scope_of(world.user("TC02", Role.TECHNICIAN)))
    assert handled_addresses(stranger) == []


def test_a_machine_is_handled_as_long_as_all_that_saw_it_is_covered(world: World) -> None:
    case = rows.make_case(world, "TC01", "192.0.2.1")
    Case.objects.filter(pk=case.pk).update(state=CaseState.QUIET)
    own = own_cases(scope_of(world.user("TC01", Role.TECHNICIAN)))
    days = [(timezone.localdate() - timedelta(days=ago)).isoformat() for ago in range(6)]
    covered = {"node": world.nodes["TC01"], "lines": 9}
    CoveredDay.objects.create(kind="proxy", day=days[1], **covered)
    CoveredDay.objects.create(kind="dns", unit="khac", day=days[1], **covered)
    assert handled_addresses(own) == [], "only other evidence is covered"
    CoveredDay.objects.create(kind="dns", day=days[5], **covered)
    CoveredDay.objects.create(kind="dns", day=days[4], **covered)

    def last_days() -> list[str]:
        return [
            (timezone.localdate(until) - timedelta(days=1)).isoformat()
            for _address, until in handled_addresses(own)
        ]

    assert last_days() == [days[4]]
    # Of what saw it, too, what ends first counts, also of a machine that is part of it.
    other = rows.make_case(world, "TC01", "192.0.2.2")
    Device.objects.filter(pk=other.device_id).update(merged_into=case.device)
    Case.objects.filter(pk=other.pk).delete()
    contacts = CaseContact.objects.filter(finding__device=other.device_id)
    contacts.update(kind="proxy")
    assert last_days() == [days[4]]
    contacts.update(kind="firewall")
    assert last_days() == []


def test_a_list_of_cases_sorts_by_its_heads_and_says_how_many(
    world: World, client_of: ClientOf
) -> None:
    first, second = rows.make_case(world, "TC01"), rows.make_case(world, "TC01")
    client = client_of("TC01", Role.TECHNICIAN)

    def order(query: str) -> list[int]:
        page = client.get(f"/cases/{query}").content.decode()
        assert "Vụ việc: 2</caption>" in page
        linked = re.findall(r'<td data-label="Vụ việc"><a href="/cases/(\d+)/"', page)
        return [int(number) for number in linked]

    assert order("?sort=case") == [first.pk, second.pk]
    assert order("?sort=-case") == [second.pk, first.pk]
    assert sorted(order("?sort=nothing")) == [first.pk, second.pk]
