"""What lists say of an indicator goes with it, and no output shows it to whom its mark forbids."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import models
from django.test import Client
from django.urls import reverse

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.cases import false_alarms, markings
from quetsach_portal.cases.attaching import AttachResult
from quetsach_portal.cases.by_hand import LineSeen, open_by_hand
from quetsach_portal.cases.case_page import device_values
from quetsach_portal.cases.models.case import Case, FalseAlarm, Finding
from quetsach_portal.cases.queries import case_page
from quetsach_portal.dashboards.gathering import _keep_families
from quetsach_portal.dashboards.models import FamilyCounter
from quetsach_portal.intake import sweep_task
from quetsach_portal.intake.boundary import SweepTask
from quetsach_portal.jobs.models import Job
from quetsach_portal.mail.models import OutboxMail
from quetsach_portal.people.models.roles import Role
from tests.portal.api.asking import ask
from tests.portal.cases.sweeps import BAD, WORSE, at, days_ago, findings_of, office_log
from tests.portal.signing_in import signed_in
from tests.portal.world import World

pytestmark = pytest.mark.django_db

PC, OTHER = "10.1.1.11", "10.1.1.12"
WITHHELD = re.compile("1 chỉ báo hạn chế phổ biến|1 indicator of restricted circulation")
Take = Callable[..., AttachResult]
HEAD = "ip,malware,tlp,confidence,last seen,valid until,status\n"


def _listed(strict: str = "amber+strict") -> str:
    day = at(20).strftime("%Y-%m-%d")
    return f"{HEAD}{BAD},Kín,{strict},80,{days_ago(50)},,\n{WORSE},Mở,amber,60,{day},,expired\n"


@pytest.fixture
def marked(world: World, take_in: Take, tmp_path: Path) -> Case:
    """Return the case of a machine that met an indicator for its unit alone, and one of AMBER."""
    met = [(20, PC, BAD), (20, PC, WORSE), (20, OTHER, WORSE)]
    take_in(
        findings_of(tmp_path, days=[20], contacts=met, listed=_listed(), list_name="chi-dau.csv")
    )
    return Case.objects.get(device__key=PC)


def _proposal(world: World, case: Case) -> FalseAlarm:
    return false_alarms.propose(
        case.pk,
        keys=[BAD],
        scope="campaign",
        reason=f"Địa chỉ {BAD} là máy chủ của đơn vị",
        actor=world.user("TC01", Role.FOCAL_POINT),
    )[0]


def test_what_the_lists_say_is_on_the_row(marked: Case) -> None:
    strict = Finding.objects.get(device=marked.device, key=BAD)
    assert (strict.tlp, strict.family, strict.confidence) == ("amber+strict", "Kín", 80)
    # 30 days after it was last seen in use half of the confidence is left.
    assert strict.confidence_then in (40, 41)
    amber = Finding.objects.get(device=marked.device, key=WORSE)
    assert (amber.tlp, amber.status, amber.window) == ("amber", "expired", [])


def test_the_stricter_mark_of_two_sweeps_counts_and_reaches_proposals(
    world: World, take_in: Take, tmp_path: Path
) -> None:
    met = [(20, PC, BAD)]
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
    take_in(findings_of(tmp_path / "a", days=[20], contacts=met))
    alarm = _proposal(world, Case.objects.get())
    for name, tlp in (("b", "amber+strict"), ("c", "green")):
        listed = _listed(tlp)
        take_in(
            findings_of(
                tmp_path / name, days=[20], contacts=met, listed=listed, list_name="chi-dau.csv"
            )
        )
    assert Finding.objects.get().tlp == "amber+strict"
    alarm.refresh_from_db()
    assert alarm.tlp == "amber+strict"


def test_the_units_own_pages_and_paper_show_name_and_mark(world: World, marked: Case) -> None:
    client = signed_in(world.user("TC01", Role.TECHNICIAN))
    finding = Finding.objects.get(device=marked.device, key=BAD)
    for name, arguments in (
        ("cases:show", [marked.pk]),
        ("cases:sheet", [marked.pk]),
        ("cases:why", [marked.pk, finding.pk]),
    ):
        page = client.get(reverse(name, args=arguments)).content.decode()
        assert BAD in page, name
        assert "TLP:AMBER+STRICT" in page, name
    assert (
        "độ tin cậy 80"
        in client.get(reverse("cases:why", args=[marked.pk, finding.pk])).content.decode()
    )
    on_paper = device_values(case_page(marked))["findings"]
    assert {row["indicator"]: row["tlp"] for row in on_paper} == {
        BAD: "amber+strict",
        WORSE: "amber",
    }


def test_the_list_and_the_interface_ask_by_mark(world: World, marked: Case) -> None:
    client = signed_in(world.user("TC01", Role.FOCAL_POINT))
    page = client.get(reverse("cases:index"), {"tlp": "amber+strict"}).content.decode()
    assert marked.number in page
    assert "TLP:AMBER+STRICT" in page
    assert Case.objects.get(device__key=OTHER).number not in page
    answer = ask(world, "TC01", Role.FOCAL_POINT, "/cases?tlp=amber%2Bstrict").json()
    assert [row["id"] for row in answer["rows"]] == [marked.pk]
    assert ask(world, "TC01", Role.FOCAL_POINT, "/cases?tlp=red").status_code == 422
    detail = ask(world, "TC01", Role.FOCAL_POINT, f"/cases/{marked.pk}").json()
    assert {row["tlp"] for row in detail["findings"]} == {"amber", "amber+strict"}


ABOVE = [("TC", role) for role in (Role.LEAD_OWNER, Role.LEAD_ANALYST, Role.AUDITOR)]
OUTSIDE = [*ABOVE, ("TC02", Role.FOCAL_POINT), ("TC01", Role.CLERK), ("TC01", Role.AUDITOR)]


def _pages(case: Case, alarm: FalseAlarm) -> Iterator[str]:
    for name in ("cases:index", "cases:counts", "cases:alarms", "cases:checks", "cases:notices"):
        yield reverse(name)
    yield reverse("cases:decide", args=[alarm.pk])
    yield reverse("cases:counts_of", args=[case.node.parent_id])
    for name in ("cases:show", "cases:sheet", "cases:sheet_file", "cases:check"):
        yield reverse(name, args=[case.pk])
    yield "/"
    yield from (reverse("oversight:trail"), reverse("oversight:jobs"))


ADDRESSES = ("/false-alarms", "/false-alarms/{alarm}", "/cases", "/cases/{case}", "/audit")


def test_no_output_names_what_is_for_the_unit_alone(world: World, marked: Case) -> None:
    alarm = _proposal(world, marked)
    false_alarms.decide(
        alarm.pk, approve=True, answer=f"{BAD} là của ta", actor=world.user("TC", Role.LEAD_OWNER)
    )
    for code, role in OUTSIDE:
        client = signed_in(world.user(code, role))
        for address in _pages(marked, alarm):
            assert BAD not in _read(client, address), (code, role, address)
        for address in ADDRESSES:
            asked = address.format(alarm=alarm.pk, case=marked.pk)
            answer = ask(world, code, role, asked)
            assert BAD not in answer.content.decode(), (code, role, asked)
    lead = signed_in(world.user("TC", Role.LEAD_OWNER))
    for address in (reverse("cases:alarms"), reverse("cases:decide", args=[alarm.pk])):
        assert WITHHELD.search(_read(lead, address)), address
    told = ask(world, "TC", Role.LEAD_OWNER, "/false-alarms").json()["rows"][0]
    assert WITHHELD.fullmatch(told["shown"])
    assert WITHHELD.fullmatch(told["key"])
    for rows in (AuditEvent, OutboxMail, Job):
        assert BAD not in _texts(rows)


def _read(client: Client, address: str) -> str:
    answer = client.get(address, follow=True)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[arg-type]
    return content.decode("utf-8", "replace")


def _texts(model: type[models.Model]) -> str:
    return "\n".join(map(repr, model._default_manager.values()))


def test_what_is_for_the_tree_of_the_campaign_is_named_to_the_lead_office(
    world: World, marked: Case
) -> None:
    alarm = false_alarms.propose(
        marked.pk,
        keys=[WORSE],
        scope="campaign",
        reason="máy chủ cập nhật",
        actor=world.user("TC01", Role.FOCAL_POINT),
    )[0]
    lead = signed_in(world.user("TC", Role.LEAD_OWNER))
    assert WORSE in _read(lead, reverse("cases:decide", args=[alarm.pk]))


def test_figures_above_the_unit_do_not_tell_the_word_of_its_list(
    world: World, marked: Case
) -> None:
    node = marked.node
    assert world.campaign is not None
    _keep_families(world.campaign, {node.pk: [node.pk, node.parent_id]})
    counted = FamilyCounter.objects.filter(node_id=node.parent_id).values_list("family", "devices")
    assert dict(counted) == {"": 1, "Mở": 2}


def test_a_line_that_a_person_makes_a_case_of_keeps_its_mark(world: World) -> None:
    assert world.campaign is not None
    line = LineSeen("abc", "x.log", 0, f"thấy {BAD}", "text", BAD, tlp="amber+strict")
    open_by_hand(
        world.nodes["TC01"],
        line,
        machine="PC-7",
        reason="đã hỏi",
        source="nộp tay",
        actor=world.user("TC01", Role.FOCAL_POINT),
    )
    assert Finding.objects.get().tlp == "amber+strict"
    assert BAD not in _texts(AuditEvent)


def test_findings_that_name_what_is_for_named_recipients_are_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    office_log(tmp_path / "evidence" / "conn.log", 20, [PC], [(20, PC, BAD)])
    release = tmp_path / "chi-dau.csv"
    release.write_text(_listed("red"))
    outcome = sweep_task.sweep_here(
        SweepTask(release=str(release), release_sha256=_digest(release)), _silent, days_ago(0)
    )
    assert outcome.refused is not None
    assert (outcome.refused.code, outcome.refused.facts) == ("H113", {"count": 1})
    assert outcome.devices == ()


def _digest(path: Path) -> str:
    from hashlib import sha256

    return sha256(path.read_bytes()).hexdigest()


def _silent(*_progress: Any) -> None:
    return


def test_a_mark_has_its_words() -> None:
    assert markings.marking_text("amber+strict") == "TLP:AMBER+STRICT"
    assert (markings.marking_text(""), markings.marking_tone("")) == ("", "calm")
    assert markings.is_for_unit_alone("red")
    assert not markings.is_for_unit_alone("amber")
    assert not markings.is_for_unit_alone("")
