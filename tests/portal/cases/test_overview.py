"""Counts of cases for those above: equal to the rows, in few queries."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from quetsach_portal.cases.models.case import Case, CaseState
from quetsach_portal.people.models.roles import Role
from tests.portal.cases import rows
from tests.portal.cases.rows import ClientOf
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_the_counts_by_child_are_those_of_the_rows(world: World, client_of: ClientOf) -> None:
    rows.make_case(world, "TC01", "192.0.2.1")
    rows.make_case(world, "TC01A", "192.0.2.2")
    old = rows.make_case(world, "TC02", "192.0.2.3")
    Case.objects.filter(pk=old.pk).update(
        opened_at=timezone.now() - timedelta(days=40),
        due_at=timezone.now() - timedelta(days=33),
        state=CaseState.RECURRED,
    )
    rows.make_case(world, "TC", "192.0.2.4")
    rows.make_closed(world, "TC02")
    address = reverse("cases:counts_of", args=[world.nodes["TC"].pk])
    shown = client_of("TC", Role.LEAD_OWNER).get(address).context["shown"]
    lines = {one.node.unit.code: one for one in shown.children}
    assert (lines["TC01"].open, lines["TC01"].infected, lines["TC01"].young) == (2, 2, 2)
    two = lines["TC02"]
    assert (two.open, two.recurred, two.oldest, two.late, two.cases) == (1, 1, 1, 1, 2)
    assert (shown.own.open, shown.whole.tally.cases_open) == (1, 4)
    assert sum(one.open for one in shown.children) + shown.own.open == 4


def test_the_counts_ask_the_database_as_often_for_many_units_as_for_few(
    world: World, client_of: ClientOf, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for code in ("TC01", "TC02", "TC01A"):
        for number in range(1, 6):
            rows.make_case(world, code, f"192.0.2.{number}")
    client = client_of("TC", Role.LEAD_OWNER)
    with django_assert_max_num_queries(18):
        client.get(reverse("cases:counts_of", args=[world.nodes["TC"].pk]))
