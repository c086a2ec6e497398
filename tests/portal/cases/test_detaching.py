"""Evidence that was taken back accuses nobody, and proves nothing; what else is there stays."""

from collections.abc import Callable
from pathlib import Path

import pytest

from quetsach.api import findings as api_findings
from quetsach_portal.campaigns.models.campaign import NodeCounter
from quetsach_portal.cases import actions
from quetsach_portal.cases.attaching import AttachResult
from quetsach_portal.cases.detaching import detach
from quetsach_portal.cases.judging import apply_list
from quetsach_portal.cases.models.case import Case, CaseContact, Finding, HandlingKind, Sighting
from quetsach_portal.cases.models.coverage import CoveredDay, FolderRead
from quetsach_portal.people.models.roles import Role
from tests.portal.cases import rows
from tests.portal.cases.sweeps import BAD, PC, at, findings_of
from tests.portal.world import World

pytestmark = pytest.mark.django_db

TakeIn = Callable[..., AttachResult]


def _take_out(world: World, folder: Path, lines: tuple[str, ...] = ()) -> list[Case]:
    digest = api_findings.digest_of_findings(api_findings.read_folder(folder))
    actor = world.user("TC01", Role.FOCAL_POINT)
    return detach(world.nodes["TC01"], digest, lines=lines, source="submission:7", actor=actor)


def _tally(world: World) -> tuple[int, int]:
    tally = NodeCounter.objects.get(node=world.nodes["TC"])
    return tally.cases_open, tally.cases_other


def _rows() -> dict[str, list[tuple[object, ...]]]:
    """Return all that folders tell of a node."""
    names = "shown sightings best_grade first_seen last_seen withdrawn"
    return {
        "findings": sorted(Finding.objects.values_list(*names.split())),
        "contacts": sorted(CaseContact.objects.values_list("when_us", "day", "kind", "number")),
        "days": sorted(CoveredDay.objects.values_list("day", "kind", "lines")),
        "samples": sorted(Sighting.objects.values_list("number", "raw")),
    }


def test_a_case_that_rests_on_nothing_else_ends_and_is_counted_back(
    world: World, take_in: TakeIn, tmp_path: Path
) -> None:
    folder = findings_of(tmp_path, days=[20], contacts=[(20, PC, BAD)])
    take_in(folder)
    assert _tally(world) == (1, 0)
    assert [case.outcome for case in _take_out(world, folder)] == ["withdrawn"]
    assert _tally(world) == (0, 1)
    assert not CoveredDay.objects.exists()
    assert not FolderRead.objects.exists()
    assert Case.objects.get().events.filter(kind="evidence_gone").exists()
    assert _take_out(world, folder) == []


def test_what_is_left_is_as_if_it_had_never_been_handed_in(
    world: World, take_in: TakeIn, tmp_path: Path
) -> None:
    first = findings_of(tmp_path, days=[20, 19], contacts=[(20, PC, BAD)], name="a")
    wrong = findings_of(tmp_path, days=[9, 8], contacts=[(9, PC, BAD), (8, PC, BAD)], name="b")
    take_in(first)
    before, seen = _rows(), Case.objects.get().last_seen
    take_in(wrong)
    assert _rows() != before
    assert _take_out(world, wrong) == []
    assert _rows() == before
    case = Case.objects.get()
    assert (case.outcome, case.last_seen) == ("", seen)


def test_days_that_were_taken_back_prove_nothing_any_more(
    world: World, take_in: TakeIn, tmp_path: Path
) -> None:
    take_in(findings_of(tmp_path, days=[12], contacts=[(12, PC, BAD)], name="a"))
    case = Case.objects.get()
    actor = world.user("TC01", Role.TECHNICIAN)
    actions.record_handling(case.pk, kind=HandlingKind.CLEANED, at=at(12, 16), actor=actor)
    silence = findings_of(tmp_path, days=range(11, 0, -1), name="b")
    take_in(silence)
    assert Case.objects.get().outcome == "verified-clean"
    _take_out(world, silence)
    case = Case.objects.get()
    assert (case.outcome, case.covered_days) == ("", 0)


def test_the_same_evidence_counts_again_when_it_is_handed_in_again(
    world: World, take_in: TakeIn, tmp_path: Path
) -> None:
    folder = findings_of(tmp_path, days=[20], contacts=[(20, PC, BAD)])
    take_in(folder)
    before = _rows()
    _take_out(world, folder)
    take_in(folder)
    assert _rows() == before
    assert (Case.objects.get().outcome, _tally(world)) == ("", (1, 0))


def test_a_list_that_changes_does_not_bring_it_back(
    world: World, take_in: TakeIn, tmp_path: Path
) -> None:
    folder = findings_of(tmp_path, days=[20], contacts=[(20, PC, BAD)])
    take_in(folder)
    _take_out(world, folder)
    key = Finding.objects.get().key
    assert apply_list(world.nodes["TC01"], gone=[], back=[key]).findings == 0
    assert Case.objects.get().outcome == "withdrawn"


def test_what_a_notice_says_stays(world: World, take_in: TakeIn, tmp_path: Path) -> None:
    folder = findings_of(tmp_path, days=[20], contacts=[(20, PC, BAD)])
    take_in(folder)
    finding = Finding.objects.get()
    contact = CaseContact.objects.first()
    assert contact is not None
    CaseContact.objects.create(
        finding=finding,
        when_us=contact.when_us,
        day=contact.day,
        kind="connection",
        number="N1.1",
        by_notice=True,
    )
    assert _take_out(world, folder) == []
    finding.refresh_from_db()
    assert (finding.withdrawn, finding.best_grade) == (False, "connected")
    assert Case.objects.get().outcome == ""


def test_a_case_made_by_hand_from_one_of_its_lines_goes_with_it(world: World) -> None:
    case = rows.make_case(world, "TC01")
    CaseContact.objects.update(by_notice=True, number="Habc")
    actor = world.user("TC01", Role.FOCAL_POINT)
    node = world.nodes["TC01"]
    ended = detach(node, "0" * 64, lines=["abc"], source="submission:7", actor=actor)
    assert [one.pk for one in ended] == [case.pk]
