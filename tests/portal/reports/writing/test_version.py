"""A version is kept whole, with its digest and that of the version before."""

from quetsach.api.reports import digest_of, read_version
from quetsach_portal.campaigns.models.campaign import (
    ExpectedReportState,
)
from quetsach_portal.lifecycle.recount import recount
from quetsach_portal.reports.models.report import (
    ReportDraft,
)
from tests.portal.reports.acting import (
    counter,
    numbers,
    slot_of,
    submitted,
    total,
)
from tests.portal.world import World


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
