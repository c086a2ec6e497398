"""Why a machine has a case: counted over what counts, no false alarm and nothing taken back."""

import pytest
from django.template import Context, Template
from django.utils.translation import override

from quetsach_portal.cases import queries
from quetsach_portal.cases.models.case import Case, CaseContact, Finding
from quetsach_portal.cases.reasons import CaseReasons, reasons_of
from tests.portal.cases import rows
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def _reasons(case: Case) -> CaseReasons:
    return reasons_of(queries.case_page(case).findings, [case.device])


def test_times_days_and_the_strongest_are_summed_up(world: World) -> None:
    case = rows.make_case(world, "TC01")
    strong = rows.make_finding(case.device, "hai.example")
    Finding.objects.filter(pk=strong.pk).update(best_grade="moved", family="QakBot", sightings=47)
    for day in ("2026-11-20", "2026-11-20", "2026-11-21"):
        CaseContact.objects.create(finding=strong, when_us=1, day=day, kind="dns")
    why = _reasons(case)
    assert (why.best, why.sightings, why.days, why.others) == ("moved", 50, 3, 1)
    assert set(why.families) == {"Emotet", "QakBot"}
    assert [line.raw for line in why.lines] == [rows.RAW, rows.RAW]
    with override("vi"):
        sentence = Template("{% load cases %}{% reason_sentence why %}").render(
            Context({"why": why})
        )
    assert sentence == (
        "Máy đã kết nối đến địa chỉ của mã độc và trao đổi dữ liệu: 50 lần trong 3 ngày."
    )


def test_what_was_taken_off_the_list_is_no_reason(world: World) -> None:
    case = rows.make_case(world, "TC01")
    Finding.objects.update(withdrawn=True)
    why = _reasons(case)
    assert (why.first, why.sightings, why.days, list(why.lines)) == (None, 0, 0, [])
