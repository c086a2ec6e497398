"""Ladder, completeness, tasks: figures from counters, few queries, five words for five things."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from quetsach_portal.campaigns.deadlines import due_sentence
from quetsach_portal.campaigns.expected_reports import excuse, report_in
from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    ExpectedReport,
    NodeCounter,
    ReportCounter,
    ReportCounterDay,
)
from quetsach_portal.followup.queries import children_of
from quetsach_portal.followup.rates import own_rates, rates_of, state_word
from quetsach_portal.followup.reminders import escalate
from quetsach_portal.followup.tasks import tasks_of
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.records.units import organisations
from tests.portal.followup.acting import deployed, node, received, slot, told
from tests.portal.world import World, make_unit

pytestmark = pytest.mark.django_db

HERE = ZoneInfo("Asia/Ho_Chi_Minh")


def queries(client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


@pytest.mark.parametrize("name", ["ladder/", "ladder/?view=grid", "completeness/", "silent/"])
def test_the_number_of_queries_does_not_grow_with_the_tree(world, client_of, name: str) -> None:
    told(world, "TC01", "TC02", "TC01A")
    escalate(world.campaign)
    client = client_of("TC", Role.COMPILER)
    address = f"/followup/campaigns/{world.campaign.pk}/{name}"
    client.get(address)
    few = queries(client, address)
    grown(world)
    assert queries(client, address) == few
    assert few <= 26


def grown(world: World) -> None:
    """Put forty more units into the campaign."""
    root = world.nodes["TC"]
    for number in range(40):
        unit = make_unit(f"Y{number:03d}", world.units["TC"])
        made = CampaignNode.objects.create(
            campaign=world.campaign,
            unit=unit,
            parent=root,
            path="/0/",
            depth=1,
            name_at_freeze=unit.name,
        )
        made.path = f"{root.path}{made.pk}/"
        made.save()
        NodeCounter.objects.create(node=made, units=1)
        ReportCounter.objects.create(node=made, phase=world.phase, expected=1)
        ExpectedReport.objects.create(phase=world.phase, node=made, due_at=world.phase.due_at)


def test_the_ladder_shows_each_step_with_the_day(world: World, client_of) -> None:
    told(world, "TC01", "TC02")
    deployed(world, "TC01")
    report_in(slot(world, "TC01"), timezone.now())
    page = (
        client_of("TC", Role.COMPILER)
        .get(f"/followup/campaigns/{world.campaign.pk}/ladder/")
        .content.decode()
    )
    rows = re.findall(r"<tr>.*?</tr>", page, re.DOTALL)
    first = next(one for one in rows if "xã Một" in one)
    second = next(one for one in rows if "xã Hai" in one)
    assert first.count("✓") == 4
    assert second.count("✓") == 1


def test_the_ladder_is_cut_down_to_the_silent(world: World, client_of) -> None:
    told(world, "TC01", "TC02", days=5)
    received(world, "TC02")
    address = f"/followup/campaigns/{world.campaign.pk}/ladder/?waits=received&days=3"
    page = client_of("TC", Role.COMPILER).get(address).content.decode()
    assert "xã Một" in page
    assert "xã Hai" not in page
    assert "xã Hai" in client_of("TC", Role.COMPILER).get(address + "x").content.decode()


@pytest.mark.parametrize("query", ["?under=0", "?under=x", "?phase=99", "?days=-1", "?page=-3"])
def test_what_makes_no_sense_in_the_address_is_no_fault(world, client_of, query) -> None:
    for name in ("ladder", "completeness"):
        response = client_of("TC", Role.COMPILER).get(
            f"/followup/campaigns/{world.campaign.pk}/{name}/{query}"
        )
        assert response.status_code in (200, 404)


def test_A1_a_unit_sees_no_ladder_but_its_own(world: World, client_of) -> None:
    client = client_of("TC01", Role.COMPILER)
    address = f"/followup/campaigns/{world.campaign.pk}/ladder/"
    page = client.get(address).content.decode()
    assert "Trường Tiểu học A" in page
    assert "xã Hai" not in page
    for code in ("TC", "TC02"):
        assert client.get(f"{address}?under={world.nodes[code].pk}").status_code == 404
    assert client_of("KH", Role.LEAD_OWNER).get(address).status_code == 404


def test_B9_five_outcomes_have_five_words(world: World) -> None:
    report_in(slot(world, "TC01"), timezone.now(), is_nil=True)
    report_in(slot(world, "TC02"), timezone.now())
    excuse(slot(world, "TC01A"), "sáp nhập")
    ExpectedReport.objects.filter(node=world.nodes["TC"]).update(
        due_at=timezone.now(), reported_at=timezone.now() + timedelta(seconds=1)
    )
    words = [state_word(slot(world, code)) for code in ("TC01", "TC02", "TC01A", "TC")]
    ExpectedReport.objects.filter(node=world.nodes["TC"]).update(reported_at=None)
    words.append(state_word(slot(world, "TC")))
    assert len(set(words)) == 5


def test_B10_rates_stay_within_100_percent_when_units_are_excused(world: World) -> None:
    for code in ("TC", "TC01"):
        report_in(slot(world, code), timezone.now())
    for code in ("TC02", "TC01A", "TC01"):
        excuse(slot(world, code), "giải thể")
    (total,) = rates_of([node(world, "TC")], world.phase)
    assert (total.expected, total.reported, total.excused, total.missing) == (2, 2, 2, 0)


def test_B10_a_past_day_keeps_its_figures(world: World) -> None:
    today = timezone.localdate()
    world.campaign.frozen_on = today - timedelta(days=9)
    world.campaign.save()
    report_in(slot(world, "TC01"), timezone.now())
    ReportCounterDay.objects.filter(day=today).update(day=today - timedelta(days=2))
    excuse(slot(world, "TC02"), "giải thể")
    root = node(world, "TC")
    by_day = {
        days: rates_of([root], world.phase, today - timedelta(days=days))[0] for days in (5, 2, 1)
    }
    assert [by_day[days].reported for days in (5, 2, 1)] == [0, 1, 1]
    assert rates_of([root], world.phase, today - timedelta(days=30)) == []
    assert {one.expected for one in by_day.values()} == {4}
    (now,) = rates_of([root], world.phase)
    assert (now.expected, now.reported) == (3, 1)


def test_the_rows_of_a_table_add_up_to_the_total_above_it_on_any_day(world: World) -> None:
    today = timezone.localdate()
    world.campaign.frozen_on = today - timedelta(days=9)
    world.campaign.save()
    report_in(slot(world, "TC"), timezone.now())
    ReportCounterDay.objects.filter(day=today).update(day=today - timedelta(days=2))
    excuse(slot(world, "TC01"), "giải thể")
    root = node(world, "TC")
    for on in (None, today - timedelta(days=1), today - timedelta(days=5)):
        own, (total, *rows) = (
            own_rates(root, world.phase, on),
            rates_of([root, *children_of(root)], world.phase, on),
        )
        assert own is not None
        for figure in ("expected", "reported", "on_time", "excused"):
            assert getattr(total, figure) == sum(getattr(one, figure) for one in [own, *rows])


def test_a_day_before_the_campaign_has_no_figures_and_says_so(world: World, client_of) -> None:
    """On the day of the freeze all came in: the day before nothing was known, not today's state."""
    today = timezone.localdate()
    world.campaign.frozen_on = today
    world.campaign.save()
    for code in ("TC", "TC01", "TC02"):
        report_in(slot(world, code), timezone.now())
    client = client_of("TC", Role.LEAD_OWNER)
    for page in ("followup/campaigns/{}/completeness/", "figures/{}/"):
        address = f"/{page.format(world.campaign.pk)}?under={world.nodes['TC'].pk}"
        asked = client.get(f"{address}&on={today - timedelta(days=1):%d/%m/%Y}")
        text = asked.content.decode()
        assert f"Chiến dịch bắt đầu ngày {today:%d/%m/%Y}" in text
        assert "3/4" not in text
        assert "75 %" not in text
        assert "75 %" in client.get(address).content.decode()


def test_the_list_behind_a_figure_has_the_rows_that_it_counts(world: World, client_of) -> None:
    for code in ("TC", "TC01A"):
        received(world, code)
    address = organisations(world.nodes["TC"])["organisations_received"].url
    text = client_of("TC", Role.LEAD_OWNER).get(address).content.decode()
    assert "Đã có 2 đơn vị" in text
    assert "Trường Tiểu học A" in text
    assert "Ủy ban nhân dân xã Hai" not in text


def test_units_that_never_moved_have_their_first_figures_on_any_day(world: World) -> None:
    rates = rates_of(list(children_of(node(world, "TC"))), world.phase, timezone.localdate())
    assert [one.expected for one in rates] == [1, 2]


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (datetime(2022, 9, 25, 10, tzinfo=HERE), "trước ngày 29/09/2022 – còn 3 ngày"),
        (datetime(2022, 9, 28, 23, 59, tzinfo=HERE), "trước ngày 29/09/2022 – hôm nay là hạn cuối"),
        (datetime(2022, 9, 29, 0, 0, tzinfo=HERE), "trước ngày 29/09/2022 – đã quá hạn 1 ngày"),
        (datetime(2022, 10, 1, 9, tzinfo=HERE), "trước ngày 29/09/2022 – đã quá hạn 3 ngày"),
    ],
)
def test_the_due_sentence_counts_to_the_last_day_in_time(now: datetime, words: str) -> None:
    with translation.override("vi"):
        assert due_sentence(datetime(2022, 9, 29, tzinfo=HERE), now) == words


def test_a_unit_has_five_tasks_in_order(world: World) -> None:
    found = tasks_of(node(world, "TC01"))
    assert [one.key for one in found.tasks] == ["receive", "pass_on", "deploy", "clean", "report"]
    assert found.next.key == "receive"
    received(world, "TC01")
    assert tasks_of(node(world, "TC01")).next.key == "pass_on"
    told(world, "TC01A")
    assert tasks_of(node(world, "TC01")).next.key == "deploy"


def test_tasks_cost_the_same_for_any_unit(world: World) -> None:
    unit = node(world, "TC01")
    with CaptureQueriesContext(connection) as caught:
        tasks_of(unit)
    assert len(caught) <= 8


def test_late_is_told_as_late(world: World) -> None:
    ExpectedReport.objects.update(due_at=timezone.now())
    report = tasks_of(node(world, "TC01")).tasks[-1]
    assert report.state == "late"
