"""Reports that wait are read one after the other, to a plain end."""

import pytest
from django.urls import reverse

from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.models.report import ReportVersion
from tests.portal.reports.acting import ClientOf, accepted, fresh, slot_of, submitted
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def address(name: str, version: ReportVersion) -> str:
    return reverse(f"reports:{name}", args=[version.pk])


def test_accepting_leads_from_report_to_report_and_ends(world: World, client_of: ClientOf) -> None:
    first, second = submitted(world, "TC01"), submitted(world, "TC02")
    office = client_of("TC", Role.COMPILER)
    shown = office.get(address("review", first)).content.decode()
    assert "Nhận và sang báo cáo sau (còn 1)" in shown
    assert "Trả lại và sang báo cáo sau (còn 1)" in shown
    answer = office.post(address("accept", first), {"then": "next"})
    assert answer.headers["Location"] == f"{address('review', second)}?done={first.pk}"
    shown = office.get(answer.headers["Location"]).content.decode()
    assert address("undo_acceptance", first) in shown
    assert "Nhận: báo cáo cuối của danh sách" in shown
    answer = office.post(address("review", second), {"r-": "Xem lại.", "then": "next"})
    end = office.get(answer.headers["Location"])
    assert "Đã xem hết báo cáo trong danh sách này" in end.content.decode()
    assert "Đã trả lại báo cáo của" in end.content.decode()
    assert (fresh(first).state, fresh(second).state) == ("accepted", "returned")


def test_the_list_of_those_read_alone_leads_to_those_alone(
    world: World, client_of: ClientOf
) -> None:
    versions = [submitted(world, code) for code in ("TC01", "TC02")]
    office = client_of("TC", Role.COMPILER)
    start = reverse("reports:accept_together", args=[slot_of(world, "TC").pk])
    assert f"{address('review', versions[0])}?list=alone" in office.get(start).content.decode()
    answer = office.post(address("accept", versions[0]), {"then": "next", "list": "alone"})
    assert answer.headers["Location"].startswith(f"{address('review', versions[1])}?list=alone&")


def test_what_somebody_else_accepted_meanwhile_is_not_led_to(
    world: World, client_of: ClientOf
) -> None:
    first, second = submitted(world, "TC01"), accepted(world, "TC02")
    office = client_of("TC", Role.COMPILER)
    answer = office.post(address("accept", first), {"then": "next"})
    assert second.slot_id
    assert "/below/read/" in answer.headers["Location"]
