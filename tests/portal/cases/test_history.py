"""The history of a case: each line in words, and counters that equal a recount."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils.translation import override

from quetsach_portal.campaigns.models.campaign import NodeCounter
from quetsach_portal.cases import actions
from quetsach_portal.cases.history import counted, event_text, note
from quetsach_portal.cases.models.case import Case, CaseEvent, HandlingKind
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


def test_the_counters_equal_a_recount_after_many_acts(
    world: World, take_in: Take, tmp_path: Path, district_findings: Path
) -> None:
    take_in(district_findings, "TC01A")
    take_in(infected(tmp_path), "TC02")
    other = Case.objects.get(node=world.nodes["TC02"])
    for case in [*Case.objects.order_by("pk")[:6], other]:
        actor = world.user("TC02" if case == other else "TC01A", Role.FOCAL_POINT)
        again = case == other or case.pk % 2
        kind = HandlingKind.REINSTALLED if again else HandlingKind.ACCEPTED_RISK
        actions.record_handling(
            case.pk, kind=kind, at=at(10), remark="vì", review_on=days_ago(-5), actor=actor
        )
    take_in(silent(tmp_path, days=range(9, 0, -1)), "TC02")
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
    take_in(infected(tmp_path))
    case, actor = only_case(), world.user("TC01", Role.FOCAL_POINT)
    note(case, "opened", by=None, detail={"source": "submission:7"})
    clean(world, case, 3)
    note(case, "ticked", by=actor, detail={"done": ["scan"]})
    actions.record_owner_statement(case.pk, clean=True, actor=actor)
    actions.name_device(case.pk, label="Máy 2", actor=actor)
    with override("en"):
        told = [event_text(one) for one in CaseEvent.objects.order_by("pk")]
    assert "case opened by evidence no. 7" in told
    assert "state according to the evidence: Infected → Handled, being watched" in told
    assert "steps ticked: Scan the whole machine" in told
    kinds = set(CaseEvent.objects.values_list("kind", flat=True))
    assert not [text for text in told if text in kinds]
