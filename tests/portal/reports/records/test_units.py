"""What units, people and cases answer: each organisation and each machine once."""

from quetsach.api.reports import (
    Aggregation,
    estimate,
    shipped_form,
)
from quetsach_portal.reports.records.answers import fill
from tests.portal.cases.rows import make_joined
from tests.portal.reports.acting import slot_of
from tests.portal.reports.generated import fill_at_random
from tests.portal.world import World

ALL = shipped_form("phu-luc-mo-rong")


def test_a_unit_that_nobody_looked_at_gets_no_zero(world: World) -> None:
    found = fill(slot_of(world, "TC02"), ALL)
    assert "machines_suspected" not in found
    assert "machines_connected" not in found
    assert "alerts" not in found
    assert found["organisations_informed"].value.number == 0


def test_a_machine_of_two_cases_joined_into_one_counts_once(world: World) -> None:
    make_joined(world, "TC01")
    found = fill(slot_of(world, "TC01"), ALL)
    assert found["machines_suspected"].value.number == 1
    assert estimate(found["machines_suspected"].sketch or b"").number == 1


def test_units_that_received_count_once_however_many_tell_of_them(world: World) -> None:
    fill_at_random(world, 1)
    form = shipped_form("phu-luc-2022")
    row = form.entry("organisations_informed")
    assert row is not None
    assert row.aggregation is Aggregation.DISTINCT_ORGANISATIONS
    above, below = (
        fill(slot_of(world, code), form)["organisations_informed"] for code in ("TC", "TC01")
    )
    assert below.organisations <= above.organisations
