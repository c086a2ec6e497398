"""The states of a case: by evidence and work alone."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import override

from quetsach_portal.campaigns.models.campaign import NodeCounter
from quetsach_portal.cases import actions
from quetsach_portal.cases.attaching import AttachResult
from quetsach_portal.cases.history import counted, event_text, note
from quetsach_portal.cases.judging import judge_cases, locked_cases
from quetsach_portal.cases.models.case import (
    Case,
    CaseEvent,
    CaseOutcome,
    DeviceScanResult,
    HandlingKind,
)
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.cases.sweeps import BAD, at, days_ago, findings_of
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db

Take = Callable[..., AttachResult]
PC = "10.1.1.11"


def _clean(world: World, case: Case, ago: int, kind: HandlingKind = HandlingKind.CLEANED) -> None:
    actions.record_handling(
        case.pk, kind=kind, at=at(ago, 16), actor=world.user("TC01", Role.TECHNICIAN)
    )


def _infected(tmp_path: Path, ago: int = 20) -> Path:
    return findings_of(tmp_path, days=[ago], contacts=[(ago, PC, BAD)], name="first")


def _silent(
    tmp_path: Path, *, days: range, name: str = "later", hosts: tuple[str, ...] = ()
) -> Path:
    return findings_of(
        tmp_path, days=list(days), contacts=[], name=name, hosts=hosts or (PC, "10.1.1.12")
    )


def test_infected_until_somebody_handles_it(
    world: World, take_in: Take, tmp_path: Path, only_case: Callable[[], Case]
) -> None:
    take_in(_infected(tmp_path))
    assert only_case().state == "infected"
    assert only_case().said["en"]["missing"] == ["it has not been handled since"]
    _clean(world, only_case(), 3)
    case = only_case()
    assert (case.state, case.outcome, case.closed_at) == ("handled", "", None)
    assert "5 more whole days must pass" in case.said["en"]["missing"]


def test_verified_clean_is_computed_and_closes_the_case(
    world: World, take_in: Take, tmp_path: Path, only_case: Callable[[], Case]
) -> None:
    take_in(_infected(tmp_path))
    _clean(world, only_case(), 15)
    assert only_case().state == "cannot-tell"
    take_in(_silent(tmp_path, days=range(14, 0, -1)))
    case = only_case()
    assert (case.state, case.outcome) == ("verified-clean", "verified-clean")
    assert case.closed_at is not None
    assert case.covered_days == 14
    tally = NodeCounter.objects.get(node=world.nodes["TC"])
    assert (tally.cases_open, tally.cases_verified) == (0, 1)


def test_silence_without_life_is_no_proof(
    world: World, take_in: Take, tmp_path: Path, only_case: Callable[[], Case]
) -> None:
    take_in(_infected(tmp_path))
    _clean(world, only_case(), 15)
    take_in(_silent(tmp_path, days=range(14, 0, -1), hosts=("10.1.1.12",)))
    case = only_case()
    assert (case.state, case.closed_at) == ("quiet-not-proven", None)
    told = "seen alive on 0 of the 14 days covered, 3 are needed"
    assert told in case.said["en"]["missing"]
    assert case.said["vi"]["missing"] != case.said["en"]["missing"]


def test_a_device_that_was_only_cut_off_is_not_handled(
    world: World, take_in: Take, tmp_path: Path, only_case: Callable[[], Case]
) -> None:
    take_in(_infected(tmp_path))
    _clean(world, only_case(), 15, HandlingKind.ISOLATED)
    assert only_case().state == "infected"
    assert only_case().isolated_at == at(15, 16)


def test_a_sighting_after_verified_clean_reopens_and_counts_a_recurrence(
    world: World, take_in: Take, tmp_path: Path, only_case: Callable[[], Case]
) -> None:
    take_in(_infected(tmp_path))
    _clean(world, only_case(), 15)
    take_in(_silent(tmp_path, days=range(14, 1, -1)))
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
    take_in(_infected(tmp_path, 20))
    _clean(world, only_case(), 15)
    take_in(findings_of(tmp_path, days=[17], contacts=[(17, PC, BAD)], name="late"))
    assert only_case().recurrences == 0
    assert only_case().state != "recurred"


def test_a_scan_that_finds_malware_counts_like_a_sighting(
    world: World, take_in: Take, tmp_path: Path, only_case: Callable[[], Case]
) -> None:
    take_in(_infected(tmp_path))
    _clean(world, only_case(), 15)

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


def test_a_handling_written_down_by_mistake_can_be_taken_back(
    world: World, take_in: Take, tmp_path: Path, only_case: Callable[[], Case]
) -> None:
    take_in(_infected(tmp_path))
    _clean(world, only_case(), 3)
    handling = only_case().handlings.get()
    actor = world.user("TC01", Role.TECHNICIAN)
    actions.withdraw_handling(only_case().pk, handling.pk, actor=actor)
    assert only_case().state == "infected"
    with pytest.raises(Refused):
        actions.withdraw_handling(only_case().pk, handling.pk, actor=actor)


def test_an_accepted_risk_comes_back_by_itself_on_its_day(
    world: World, take_in: Take, tmp_path: Path, only_case: Callable[[], Case]
) -> None:
    take_in(_infected(tmp_path))
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


def test_the_daily_job_judges_every_node_once_a_day(
    world: World, take_in: Take, tmp_path: Path, only_case: Callable[[], Case]
) -> None:
    take_in(_infected(tmp_path))
    _clean(world, only_case(), 15)
    take_in(_silent(tmp_path, days=range(14, 0, -1)))
    Case.objects.update(state="quiet-not-proven", outcome="", closed_at=None)
    enqueue("cases.ask_for_all", key="cases.ask_for_all:1")
    run_ready()
    assert only_case().outcome == CaseOutcome.VERIFIED
    enqueue("cases.ask_for_all", key="cases.ask_for_all:2")
    assert run_ready() == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"kind": HandlingKind.CLEANED, "at": at(-1)}, "at"),
        ({"kind": HandlingKind.SCANNED, "result": "clean"}, "tool"),
        ({"kind": HandlingKind.SCANNED, "tool": "A"}, "result"),
        ({"kind": HandlingKind.ACCEPTED_RISK, "remark": "vì"}, "review_on"),
        (
            {"kind": HandlingKind.ACCEPTED_RISK, "remark": "vì", "review_on": days_ago(0)},
            "review_on",
        ),
        ({"kind": HandlingKind.ACCEPTED_RISK, "review_on": days_ago(-9)}, "told"),
    ],
)
def test_a_handling_that_makes_no_sense_is_refused_and_changes_nothing(
    more: dict[str, object], field: str, world: World, take_in: Take, tmp_path: Path
) -> None:
    take_in(_infected(tmp_path))
    events = CaseEvent.objects.count()
    with pytest.raises(Refused) as caught:
        actions.record_handling(
            Case.objects.get().pk,
            **{"at": at(1), "actor": world.user("TC01", Role.TECHNICIAN), **more},  # type: ignore[arg-type]
        )
    assert caught.value.field == field
    assert CaseEvent.objects.count() == events


def test_a_verifier_who_does_not_agree_holds_the_case_open_until_it_is_handled_again(
    world: World, take_in: Take, tmp_path: Path, only_case: Callable[[], Case]
) -> None:
    take_in(_infected(tmp_path))
    _clean(world, only_case(), 15)
    take_in(_silent(tmp_path, days=range(14, 0, -1)))
    above = world.user("TC", Role.COMPILER)
    actions.record_verifier_statement(only_case().pk, agrees=True, remark="", actor=above)
    assert (only_case().verifier_says, only_case().outcome) == ("verified", CaseOutcome.VERIFIED)
    actions.record_verifier_statement(
        only_case().pk, agrees=False, remark="Chưa có biên bản", actor=above
    )
    with transaction.atomic():
        judge_cases(locked_cases(world.nodes["TC01"].pk))
    assert (only_case().outcome, only_case().state) == ("", "verified-clean")
    _clean(world, only_case(), 13)
    assert (only_case().outcome, only_case().state) == (CaseOutcome.VERIFIED, "verified-clean")


def test_what_is_not_proven_cannot_be_verified(
    world: World, take_in: Take, tmp_path: Path, only_case: Callable[[], Case]
) -> None:
    take_in(_infected(tmp_path))
    with pytest.raises(Refused):
        actions.record_verifier_statement(
            only_case().pk, agrees=True, remark="", actor=world.user("TC", Role.COMPILER)
        )


def test_B1_the_database_refuses_an_end_without_outcome_and_a_second_open_case(
    take_in: Take, tmp_path: Path, only_case: Callable[[], Case]
) -> None:
    take_in(_infected(tmp_path))
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.update(closed_at=timezone.now())
    case = only_case()
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(node=case.node, device=case.device)


def test_L1_the_database_refuses_to_change_a_line_of_the_history(
    take_in: Take, tmp_path: Path
) -> None:
    take_in(_infected(tmp_path))
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        CaseEvent.objects.update(note="nothing happened")
    assert connection.vendor in ("sqlite", "postgresql")


def test_B3_who_saw_an_older_version_is_told_what_happened(
    world: World, take_in: Take, tmp_path: Path, only_case: Callable[[], Case]
) -> None:
    take_in(_infected(tmp_path))
    seen = only_case().version
    first, second = world.user("TC01", Role.TECHNICIAN), world.user("TC01", Role.FOCAL_POINT)
    kind = HandlingKind.CLEANED
    actions.record_handling(only_case().pk, kind=kind, at=at(2), actor=first, version=seen)
    with pytest.raises(Refused) as caught:
        actions.record_handling(only_case().pk, kind=kind, at=at(1), actor=second, version=seen)
    assert str(first) in caught.value.told
    assert only_case().handlings.count() == 1


def test_the_counters_equal_a_recount_after_many_acts(
    world: World, take_in: Take, tmp_path: Path, district_findings: Path
) -> None:
    take_in(district_findings, "TC01A")
    take_in(_infected(tmp_path), "TC02")
    other = Case.objects.get(node=world.nodes["TC02"])
    for case in [*Case.objects.order_by("pk")[:6], other]:
        actor = world.user("TC02" if case == other else "TC01A", Role.FOCAL_POINT)
        again = case == other or case.pk % 2
        kind = HandlingKind.REINSTALLED if again else HandlingKind.ACCEPTED_RISK
        actions.record_handling(
            case.pk, kind=kind, at=at(10), remark="vì", review_on=days_ago(-5), actor=actor
        )
    take_in(_silent(tmp_path, days=range(9, 0, -1)), "TC02")
    take_in(findings_of(tmp_path, days=[1], contacts=[(1, PC, BAD)], name="again"), "TC02")
    names = ("cases_open", "cases_verified", "cases_recurred", "cases_other")
    for node in world.nodes.values():
        below = Case.objects.filter(node__path__startswith=node.path)
        recount = dict.fromkeys(names, 0)
        for case in below:
            for name, by in counted(case).items():
                recount[name] += by
        tally = NodeCounter.objects.get(node=node)
        assert {name: getattr(tally, name) for name in names} == recount
    assert NodeCounter.objects.get(node=world.nodes["TC"]).cases_recurred >= 1


def test_each_line_of_the_history_is_told_in_words(
    world: World, take_in: Take, tmp_path: Path, only_case: Callable[[], Case]
) -> None:
    take_in(_infected(tmp_path))
    case, actor = only_case(), world.user("TC01", Role.FOCAL_POINT)
    note(case, "opened", by=None, detail={"source": "submission:7"})
    _clean(world, case, 3)
    actions.tick(case.pk, done=["scan"], actor=actor)
    actions.record_owner_statement(case.pk, clean=True, actor=actor)
    actions.name_device(case.pk, label="Máy 2", actor=actor)
    with override("en"):
        told = [event_text(one) for one in CaseEvent.objects.order_by("pk")]
    assert "case opened by evidence no. 7" in told
    assert "state by the evidence: Infected → Handled, being watched" in told
    assert "steps ticked: Scan the whole machine" in told
    kinds = set(CaseEvent.objects.values_list("kind", flat=True))
    assert not [text for text in told if text in kinds]
