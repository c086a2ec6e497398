"""Acts on one case: written down once, refused when they make no sense, undone by who did them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction

from quetsach_portal.cases import actions
from quetsach_portal.cases.judging import judge_cases, locked_cases
from quetsach_portal.cases.models.case import Case, CaseEvent, CaseOutcome, HandlingKind
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.cases.sweeps import (
    Take,
    at,
    clean,
    days_ago,
    infected,
    silent,
)
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_a_handling_written_down_by_mistake_can_be_taken_back(
    world: World, take_in: Take, tmp_path: Path, only_case: Callable[[], Case]
) -> None:
    take_in(infected(tmp_path))
    clean(world, only_case(), 3)
    handling = only_case().handlings.get()
    actor = world.user("TC01", Role.TECHNICIAN)
    actions.withdraw_handling(only_case().pk, handling.pk, actor=actor)
    assert only_case().state == "infected"
    with pytest.raises(Refused):
        actions.withdraw_handling(only_case().pk, handling.pk, actor=actor)


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
    take_in(infected(tmp_path))
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
    take_in(infected(tmp_path))
    clean(world, only_case(), 15)
    take_in(silent(tmp_path, days=range(14, 0, -1)))
    above = world.user("TC", Role.COMPILER)
    actions.record_verifier_statement(only_case().pk, agrees=True, remark="", actor=above)
    assert (only_case().verifier_says, only_case().outcome) == ("verified", CaseOutcome.VERIFIED)
    actions.record_verifier_statement(
        only_case().pk, agrees=False, remark="Chưa có biên bản", actor=above
    )
    with transaction.atomic():
        judge_cases(locked_cases(world.nodes["TC01"].pk))
    assert (only_case().outcome, only_case().state) == ("", "verified-clean")
    clean(world, only_case(), 13)
    assert (only_case().outcome, only_case().state) == (CaseOutcome.VERIFIED, "verified-clean")


def test_what_is_not_proven_cannot_be_verified(
    world: World, take_in: Take, tmp_path: Path, only_case: Callable[[], Case]
) -> None:
    take_in(infected(tmp_path))
    with pytest.raises(Refused):
        actions.record_verifier_statement(
            only_case().pk, agrees=True, remark="", actor=world.user("TC", Role.COMPILER)
        )


def test_B3_who_saw_an_older_version_is_told_what_happened(
    world: World, take_in: Take, tmp_path: Path, only_case: Callable[[], Case]
) -> None:
    take_in(infected(tmp_path))
    seen = only_case().version
    first, second = world.user("TC01", Role.TECHNICIAN), world.user("TC01", Role.FOCAL_POINT)
    kind = HandlingKind.CLEANED
    actions.record_handling(only_case().pk, kind=kind, at=at(2), actor=first, version=seen)
    with pytest.raises(Refused) as caught:
        actions.record_handling(only_case().pk, kind=kind, at=at(1), actor=second, version=seen)
    assert str(first) in caught.value.told
    assert only_case().handlings.count() == 1
