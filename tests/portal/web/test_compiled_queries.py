"""A statement has the rows of its plain queryset, for whatever values, and is written once."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.db.models.sql.compiler import SQLCompiler
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, Phase
from quetsach_portal.campaigns.scope import highest_node, node_scope
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.compiled_queries import CompiledQuery, count_anew
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_rows_are_those_of_the_plain_queryset_for_any_number_of_values(world: World) -> None:
    ids = [one.pk for one in world.units.values()]
    below = CompiledQuery(
        lambda units, kind: (
            OrgUnit.objects.filter(pk__in=units, kind=kind).select_related("parent").order_by("-pk")
        )
    )
    kinds = {one.kind for one in world.units.values()}
    for count in (2, 0, 1, len(ids), 3):
        for kind in kinds:
            named = {"units": ids[:count], "kind": kind}
            assert looked(below(**named)) == looked(below.plain(**named))


def test_days_and_moments_are_asked_as_they_are(world: World) -> None:
    world.user("TC", Role.CLERK)
    held = CompiledQuery(
        lambda day, now: Assignment.objects.filter(valid_from__lte=day, created_at__lte=now)
    )
    for days in (-3, 0, 3):
        moment = timezone.now() + timedelta(days=days)
        named = {"day": timezone.localdate(moment), "now": moment}
        assert looked(held(**named)) == looked(held.plain(**named))
    assert not held(day=timezone.localdate() - timedelta(days=9), now=timezone.now())


def test_rows_of_values_and_counts_come_as_they_would(world: World) -> None:
    pairs = CompiledQuery(
        lambda campaign: CampaignNode.objects.filter(campaign_id=campaign).values_list("pk", "path")
    )
    titles = CompiledQuery(lambda state: Campaign.objects.filter(state=state).values("title", "pk"))
    campaign = world.campaign
    assert pairs(campaign=campaign.pk) == list(pairs.plain(campaign=campaign.pk))
    assert titles(state=campaign.state) == list(titles.plain(state=campaign.state))
    assert titles.first(state="nowhere") is None


def test_the_sql_is_written_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    phases = CompiledQuery(
        lambda campaign: Phase.objects.filter(campaign_id=campaign).order_by("no")
    )
    assert phases(campaign=world.campaign.pk) == [world.phase]

    def write_again(*_args: object, **_named: object) -> None:
        raise AssertionError("written again")

    with monkeypatch.context() as patched:
        patched.setattr(SQLCompiler, "as_sql", write_again)
        assert phases(campaign=world.campaign.pk) == [world.phase]
        assert phases(campaign=world.campaign.pk + 1) == []


def test_a_number_that_no_database_counts_to_has_no_row(world: World) -> None:
    accounts = CompiledQuery(lambda pk: User.objects.filter(pk=pk))
    user = world.user("TC", Role.CLERK)
    assert [accounts(pk=one) for one in (10**30, user.pk, -(10**30))] == [[], [user], []]


def test_a_statement_is_counted_as_a_query(world: World) -> None:
    accounts = CompiledQuery(lambda pk: User.objects.filter(pk=pk))
    with CaptureQueriesContext(connection) as asked:
        accounts(pk=1)
        accounts(pk=2)
    assert len(asked) == 2


def test_what_would_stay_as_it_was_is_refused() -> None:
    fixed = timezone.now()
    with pytest.raises(ValueError, match="moment"):
        CompiledQuery(lambda pk: User.objects.filter(pk=pk, created_at__lte=fixed))(pk=1)
    with pytest.raises(ValueError, match="not in its SQL"):
        CompiledQuery(lambda text: User.objects.filter(email__contains=text))(text="a")
    with pytest.raises(ValueError, match="not in its SQL"):
        CompiledQuery(lambda pk, other: User.objects.filter(pk=pk))(pk=1, other=2)


def test_pages_have_the_rows_of_the_plain_querysets(
    world: World, client_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = []
    fast = CompiledQuery.__call__

    def judge(self: CompiledQuery[Any], **values: Any) -> list[Any]:
        rows = fast(self, **values)
        given = {
            name: list(one) if isinstance(one, Collection) and not isinstance(one, str) else one
            for name, one in values.items()
        }
        assert looked(rows) == looked(self.plain(**given)), values
        judged.append(self)
        return rows

    monkeypatch.setattr(CompiledQuery, "__call__", judge)
    inside = f"/followup/campaigns/{world.campaign.pk}"
    for code, role, *paths in (
        ("TC", Role.LEAD_OWNER, "/", f"{inside}/ladder/"),
        ("TC01", Role.FOCAL_POINT, "/", "/campaigns/"),
        ("TC02", Role.TECHNICIAN, "/"),
    ):
        client = client_of(code, role)
        assert {client.get(path).status_code for path in paths} == {200}
    assert len(set(judged)) >= 14


def test_a_highest_node_brings_its_counters(world: World, django_assert_num_queries: Any) -> None:
    seats = node_scope(scope_of(world.user("TC", Role.LEAD_OWNER)), world.campaign)
    with django_assert_num_queries(1):
        node = highest_node(seats)
        assert node.tally.units == 4


def looked(rows: Any) -> list[Any]:
    """Return all that is known of each row, and of what was fetched along with it."""
    return [_all_of(one) for one in rows]


def _all_of(row: Any, steps: int = 2) -> Any:
    if not isinstance(row, Model):
        return row
    own = {name: one for name, one in vars(row).items() if name != "_state"}
    along = row._state.fields_cache if steps else {}
    return type(row), own, {name: _all_of(one, steps - 1) for name, one in along.items()}


def test_counting_anew_is_left_to_databases_that_plan_by_counts(
    django_assert_num_queries: Any,
) -> None:
    with django_assert_num_queries(2 if connection.vendor == "postgresql" else 0):
        count_anew(OrgUnit, Campaign)
