"""Remarks on reports by token: to those who may read them."""

import pytest

from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.models.report import ReportReturn
from tests.portal.api.asking import ask
from tests.portal.reports.acting import PEOPLE, submitted
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_what_is_said_of_a_whole_report_is_told_to_those_who_mend_it(world: World) -> None:
    version = submitted(world, "TC01A")
    compiler = world.user("TC01", Role.COMPILER)
    for key, text in (("", "Xem lại."), (PEOPLE, "Nhiều quá.")):
        ReportReturn.objects.create(version=version, key=key, text=text, by=compiler)
    path = f"/slots/{version.slot_id}/remarks"
    mends = ask(world, "TC01A", Role.FOCAL_POINT, path).json()
    assert [one["text"] for one in mends] == ["Xem lại.", "Nhiều quá."]
    reads = ask(world, "TC", Role.AUDITOR, path).json()
    assert [one["text"] for one in reads] == ["Nhiều quá."]
