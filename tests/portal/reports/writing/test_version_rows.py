"""The rows of a version: all figures and inputs, written once."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from quetsach.api.reports import digest_of, read_version
from quetsach_portal.campaigns.models.campaign import (
    ExpectedReportState,
)
from quetsach_portal.lifecycle.recount import recount
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.models.report import (
    ReportDraft,
)
from quetsach_portal.reports.pages.pages import check_page
from quetsach_portal.reports.writing import submitting
from tests.portal.reports.acting import (
    LATER,
    accepted,
    counter,
    numbers,
    slot_of,
    submitted,
    total,
    written,
)
from tests.portal.world import World


def queries_of_submitting(world: World) -> list[str]:
    """Return the statements by which TC01 hands in a report with one of a unit below."""
    accepted(world, "TC01A")
    slot = written(world, "TC01", numbers(people="2"))
    looked_at = check_page(slot, slot.draft).token
    author = world.user("TC01", Role.FOCAL_POINT)
    with CaptureQueriesContext(connection) as captured:
        version = submitting.submit(slot, checked_with=looked_at, actor=author, gap=LATER)
    assert total(version) == 7
    return [query["sql"] for query in captured]


def test_report_handed_in_is_kept_whole_and_moves_the_counters(world: World) -> None:
    version = submitted(world, "TC01A", numbers(people="1.234"))
    said = read_version(version.payload.encode())
    assert digest_of(said) == version.sha256
    assert (said.number, said.previous, total(version)) == (1, None, 1234)
    slot = slot_of(world, "TC01A")
    assert (slot.state, slot.is_on_time) == (ExpectedReportState.SUBMITTED, True)
    assert [counter(world, code).reported for code in ("TC", "TC01", "TC01A")] == [1, 1, 1]
    assert not ReportDraft.objects.exists()
    assert recount(world.campaign) == []
