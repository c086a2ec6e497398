"""The week for who leads: what it added, who is behind, and what was verified; one page."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone, translation

from quetsach_portal.campaigns.counters import add_slot
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, NodeCounter
from quetsach_portal.dashboards.models import CounterDay
from quetsach_portal.dashboards.pages.week import WeekFigure, week_of
from quetsach_portal.people.models.roles import Role
from tests.documents.sheets import page_text
from tests.portal.browser.english import english_in

pytestmark = pytest.mark.django_db


def lines(world, *, sees_devices: bool = True) -> dict[str, tuple[str, str, str]]:
    node = CampaignNode.objects.select_related("campaign").get(pk=world.nodes["TC"].pk)
    with translation.override("vi"):
        week = week_of(node, world.phase, sees_devices=sees_devices)
        return {one.label: (one.shown, one.share, one.added) for one in week.lines}


@pytest.mark.parametrize(
    ("now", "before", "added"), [(5, 3, "+2"), (3, 5, "−2"), (3, 3, "±0"), (3, None, "")]
)
def test_what_a_week_added_has_its_sign(now: int, before: int | None, added: str) -> None:
    assert WeekFigure("A", now, None, before).added == added


def test_no_share_passes_the_whole() -> None:
    assert WeekFigure("A", 7, 5, None).share == "100 %"
    assert WeekFigure("A", 0, 0, None).share == ""


def test_the_week_is_held_against_the_day_seven_days_ago(world) -> None:
    Campaign.objects.update(frozen_on=timezone.localdate() - timedelta(days=20))
    CounterDay.objects.create(
        node=world.nodes["TC"], day=timezone.localdate() - timedelta(days=9), deployed=1, infected=4
    )
    NodeCounter.objects.filter(node=world.nodes["TC"]).update(deployed=3, cases_open=1)
    add_slot(world.nodes["TC01"], world.phase.pk, reported=1, on_time=1)
    found = lines(world)
    assert found["Đơn vị đã triển khai"] == ("3/4", "75 %", "+2")
    assert found["Báo cáo đã nộp"] == ("1/4", "25 %", "+1")
    assert found["Máy còn phải xử lý"] == ("1", "", "−3")


def test_counts_of_devices_are_left_out_for_who_may_not_see_them(world) -> None:
    assert "Máy còn phải xử lý" not in lines(world, sees_devices=False)


def test_the_page_and_its_paper_are_vietnamese_to_the_last_sentence(world, client_of) -> None:
    client = client_of("TC", Role.LEAD_OWNER)
    page = client.get(f"/figures/{world.campaign.pk}/week/").content.decode()
    seen = re.sub(r"<[^>]*>", "\n", page[page.index("<main") : page.index("</main>")])
    paper = page_text(client.get(f"/figures/{world.campaign.pk}/week.pdf").content)
    assert english_in([*unescape(seen).splitlines(), *paper.splitlines()]) == []
    assert "mã tham gia của đơn vị" in page


def test_the_units_with_the_most_missing_stand_first(world) -> None:
    node = CampaignNode.objects.select_related("campaign").get(pk=world.nodes["TC"].pk)
    behind = week_of(node, world.phase, sees_devices=False).behind
    assert [name for name, _why in behind] == ["Ủy ban nhân dân xã Một", "Ủy ban nhân dân xã Hai"]


def test_the_paper_is_one_page_with_the_same_figures(world, client_of) -> None:
    answer = client_of("TC", Role.LEAD_OWNER).get(f"/figures/{world.campaign.pk}/week.pdf")
    assert answer["Content-Type"] == "application/pdf"
    text = page_text(answer.content)
    assert "0/4" in text
    assert "thiếu 2/2 báo cáo" in text
