"""The job that renders a document, and the proof bundle."""

import pytest

from quetsach.api.reports import BundleVerification, verify_bundle
from quetsach_portal.jobs.models import Job
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports import deciding
from quetsach_portal.reports.documents import actions, making
from quetsach_portal.reports.models.document import DocumentState, ReportDocument
from quetsach_portal.reports.models.report import ReportVersion
from quetsach_portal.reports.writing import draft as writing_draft
from quetsach_portal.reports.writing import submitting
from tests.portal.reports import papers
from tests.portal.reports.acting import (
    above,
    accepted,
    handed_in,
    numbers,
    slot_of,
    submitted,
    written,
)
from tests.portal.working import claim, run_ready
from tests.portal.world import World


def test_D6_printed_twice_is_the_same_to_the_byte(world: World) -> None:
    first = papers.printed(submitted(world, "TC01A"), world)
    again = ReportDocument.objects.create(
        version=first.version,
        seq=2,
        place=first.place,
        code=first.code,
        asked_by=first.asked_by,
    )
    making.enqueue_files(again)
    run_ready()
    again = papers.fresh(again)
    for which in ("pdf", "paper", "docx"):
        assert getattr(first, which).sha256 == getattr(again, which).sha256, which
    assert first.pdf.sha256 != first.paper.sha256


def test_E1_reports_are_written_and_handed_in_while_the_maker_of_files_is_down(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_down(*_args: object, **_kwargs: object) -> None:
        raise OSError("typesetter gone")

    monkeypatch.setattr(making, "report_files", is_down)
    version = submitted(world, "TC01A")
    asked = actions.request_document(version, actor=world.user("TC01A", Role.CLERK))
    run_ready()
    assert papers.fresh(asked).state == DocumentState.WAITING
    submitting.withdraw(version, "sai số liệu", actor=world.user("TC01A", Role.FOCAL_POINT))
    assert written(world, "TC01A").draft.revision >= 1
    monkeypatch.undo()
    Job.objects.update(run_after=asked.asked_at, leased_until=None)
    run_ready()
    assert papers.fresh(asked).state == DocumentState.MADE


def test_R5_one_person_has_two_documents_made_at_a_time(world: World) -> None:
    clerk = world.user("TC01A", Role.CLERK)
    for code in ("TC", "TC01", "TC02", "TC01A"):
        actions.request_document(submitted(world, code), actor=clerk)
    assert [claim(f"w{n}") is None for n in range(3)] == [False, False, True]


def proven(version: ReportVersion) -> BundleVerification:
    """Return what the bundle of a version proves."""
    with making.bundle_of(version) as file:
        return verify_bundle(file.read(), code=version.code)


def test_the_bundle_proves_the_total_with_the_reports_below(world: World) -> None:
    accepted(world, "TC01A")
    version = submitted(world, "TC01")
    found = proven(version)
    assert (found.exit_code, found.faults) == (0, ())
    assert found.recomputed == 2


def test_the_bundle_goes_on_through_corrections_and_many_steps(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = accepted(world, "TC01A")
    author = world.user("TC01A", Role.FOCAL_POINT)
    for people in ("6", "7"):
        draft = deciding.begin(
            first.slot, kind="correction", reason_code="other", reason="sót", actor=author
        )
        writing_draft.save(
            draft.slot, numbers(people=people), revision=draft.revision, actor=author
        )
        newer = handed_in(slot_of(world, "TC01A"), author)
        deciding.accept(newer, actor=above(world, "TC01A"))
    accepted(world, "TC01")
    version = submitted(world, "TC")
    monkeypatch.setattr(making, "_STEP", 1)
    found = proven(version)
    assert (found.exit_code, found.faults, len(found.held)) == (0, (), 5)
