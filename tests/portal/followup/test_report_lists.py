"""The reports behind each figure of completeness are as many as the figure says."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from quetsach_portal.campaigns.counters import add_slot
from quetsach_portal.campaigns.models.campaign import ExpectedReport, ExpectedReportState
from quetsach_portal.campaigns.tree.moves import slot_figures
from quetsach_portal.followup.rates import rates_of
from quetsach_portal.followup.report_lists import FIGURES, slots_behind
from quetsach_portal.people.models.roles import Role
from tests.portal.world import World

pytestmark = pytest.mark.django_db

SignIn = Callable[[str, Role], Client]


@pytest.fixture
def mixed(world: World) -> World:
    """One report in time and signed, one late and nil, one excused, one missing."""
    now, day = timezone.now(), timedelta(days=1)
    changes = {
        "TC": {"reported_at": now, "signed_at": now, "due_at": now + day},
        "TC01": {"reported_at": now, "is_nil": True, "due_at": now - day},
        "TC02": {"state": ExpectedReportState.EXCUSED},
    }
    for code, fields in changes.items():
        slot = ExpectedReport.objects.get(node=world.nodes[code], phase=world.phase)
        before = slot_figures(slot)
        for name, value in fields.items():
            setattr(slot, name, value)
        slot.save()
        after = slot_figures(slot)
        names = {*before, *after}
        add_slot(slot.node, slot.phase_id, **{n: after.get(n, 0) - before.get(n, 0) for n in names})
    return world


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("code", ["TC", "TC01"])
def test_each_figure_lists_as_many_reports_as_it_counts(
    mixed: World, figure: str, code: str
) -> None:
    node = mixed.nodes[code]
    (rates,) = rates_of([node], mixed.phase)
    listed = slots_behind(node, mixed.phase, figure, deep=True)
    assert listed.total == len(listed.rows) == getattr(rates, figure)


def test_without_sight_of_the_subtree_no_deeper_unit_is_listed(mixed: World) -> None:
    shallow = slots_behind(mixed.nodes["TC"], mixed.phase, "expected", deep=False)
    deep = slots_behind(mixed.nodes["TC"], mixed.phase, "expected", deep=True)
    assert mixed.nodes["TC01A"].pk in {slot.node_id for slot in deep.rows}
    assert mixed.nodes["TC01A"].pk not in {slot.node_id for slot in shallow.rows}


def test_the_page_of_a_figure_sorts_by_links_and_says_how_many(
    mixed: World, client_of: SignIn
) -> None:
    client = client_of("TC", Role.COMPILER)
    address = f"/followup/campaigns/{mixed.campaign.pk}/completeness/?show=missing"
    page = client.get(address).content.decode()
    assert ": 1</caption>" in page
    assert "aria-sort" not in page
    page = client.get(f"{address}&sort=-due").content.decode()
    assert 'aria-sort="descending"' in page
    assert "sort=due" in page
    assert "có “khongco”: 0</caption>" in client.get(f"{address}&q=khongco").content.decode()


@pytest.mark.parametrize("step", ["told", "received", "deployed"])
def test_each_label_of_the_ladder_opens_its_own_list(
    mixed: World, client_of: SignIn, step: str
) -> None:
    client = client_of("TC", Role.COMPILER)
    ladder = f"/followup/campaigns/{mixed.campaign.pk}/ladder/"
    assert f"has={step}" in client.get(ladder).content.decode()
    figures = client.get(f"/figures/{mixed.campaign.pk}/").content.decode()
    assert f"has={step}" in figures
    assert client.get(f"{ladder}?has={step}").status_code == 200
