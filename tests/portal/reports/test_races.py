"""B3: two people at one report, truly at once: one wins, the other sees why, nothing is lost."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from quetsach_portal.campaigns.models.campaign import ExpectedReport
from quetsach_portal.lifecycle.recount import recount
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports import deciding, undoing
from quetsach_portal.reports.models.report import (
    ChangeNotice,
    InputUsed,
    ReportDraft,
    ReportInput,
    ReportVersion,
    VersionState,
)
from quetsach_portal.reports.phase_forms import changing
from quetsach_portal.reports.phase_forms.changing import campaign_form_of
from quetsach_portal.reports.writing import draft, locking, submitting
from quetsach_portal.reports.writing.checking import checked
from quetsach_portal.web.acts import Refused
from tests.portal.reports.acting import (
    LATER,
    above,
    accepted,
    fresh,
    numbers,
    slot_of,
    submitted,
    written,
)
from tests.portal.reports.own_form import chosen, own_form
from tests.portal.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> World:
    """The world, kept where two connections see it."""
    return make_world()


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run `acts` in threads that meet at the lock; return what each gave or was refused with.

    All slots are held here until each act has come to its first lock: so each began before any
    other changed something, and the database alone decides who is first.
    """
    arrived = threading.Semaphore(0)
    results: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            with connection.execute_wrapper(at_first_lock(arrived.release)):
                results[place] = act()
        except Refused as refused:
            results[place] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    with transaction.atomic():
        list(ExpectedReport.objects.select_for_update(of=("self",)))
        for thread in threads:
            thread.start()
        came = [arrived.acquire(timeout=60) for _thread in threads]
    for thread in threads:
        thread.join()
    assert all(came), "an act asked for no lock"
    return results


def at_first_lock(notify: Callable[[], object]) -> Callable[..., Any]:
    """Return a wrapper of statements that calls `notify` once, right before the first lock.

    PostgreSQL locks rows; SQLite locks all of itself as a transaction begins.
    """
    waiting = [notify]

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if waiting and (sql.startswith("BEGIN") or "FOR UPDATE" in sql):
            waiting.pop()()
        return execute(sql, params, many, context)

    return wrapper


def test_B3_two_hand_in_the_same_report(world: World) -> None:
    slot = written(world, "TC01A")
    people = [world.user("TC01A", role) for role in (Role.FOCAL_POINT, Role.COMPILER)]
    tokens = [locking.make(slot, slot.draft.revision) for _person in people]
    results = at_once(
        *(
            lambda who=who: submitting.submit(
                slot, checked_with=tokens[who], actor=people[who], gap=LATER
            )
            for who in range(2)
        )
    )
    refused = [one for one in results if isinstance(one, Refused)]
    assert len(refused) == 1
    made = ReportVersion.objects.get()
    assert str(made.author) in refused[0].told
    assert recount(world.campaign) == []


def test_B3_child_takes_back_while_the_office_above_accepts(world: World) -> None:
    version = submitted(world, "TC01A")
    compiler = above(world, "TC01A")
    results = at_once(
        lambda: submitting.withdraw(version, "nhầm", actor=version.author),
        lambda: deciding.accept(version, actor=compiler),
    )
    assert sum(isinstance(one, Refused) for one in results) == 1
    assert fresh(version).state in (VersionState.WITHDRAWN, VersionState.ACCEPTED)
    assert recount(world.campaign) == []


def test_B3_report_accepted_while_the_one_above_is_handed_in_is_counted_or_told(
    world: World,
) -> None:
    child = submitted(world, "TC01A", numbers(people="5"))
    slot = written(world, "TC01", numbers(people="3"))
    author, compiler = world.user("TC01", Role.FOCAL_POINT), above(world, "TC01A")
    checked = locking.make(slot, slot.draft.revision)
    at_once(
        lambda: deciding.accept(child, actor=compiler),
        lambda: submitting.submit(slot, checked_with=checked, actor=author, gap=LATER),
    )
    used = ReportInput.objects.get().used == InputUsed.YES
    assert used is not ChangeNotice.objects.exists()


def test_B3_a_draft_saved_by_two_keeps_one_and_tells_the_other(world: World) -> None:
    slot = written(world, "TC01A")
    people = [world.user("TC01A", role) for role in (Role.FOCAL_POINT, Role.COMPILER)]
    # Both opened the page before either saved.
    revision = slot.draft.revision
    results = at_once(
        *(
            lambda who=who: draft.save(
                slot,
                numbers(people=str(7 + who)),
                revision=revision,
                actor=people[who],
            )
            for who in range(2)
        )
    )
    assert sum(isinstance(one, draft.StaleError) for one in results) == 1
    (kept,) = [one for one in results if isinstance(one, ReportDraft)]
    assert slot_of(world, "TC01A").draft.own == kept.own


def test_B3_returned_while_the_one_above_counts_it(world: World) -> None:
    child = accepted(world, "TC01A")
    slot = written(world, "TC01")
    author, compiler = world.user("TC01", Role.FOCAL_POINT), above(world, "TC01A")
    checked = locking.make(slot, slot.draft.revision)
    results = at_once(
        lambda: deciding.return_version(child, {"": "xem lại"}, actor=compiler),
        lambda: submitting.submit(slot, checked_with=checked, actor=author, gap=LATER),
    )
    version = next(one for one in results if isinstance(one, ReportVersion))
    returned = fresh(child).state == VersionState.RETURNED
    assert version.inputs.get().used == (InputUsed.MISSING if returned else InputUsed.YES)


def test_a_report_without_a_draft_waits_while_the_phase_gets_another_form(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot, author = slot_of(world, "TC01A"), world.user("TC01A", Role.FOCAL_POINT)
    checked = locking.make(slot, 0, "nil")
    refit, at_the_lock = changing._refit, threading.Event()

    def nil() -> None:
        with connection.execute_wrapper(at_first_lock(at_the_lock.set)):
            submitting.submit_nil(slot, checked_with=checked, actor=author, gap=LATER)
        connection.close()

    waiting = threading.Thread(target=nil)

    def meanwhile(*what: Any) -> None:
        waiting.start()
        assert at_the_lock.wait(60)
        refit(*what)

    monkeypatch.setattr(changing, "_refit", meanwhile)
    chosen(world, own_form())
    waiting.join()
    assert ReportVersion.objects.get().form == campaign_form_of(world.phase)


def test_B3_an_acceptance_is_undone_while_the_office_above_hands_in(world: World) -> None:
    version = accepted(world, "TC01A")
    slot = written(world, "TC01")
    compiler, author = above(world, "TC01A"), world.user("TC01", Role.FOCAL_POINT)
    total = checked(slot, slot.draft).total
    token = locking.make(slot, slot.draft.revision, below=total.below)
    results = at_once(
        lambda: undoing.undo_acceptance(version, actor=compiler),
        lambda: submitting.submit(slot, checked_with=token, actor=author, gap=LATER),
    )
    assert sum(isinstance(one, Refused) for one in results) == 1
    counted = ReportInput.objects.filter(child_version=version, used=InputUsed.YES).exists()
    # What went into the report above stays accepted; what was undone went into none.
    assert counted == (fresh(version).state == VersionState.ACCEPTED)
    assert counted == isinstance(results[0], Refused)
    assert recount(world.campaign) == []


def test_B3_an_acceptance_is_undone_while_the_unit_signs(world: World) -> None:
    version = accepted(world, "TC01A")
    compiler, signer = above(world, "TC01A"), world.user("TC01A", Role.SIGNER)
    results = at_once(
        lambda: undoing.undo_acceptance(version, actor=compiler),
        lambda: deciding.sign(version, actor=signer),
    )
    assert sum(isinstance(one, Refused) for one in results) == 1
    is_signed = fresh(version).state == VersionState.SIGNED
    assert is_signed == isinstance(results[0], Refused)
    assert recount(world.campaign) == []
