"""The page of a case: state and missing evidence in words, and the strip of covered days."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse

from quetsach_portal.cases.actions import record_handling
from quetsach_portal.cases.attaching import AttachResult
from quetsach_portal.cases.models.case import Case, Device, Handling, HandlingKind
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from tests.portal.cases import rows
from tests.portal.cases.rows import ClientOf
from tests.portal.cases.sweeps import BAD, at, days_ago, findings_of
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def _english(user: User) -> None:
    User.objects.filter(pk=user.pk).update(language="en")


def test_the_page_tells_state_and_what_is_missing_in_the_language_of_the_reader(
    world: World, client_of: ClientOf, take_in: Callable[..., AttachResult], tmp_path: Path
) -> None:
    take_in(findings_of(tmp_path, days=[20], contacts=[(20, "10.1.1.11", BAD)]))
    case = Case.objects.get()
    client = client_of("TC01", Role.TECHNICIAN)
    address = reverse("cases:show", args=[case.pk])
    page = client.get(address).content.decode()
    assert case.said["vi"]["because"] in page
    assert case.said["vi"]["missing"][0] in page
    _english(world.user("TC01", Role.TECHNICIAN))
    page = client.get(address).content.decode()
    assert case.said["en"]["because"] in page
    assert "Infected" in page


def test_the_sheet_is_a_pdf_and_its_address_names_no_device(
    world: World, client_of: ClientOf
) -> None:
    case = rows.make_case(world, "TC01")
    address = reverse("cases:sheet_file", args=[case.pk])
    page = client_of("TC01", Role.TECHNICIAN).get(address)
    assert page.content.startswith(b"%PDF")
    printed = client_of("TC01", Role.TECHNICIAN).get(reverse("cases:sheet", args=[case.pk]))
    assert f"/cases/{case.pk}/" in printed.content.decode()
    assert "192.0.2" not in address


def test_the_strip_shows_covered_days_life_and_gaps(
    world: World, client_of: ClientOf, take_in: Callable[..., AttachResult], tmp_path: Path
) -> None:
    take_in(findings_of(tmp_path, days=[9], contacts=[(9, "10.1.1.11", BAD)], name="a"))
    case = Case.objects.get()
    Handling.objects.create(
        case=case, kind="cleaned", at=at(8, 16), by=world.user("TC01", Role.TECHNICIAN)
    )
    take_in(findings_of(tmp_path, days=[6, 5], name="b"))
    page = client_of("TC01", Role.TECHNICIAN).get(reverse("cases:show", args=[case.pk]))
    strip = page.context["shown"].strip
    days = [(one.look, one.alive) for one in strip.rows[0].days]
    none, seen = ("none", False), ("covered", True)
    assert days == [none, seen, seen, none, none, none, none]
    assert strip.days[0] == days_ago(7)
    text = page.content.decode()
    assert text.count('class="strip-covered" x=') == 2


def test_strip_and_verdict_count_the_same_days_and_the_next_step_is_linked(
    world: World, client_of: ClientOf, take_in: Callable[..., AttachResult], tmp_path: Path
) -> None:
    first = findings_of(tmp_path, days=range(9, 2, -1), contacts=[(9, "10.1.1.11", BAD)])
    take_in(first)
    case = Case.objects.get()
    technician = world.user("TC01", Role.TECHNICIAN)
    record_handling(case.pk, kind=HandlingKind.CLEANED, at=at(8, 16), actor=technician)
    client = client_of("TC01", Role.TECHNICIAN)
    page = client.get(reverse("cases:show", args=[case.pk]))
    case.refresh_from_db()
    shown = page.context["shown"]
    covered = [one for one in shown.strip.rows[0].days if one.look == "covered"]
    assert (len(covered), sum(one.alive for one in covered)) == (case.covered_days, case.alive_days)
    assert case.covered_days == 5
    text = page.content.decode()
    days = f"từ {days_ago(2):%d/%m/%Y} đến {days_ago(1):%d/%m/%Y}"
    link = reverse("intake:hand_in", args=[case.node_id])
    assert f'<a href="{link}">Nộp nhật ký {days}</a>' in text
    assert client.get(link).status_code == 200
    assert text.count("10.1.1.11 · 10.1.1.11") == 0
    take_in(findings_of(tmp_path, days=[2, 1], name="later"))
    text = client.get(reverse("cases:show", args=[case.pk])).content.decode()
    assert Case.objects.get().outcome == "verified-clean"
    assert link not in text


def test_a_name_that_says_the_same_stands_once(world: World, client_of: ClientOf) -> None:
    case = rows.make_case(world, "TC01", "PC-CA-05")
    Device.objects.update(host_name="PC-CA-05", mac="00:17:a4:00:00:05")
    text = client_of("TC01", Role.TECHNICIAN).get(f"/cases/{case.pk}/").content.decode()
    assert "PC-CA-05 · 00:17:a4:00:00:05<br>" in text
