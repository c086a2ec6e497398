"""A recorded act is the done step: what was taken back, or undone by a contact, is none."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from quetsach_portal.cases import actions, history, overview, queries
from quetsach_portal.cases.models.case import Case, CaseFile, Handling, HandlingKind
from quetsach_portal.cases.steps import steps_of
from quetsach_portal.people.models.roles import Role
from tests.portal.cases import rows
from tests.portal.cases.rows import ClientOf
from tests.portal.cases.sweeps import BAD, PC, Take, at, findings_of, infected
from tests.portal.files.samples import picture
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def _states(case: Case) -> list[str]:
    page = queries.case_page(
        Case.objects.select_related("node__campaign", "device").get(pk=case.pk)
    )
    return [step.state for step in steps_of(page.case, page.handlings, page.events)]


def _press(client, case: Case, code: str, **fields: object):
    address = reverse("cases:step", args=[case.pk, code])
    return client.post(address, {"version": Case.objects.get(pk=case.pk).version, **fields})


def test_each_step_is_one_press_and_the_next_one_opens(world: World, client_of: ClientOf) -> None:
    case, client = rows.make_case(world, "TC01"), client_of("TC01", Role.TECHNICIAN)
    assert _states(case) == ["now", "later", "later"]
    assert _press(client, case, "disconnect").status_code == 302
    assert _states(case) == ["done", "now", "later"]
    assert Case.objects.get(pk=case.pk).isolated_at is not None
    photo = rows.Rewound("anh.jpg", picture())
    sent = _press(client, case, "scan", result="removed", tool="Defender", photo=photo)
    assert sent.status_code == 302
    assert CaseFile.objects.get().stored.name == "anh.jpg"
    assert _states(case) == ["done", "done", "now"]
    assert _press(client, case, "passwords").status_code == 302
    assert _states(case) == ["done", "done", "done"]
    again = Case.objects.get(pk=case.pk)
    assert (again.state, again.isolated_at) == ("handled", None)
    assert overview.check_of(again).steps == 3


def test_no_result_is_chosen_beforehand_and_without_one_nothing_is_recorded(
    world: World, client_of: ClientOf
) -> None:
    case, client = rows.make_case(world, "TC01"), client_of("TC01", Role.TECHNICIAN)
    _press(client, case, "disconnect")
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert 'name="result"' in page
    assert " checked" not in page
    other = client.get(f"/cases/{case.pk}/handle").content.decode()
    assert 'name="result"' in other
    assert " checked" not in other
    answer = _press(client, case, "scan", tool="Defender")
    assert "error-summary" in answer.content.decode()
    assert not Handling.objects.filter(kind="scanned").exists()


@pytest.mark.parametrize("result", ["found", "clean"])
def test_a_scan_that_removed_nothing_leaves_the_step_open(
    world: World, client_of: ClientOf, result: str
) -> None:
    case, client = rows.make_case(world, "TC01"), client_of("TC01", Role.TECHNICIAN)
    _press(client, case, "scan", result=result, tool="Defender")
    assert _states(case) == ["now", "later", "later"]
    _press(client, case, "scan", result="reinstalled", tool="")
    assert Handling.objects.filter(kind=HandlingKind.REINSTALLED).count() == 1
    assert _states(case) == ["skipped", "done", "now"]


def test_an_undone_act_undoes_its_step_stays_in_the_history_and_is_judged_again(
    world: World, client_of: ClientOf, take_in: Take, tmp_path: Path, only_case: Callable[[], Case]
) -> None:
    take_in(infected(tmp_path))
    case, client = only_case(), client_of("TC01", Role.TECHNICIAN)
    _press(client, case, "disconnect")
    _press(client, case, "scan", result="removed", tool="Defender")
    assert only_case().state == "handled"
    wrong = Handling.objects.get(kind="scanned")
    client.post(reverse("cases:withdraw_handling", args=[case.pk, wrong.pk]))
    assert _states(case) == ["done", "now", "later"]
    assert only_case().state == "infected"
    last = case.events.filter(kind="withdrawn").get()
    assert last.by == world.user("TC01", Role.TECHNICIAN)
    off = Handling.objects.get(kind="isolated")
    client.post(reverse("cases:withdraw_handling", args=[case.pk, off.pk]))
    assert only_case().isolated_at is None
    assert _states(case) == ["now", "later", "later"]


def test_a_machine_that_was_seen_again_has_all_steps_before_it(
    world: World, take_in: Take, tmp_path: Path, only_case: Callable[[], Case]
) -> None:
    take_in(infected(tmp_path))
    case, actor = only_case(), world.user("TC01", Role.TECHNICIAN)
    for kind in (HandlingKind.ISOLATED, HandlingKind.CLEANED, HandlingKind.RESTORED):
        actions.record_handling(case.pk, kind=kind, at=at(10, 16), actor=actor)
    assert _states(case) == ["done", "done", "done"]
    take_in(findings_of(tmp_path, days=[3], contacts=[(3, PC, BAD)], name="again"))
    assert only_case().state == "recurred"
    assert _states(case) == ["now", "later", "later"]


def test_what_the_rule_opens_again_was_done_all_the_same(world: World) -> None:
    case = rows.make_handling(world, "TC01").case
    history.reopen(case, "proof", by=None)
    case.save()
    assert _states(case)[1] == "done"
    history.reopen(case, "verifier", by=world.user("TC", Role.COMPILER), remark="thiếu")
    assert _states(case) == ["now", "later", "later"]


def test_another_address_is_no_step(world: World, client_of: ClientOf) -> None:
    case = rows.make_case(world, "TC01")
    assert _press(client_of("TC01", Role.TECHNICIAN), case, "leave_on").status_code == 404


def test_a_step_from_an_older_page_is_refused(world: World, client_of: ClientOf) -> None:
    case, client = rows.make_case(world, "TC01"), client_of("TC01", Role.TECHNICIAN)
    _press(client, case, "disconnect")
    old = {"version": case.version, "result": "removed", "tool": "A"}
    page = client.post(reverse("cases:step", args=[case.pk, "scan"]), old)
    assert "error-summary" in page.content.decode()
    assert Handling.objects.count() == 1


def test_ticks_made_earlier_are_carried_over_where_they_say_enough() -> None:
    migration = import_module("quetsach_portal.cases.migrations.0006_restored")
    when = datetime(2026, 11, 28, 3, 10, tzinfo=UTC)
    day = timezone.localtime(when).date().isoformat()
    events = [(when - timedelta(days=1), 5, ["disconnect"]), (when, 7, ["disconnect", "scan"])]
    ticked = {"disconnect": day, "scan": day, "passwords": day}
    assert migration.acts_of(ticked, events) == [("isolated", when, 7)]
    both = migration.acts_of({"passwords": "2026-11-20", "reconnect": day}, [])
    (kind, at_when, by) = both[0]
    assert (kind, timezone.localtime(at_when).date(), by) == (
        "restored",
        date.fromisoformat(day),
        None,
    )
    assert migration.acts_of({"scan": day}, events) == []
