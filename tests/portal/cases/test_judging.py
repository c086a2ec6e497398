"""The states of a case: by evidence and work alone."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import NodeCounter
from quetsach_portal.cases import actions, judging
from quetsach_portal.cases.judging import judge_cases, locked_cases
from quetsach_portal.cases.models.case import (
    Case,
    CaseEvent,
    CaseOutcome,
    DeviceScanResult,
    HandlingKind,
)
from quetsach_portal.people.models.roles import Role
from tests.portal.cases.sweeps import (
    BAD,
    PC,
    Take,
    at,
    clean,
    days_ago,
    findings_of,
    infected,
    silent,
)
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_infected_until_somebody_handles_it(
    world: World, take_in: Take, tmp_path: Path, only_case: Callable[[], Case]
) -> None:
    take_in(infected(tmp_path))
    assert only_case().state == "infected"
    assert only_case().said["en"]["missing"] == ["it has not been handled since"]
    clean(world, only_case(), 3)
    case = only_case()
    assert (case.state, case.outcome, case.closed_at) == ("handled", "", None)
    assert "5 more whole days must pass" in case.said["en"]["missing"]


@pytest.mark.parametrize("most", [0, judging.MOST_IDS])
def test_verified_clean_is_computed_and_closes_the_case(
    world: World,
    take_in: Take,
    tmp_path: Path,
    only_case: Callable[[], Case],
    monkeypatch: pytest.MonkeyPatch,
    most: int,
) -> None:
    """Whether a node has few devices or more than one statement takes."""
    monkeypatch.setattr(judging, "MOST_IDS", most)
    take_in(infected(tmp_path))
    clean(world, only_case(), 15)
    assert only_case().state == "cannot-tell"
    take_in(silent(tmp_path, days=range(14, 0, -1)))
    case = only_case()
    assert (case.state, case.outcome) == ("verified-clean", "verified-clean")
    assert case.closed_at is not None
    assert case.covered_days == 14
    tally = NodeCounter.objects.get(node=world.nodes["TC"])
    assert (tally.cases_open, tally.cases_verified) == (0, 1)


def test_silence_without_life_is_no_proof(
    world: World, take_in: Take, tmp_path: Path, only_case: Callable[[], Case]
) -> None:
    take_in(infected(tmp_path))
    clean(world, only_case(), 15)
    take_in(silent(tmp_path, days=range(14, 0, -1), hosts=("10.1.1.12",)))
    case = only_case()
    assert (case.state, case.closed_at) == ("quiet-not-proven", None)
    told = "seen alive on 0 of the 14 days covered, 3 are needed"
    assert told in case.said["en"]["missing"]
    assert case.said["vi"]["missing"] != case.said["en"]["missing"]


def test_a_device_that_was_only_cut_off_is_not_handled(
    world: World, take_in: Take, tmp_path: Path, only_case: Callable[[], Case]
) -> None:
    take_in(infected(tmp_path))
    clean(world, only_case(), 15, HandlingKind.ISOLATED)
    assert only_case().state == "infected"
    assert only_case().isolated_at == at(15, 16)


def test_a_sighting_after_verified_clean_reopens_and_counts_a_recurrence(
    world: World, take_in: Take, tmp_path: Path, only_case: Callable[[], Case]
) -> None:
    take_in(infected(tmp_path))
    clean(world, only_case(), 15)
    take_in(silent(tmp_path, days=range(14, 1, -1)))
    assert only_case().outcome == CaseOutcome.VERIFIED
    told = take_in(findings_of(tmp_path, days=[1], contacts=[(1, PC, BAD)], name="again"))
    case = only_case()
    assert (told.new, told.attached, told.reopened) == (0, 1, 1)
    assert (case.state, case.outcome, case.recurrences) == ("recurred", "", 1)
    assert case.due_at is not None
    tally = NodeCounter.objects.get(node=world.nodes["TC01"])
    assert (tally.cases_open, tally.cases_verified, tally.cases_recurred) == (1, 0, 1)
    kinds = list(CaseEvent.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds[-4:] == ["sighted", "reopened", "recurred", "judged"]


def test_late_evidence_of_before_the_handling_is_no_recurrence(
    world: World, take_in: Take, tmp_path: Path, only_case: Callable[[], Case]
) -> None:
    take_in(infected(tmp_path, 20))
    clean(world, only_case(), 15)
    take_in(findings_of(tmp_path, days=[17], contacts=[(17, PC, BAD)], name="late"))
    assert only_case().recurrences == 0
    assert only_case().state != "recurred"


def test_a_scan_that_finds_malware_counts_like_a_sighting(
    world: World, take_in: Take, tmp_path: Path, only_case: Callable[[], Case]
) -> None:
    take_in(infected(tmp_path))
    clean(world, only_case(), 15)

    def scan(ago: int, result: DeviceScanResult) -> None:
        actions.record_handling(
            only_case().pk,
            kind=HandlingKind.SCANNED,
            at=at(ago),
            tool="Công cụ A",
            result=result,
            actor=world.user("TC01", Role.TECHNICIAN),
        )

    scan(10, DeviceScanResult.CLEAN)
    assert only_case().recurrences == 0
    scan(9, DeviceScanResult.FOUND)
    assert (only_case().state, only_case().recurrences) == ("recurred", 1)
    scan(8, DeviceScanResult.REMOVED)
    assert only_case().state != "recurred"


def test_an_accepted_risk_comes_back_by_itself_on_its_day(
    world: World, take_in: Take, tmp_path: Path, only_case: Callable[[], Case]
) -> None:
    take_in(infected(tmp_path))
    review = days_ago(-30)
    actions.record_handling(
        only_case().pk,
        kind=HandlingKind.ACCEPTED_RISK,
        at=timezone.now(),
        review_on=review,
        remark="Máy điều khiển cũ, không có mạng ra ngoài",
        actor=world.user("TC01", Role.FOCAL_POINT),
    )
    assert only_case().outcome == CaseOutcome.ACCEPTED_RISK
    assert NodeCounter.objects.get(node=world.nodes["TC01"]).cases_other == 1
    with transaction.atomic():
        judge_cases(locked_cases(world.nodes["TC01"].pk), as_of=review - timedelta(days=1))
    assert only_case().outcome == CaseOutcome.ACCEPTED_RISK
    with transaction.atomic():
        judge_cases(locked_cases(world.nodes["TC01"].pk), as_of=review)
    assert only_case().outcome == ""
    assert CaseEvent.objects.filter(kind="reopened").get().detail["because"] == "review"
