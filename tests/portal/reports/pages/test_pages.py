"""The pages of reports: the unit's way without a script, and what is told when something is odd."""

from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quetsach_portal.campaigns.models.campaign import CampaignNode, ExpectedReport
from quetsach_portal.followup.tasks import tasks_of
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.pages.pages import suggested
from tests.portal.reports.acting import (
    DEPLOYED,
    INFORMED,
    PEOPLE,
    ClientOf,
    accepted,
    signed,
    submitted,
    written,
)
from tests.portal.world import World, make_unit


def test_a_small_change_may_wait_but_never_one_of_lines_1_and_2() -> None:
    for delta, proposed in (
        ({PEOPLE: [1000, 1005]}, "carry"),
        ({PEOPLE: [1000, 1011]}, "absorb"),
        ({INFORMED: [1000, 1001]}, "absorb"),
        ({INFORMED: [1000, 1000], PEOPLE: [1000, 1001]}, "carry"),
        ({DEPLOYED: [1000, 999]}, "absorb"),
    ):
        assert suggested(delta, Decimal(1)) == proposed, delta
    assert suggested({PEOPLE: [1000, 1011]}, Decimal("1.5")) == "carry"
    assert suggested({PEOPLE: [1000, 1001]}, Decimal(0)) == "absorb"


def test_task_of_a_report_says_what_is_still_to_come(world: World) -> None:
    words = []
    for act in (submitted, accepted, signed):
        act(world, code := ("TC01A", "TC02", "TC01")[len(words)])
        words.append(tasks_of(world.nodes[code], world.phase).tasks[-1].word)
    assert words == ["Đã nộp, chờ tiếp nhận", "Đã tiếp nhận, chờ ký", "Đã ký, chờ gửi"]


def many_below(world: World, code: str, number: int) -> None:
    """Put so many units below a unit, each with an expected report."""
    top, phase = world.nodes[code], world.phase
    units = [make_unit(f"{code}M{n}", world.units[code], name=f"Thôn {n}") for n in range(number)]
    nodes = CampaignNode.objects.bulk_create(
        CampaignNode(
            campaign=world.campaign,
            unit=unit,
            parent=top,
            path=f"{top.path}{9000 + n}/",
            depth=top.depth + 1,
            name_at_freeze=unit.name,
        )
        for n, unit in enumerate(units)
    )
    ExpectedReport.objects.bulk_create(
        ExpectedReport(phase=phase, node=one, due_at=phase.due_at) for one in nodes
    )


def test_a_total_of_many_units_is_listed_page_by_page_at_the_cost_of_a_few(
    world: World, client_of: ClientOf
) -> None:
    compiler = client_of("TC01", Role.COMPILER)
    slot = written(world, "TC01")
    address = reverse("reports:total", args=[slot.pk])
    with CaptureQueriesContext(connection) as few:
        compiler.get(address)
    many_below(world, "TC01", 60)
    with CaptureQueriesContext(connection) as many:
        first = compiler.get(address)
    assert len(many) <= len(few)
    assert (len(first.context["page"].rows), first.context["units"]) == (50, 61)
    assert len(compiler.get(f"{address}?page=2").context["page"].rows) == 11
    assert [one.name for one in compiler.get(f"{address}?name=thon+7").context["page"].rows] == [
        "Thôn 7"
    ]
    below = compiler.get(reverse("reports:below", args=[slot.pk])).context
    assert (len(below["page"].rows), below["units"]) == (50, 61)
    version = submitted(world, "TC01")
    for number, rows in (("", 50), ("?page=2", 11)):
        shown = compiler.get(reverse("reports:version", args=[version.pk]) + number)
        assert len(shown.context["inputs"].page.rows) == rows
        traced = compiler.get(reverse("trace:figure", args=[version.pk, PEOPLE]) + number)
        assert len(traced.context["listed"].rows) == rows
        assert len(traced.context["trace"].parts) == 61
