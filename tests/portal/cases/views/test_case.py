"""Pages of cases: a unit's own, counts above it, false alarms, notices."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import NodeCounter
from quetsach_portal.cases.attaching import AttachResult
from quetsach_portal.cases.models.case import Case, CaseRule
from quetsach_portal.jobs.models import Job
from quetsach_portal.people.models.roles import Role
from tests.portal.cases import rows
from tests.portal.cases.rows import ClientOf
from tests.portal.cases.sweeps import BAD, findings_of
from tests.portal.world import World

pytestmark = pytest.mark.django_db


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


def test_F12_an_evidence_file_goes_out_as_an_attachment(world: World, client_of: ClientOf) -> None:
    kept = rows.make_file(world, "TC01")
    page = client_of("TC01", Role.TECHNICIAN).get(reverse("cases:file", args=[kept.pk]))
    assert page.headers["Content-Disposition"].startswith("attachment")
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    page.close()


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


def test_the_tally_is_moved_by_what_the_pages_do(world: World, client_of: ClientOf) -> None:
    closed = rows.make_closed(world, "TC01")
    told = {"says": "reopen", "told": "Thiếu biên bản", "version": closed.version}
    page = client_of("TC", Role.COMPILER).post(reverse("cases:check", args=[closed.pk]), told)
    assert page.status_code == 302
    tally = NodeCounter.objects.get(node=world.nodes["TC"])
    assert (tally.cases_open, tally.cases_verified) == (1, 0)


def test_a_clean_machine_is_not_told_to_be_disconnected(world: World, client_of: ClientOf) -> None:
    case = rows.make_case(world, "TC01")
    client = client_of("TC01", Role.TECHNICIAN)
    order = '<ul class="act-texts">'
    assert order in client.get(f"/cases/{case.pk}/").content.decode()
    Case.objects.filter(pk=case.pk).update(
        outcome="verified-clean", state="verified-clean", closed_at=timezone.now()
    )
    assert order not in client.get(f"/cases/{case.pk}/").content.decode()


def test_the_filter_of_one_unit_is_folded_until_it_is_used(
    world: World, client_of: ClientOf
) -> None:
    case = rows.make_case(world, "TC02", "192.0.2.11")
    client, address = client_of("TC02", Role.TECHNICIAN), reverse("cases:index")
    page = client.get(address).content.decode()
    assert "<details><summary>Lọc và tìm vụ việc</summary><form" in page
    assert f'<a href="/cases/{case.pk}/">{case.device}</a>' in page
    used = client.get(address, {"late": "on"}).content.decode()
    assert "<details open><summary>Lọc và tìm vụ việc</summary><form" in used
