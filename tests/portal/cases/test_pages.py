"""The pages of cases: what they show, to whom, and what they refuse."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from quetsach_portal.campaigns.models.campaign import NodeCounter
from quetsach_portal.cases.actions import record_handling
from quetsach_portal.cases.attaching import AttachResult
from quetsach_portal.cases.models.case import (
    Case,
    CaseRule,
    CaseState,
    Device,
    Handling,
    HandlingKind,
)
from quetsach_portal.cases.worklist import (
    today_for_focal_point,
    today_for_lead,
    today_for_technician,
)
from quetsach_portal.jobs.models import Job
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import scope_of
from tests.portal.cases import rows
from tests.portal.cases.sweeps import BAD, at, days_ago, findings_of
from tests.portal.world import World

pytestmark = pytest.mark.django_db

ClientOf = Callable[[str, Role], Client]
SECRETS = ("192.0.2.11", "Máy bí mật", "198.51.100.7", "bí mật")


def _english(user: User) -> None:
    User.objects.filter(pk=user.pk).update(language="en")


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


def test_why_shows_rule_list_row_and_raw_line(
    world: World, client_of: ClientOf, take_in: Callable[..., AttachResult], tmp_path: Path
) -> None:
    take_in(findings_of(tmp_path, days=[20], contacts=[(20, "10.1.1.11", BAD)]))
    case = Case.objects.get()
    finding = case.device.findings.get()
    page = client_of("TC01", Role.TECHNICIAN).get(reverse("cases:why", args=[case.pk, finding.pk]))
    text = page.content.decode()
    sample = finding.samples.get()
    for shown in (sample.raw, "list.txt", "dòng 1", "trùng khớp", "destination.ip"):
        assert shown in text


def test_what_others_wrote_is_shown_as_text(world: World, client_of: ClientOf) -> None:
    case = rows.make_case(world, "TC01", "<script>alert(1)</script>", "<b>xau</b>.example")
    page = client_of("TC01", Role.TECHNICIAN).get(reverse("cases:show", args=[case.pk]))
    text = page.content.decode()
    assert "<script>alert" not in text
    assert "<b>xau" not in text
    assert "&lt;b&gt;xau&lt;/b&gt;" in text


def test_a_handling_is_written_down_by_the_form(world: World, client_of: ClientOf) -> None:
    case = rows.make_case(world, "TC01")
    client = client_of("TC01", Role.TECHNICIAN)
    address = reverse("cases:handle", args=[case.pk])
    told = {"kind": "scanned", "at": "2030-01-01T10:00", "version": case.version}
    page = client.post(address, told)
    assert page.status_code == 200
    assert "error-summary" in page.content.decode()
    told |= {
        "at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "tool": "A",
        "result": "removed",
    }
    assert client.post(address, told).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.handlings.get().tool) == ("handled", "A")


def test_a_risk_is_accepted_by_the_focal_point_alone(world: World, client_of: ClientOf) -> None:
    case = rows.make_case(world, "TC01")
    address = reverse("cases:handle", args=[case.pk])
    told = {
        "kind": "accepted-risk",
        "at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "review_on": (timezone.localdate() + timedelta(days=20)).isoformat(),
        "told": "Máy điều khiển cũ",
        "version": case.version,
    }
    assert client_of("TC01", Role.TECHNICIAN).post(address, told).status_code == 200
    assert not Handling.objects.exists()
    assert client_of("TC01", Role.FOCAL_POINT).post(address, told).status_code == 302
    assert Case.objects.get().outcome == "accepted-risk"


def test_B3_the_form_of_an_older_version_is_refused_with_what_happened(
    world: World, client_of: ClientOf
) -> None:
    case = rows.make_case(world, "TC01")
    told = {
        "kind": "cleaned",
        "at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "version": case.version,
    }
    address = reverse("cases:handle", args=[case.pk])
    assert client_of("TC01", Role.TECHNICIAN).post(address, told).status_code == 302
    page = client_of("TC01", Role.FOCAL_POINT).post(address, told)
    assert str(world.user("TC01", Role.TECHNICIAN)) in page.content.decode()
    assert Handling.objects.count() == 1


@pytest.mark.parametrize("role", [Role.LEAD_OWNER, Role.LEAD_ANALYST, Role.COMPILER])
def test_no_page_above_a_unit_names_its_machines(
    role: Role, world: World, client_of: ClientOf
) -> None:
    closed = rows.make_closed(world, "TC01")
    batch = rows.make_batch(world, "TC01")
    alarm = rows.make_alarm(world, "TC01")
    client = client_of("TC", role)
    addresses = [
        reverse("cases:counts_of", args=[world.nodes["TC"].pk]),
        reverse("cases:counts_of", args=[world.nodes["TC01"].pk]),
        reverse("cases:checks") + "?all",
        reverse("cases:check", args=[closed.pk]),
        reverse("cases:alarms"),
        reverse("cases:decide", args=[alarm.pk]),
        reverse("cases:show", args=[closed.pk]),
        reverse("cases:batch", args=[batch.pk]),
        reverse("cases:batch_csv", args=[batch.pk]),
    ]
    opened = 0
    for address in addresses:
        page = client.get(address)
        text = page.content.decode()
        opened += page.status_code == 200
        assert not [one for one in SECRETS if one in text], address
    assert opened >= 2


def test_the_lead_office_sees_no_device_in_its_own_ledger_and_the_focal_point_does(
    world: World, client_of: ClientOf
) -> None:
    batch = rows.make_batch(world, "TC")
    for name in ("cases:batch", "cases:batch_csv"):
        address = reverse(name, args=[batch.pk])
        faceless = client_of("TC", Role.LEAD_OWNER).get(address).content.decode()
        assert "198.51.100.7" in faceless
        assert "192.0.2.11" not in faceless
        whole = client_of("TC", Role.FOCAL_POINT).get(address).content.decode()
        assert "192.0.2.11" in whole


def test_F2_a_formula_in_a_notice_stays_text_in_the_csv(world: World, client_of: ClientOf) -> None:
    batch = rows.make_batch(world, "TC01")
    page = client_of("TC01", Role.FOCAL_POINT).get(reverse("cases:batch_csv", args=[batch.pk]))
    lines = page.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + batch.items
    assert ",'=1+2," in lines[2]


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


def _chosen(*cases: Case) -> list[str]:
    return [f"{one.pk}:{one.version}" for one in cases]


def test_many_cases_are_assigned_at_once(world: World, client_of: ClientOf) -> None:
    cases = [rows.make_case(world, "TC01", f"192.0.2.{number}") for number in (1, 2)]
    who = world.user("TC01", Role.TECHNICIAN)
    client = client_of("TC01", Role.FOCAL_POINT)
    page = client.post("/cases/bulk", {"case": _chosen(*cases)})
    assert page.status_code == 200
    assert "error-summary" not in page.content.decode()
    told = {"case": _chosen(*cases), "go": "1", "act": "assign", "technician": who.pk}
    assert client.post("/cases/bulk", told).status_code == 302
    assert set(Case.objects.values_list("technician", flat=True)) == {who.pk}


def test_B2_one_changed_case_among_many_and_none_is_changed(
    world: World, client_of: ClientOf
) -> None:
    cases = [rows.make_case(world, "TC01", f"192.0.2.{number}") for number in (1, 2)]
    Case.objects.filter(pk=cases[1].pk).update(version=9)
    told = {"case": _chosen(*cases), "go": "1", "act": "isolate"}
    page = client_of("TC01", Role.TECHNICIAN).post("/cases/bulk", told)
    assert cases[1].number in page.content.decode()
    assert not Case.objects.filter(isolated_at__isnull=False).exists()


def test_A1_a_case_of_another_unit_among_many_is_not_there(
    world: World, client_of: ClientOf
) -> None:
    mine, theirs = rows.make_case(world, "TC01"), rows.make_case(world, "TC02")
    told = {"case": _chosen(mine, theirs), "go": "1", "act": "isolate"}
    assert client_of("TC01", Role.TECHNICIAN).post("/cases/bulk", told).status_code == 404


@pytest.mark.parametrize("asked", [["x"], ["1:2:3"], ["-1:1"], ["９:1"], [""], []])
def test_a_choice_that_is_none_chooses_nothing(
    asked: list[str], world: World, client_of: ClientOf
) -> None:
    rows.make_case(world, "TC01")
    told = {"case": asked, "go": "1", "act": "isolate"}
    page = client_of("TC01", Role.TECHNICIAN).post("/cases/bulk", told)
    assert page.status_code in (200, 404)
    assert not Handling.objects.exists()


def test_F12_an_evidence_file_goes_out_as_an_attachment(world: World, client_of: ClientOf) -> None:
    kept = rows.make_file(world, "TC01")
    page = client_of("TC01", Role.TECHNICIAN).get(reverse("cases:file", args=[kept.pk]))
    assert page.headers["Content-Disposition"].startswith("attachment")
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    page.close()


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


def test_another_rule_judges_every_case_anew(world: World, client_of: ClientOf) -> None:
    rows.make_case(world, "TC01")
    assert world.campaign is not None
    address = reverse("cases:rule", args=[world.campaign.pk])
    client = client_of("TC", Role.LEAD_OWNER)
    wrong = {"due_days": 3, "covered_days": 2, "alive_days": 5}
    assert client.post(address, wrong).status_code == 200
    assert not CaseRule.objects.exists()
    assert client.post(address, wrong | {"covered_days": 10}).status_code == 302
    assert CaseRule.objects.get().covered_days == 10
    assert Job.objects.filter(kind="cases.judge_node").count() == 1


def test_today_names_what_each_has_to_do(world: World) -> None:
    case = rows.make_case(world, "TC01")
    Case.objects.filter(pk=case.pk).update(due_at=timezone.now() - timedelta(hours=1))
    rows.make_closed(world, "TC01A")
    rows.make_alarm(world, "TC02")
    technician = world.user("TC01", Role.TECHNICIAN)
    todo = today_for_technician(scope_of(technician), technician.pk)
    assert [one.tone for one in todo] == ["bad"]
    assert case.number in todo[0].hint
    focal = today_for_focal_point(scope_of(world.user("TC01", Role.FOCAL_POINT)))
    assert [one.hint for one in focal] == ["1", "1"]
    lead = today_for_lead(scope_of(world.user("TC", Role.LEAD_OWNER)))
    assert [one.address for one in lead] == [reverse("cases:alarms")]
    above = today_for_lead(scope_of(world.user("TC01", Role.COMPILER)))
    assert [one.address for one in above] == [reverse("cases:checks")]
    assert today_for_lead(scope_of(world.user("KH", Role.COMPILER))) == []


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
    assert "<dd>PC-CA-05 · 00:17:a4:00:00:05</dd>" in text


def test_the_tally_is_moved_by_what_the_pages_do(world: World, client_of: ClientOf) -> None:
    closed = rows.make_closed(world, "TC01")
    told = {"says": "reopen", "told": "Thiếu biên bản", "version": closed.version}
    page = client_of("TC", Role.COMPILER).post(reverse("cases:check", args=[closed.pk]), told)
    assert page.status_code == 302
    tally = NodeCounter.objects.get(node=world.nodes["TC"])
    assert (tally.cases_open, tally.cases_verified) == (1, 0)
