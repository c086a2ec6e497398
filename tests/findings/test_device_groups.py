"""Devices come out of the groups strongest first, each with what it met."""

from quetsach.arrays import Numbers, np
from quetsach.attribution.model import Certainty
from quetsach.attribution.questions import MissingEvidence, SightingRole
from quetsach.findings.device_groups import DeviceGroups
from quetsach.findings.row_groups import SightingRow
from quetsach.scanning.grades import SightingGrade
from tests.findings.rows import START_US, RowsInColumns, row


def _groups(*batches: list[SightingRow]) -> DeviceGroups:
    groups, columns = DeviceGroups(), RowsInColumns()
    for rows in batches:
        batch = columns.batch(rows)
        groups.add(batch, _all(rows))
    return groups


def _all(rows: list[SightingRow]) -> Numbers:
    return np.arange(len(rows))


def test_devices_come_strongest_first_over_all_batches() -> None:
    groups = _groups(
        [row("1", device="often"), row("2", device="weak", grade=SightingGrade.ASKED)],
        [row("3", device="often"), row("4", device="strong", grade=SightingGrade.MOVED)],
        [],
    )
    found = list(groups.in_role(SightingRole.CLIENT))
    assert [one.naming.attribution.device for one in found] == ["strong", "often", "weak"]
    assert [one.tally.sightings for one in found] == [1, 2, 1]
    assert not list(groups.in_role(SightingRole.TARGET))


def test_the_surest_and_then_the_earliest_sighting_says_who_it_was() -> None:
    late = row("1", sure=Certainty.CERTAIN, when_us=START_US + 5)
    early = row("2", sure=Certainty.CERTAIN, when_us=START_US)
    weak = row("3", when_us=START_US - 9)
    for batches in ([late], [early], [weak]), ([weak, late], [early]), ([early, late, weak],):
        (device,) = _groups(*batches).in_role(SightingRole.CLIENT)
        assert device.naming.attribution is early.attribution


def test_what_has_no_device_is_told_whole_and_by_reason() -> None:
    lacks = [MissingEvidence.OUTSIDE, MissingEvidence.NO_ADDRESS, MissingEvidence.OUTSIDE]
    groups = _groups(
        [
            row(f"{number}", device="", role=SightingRole.NOBODY, lack=lack)
            for number, lack in enumerate(lacks)
        ]
    )
    nobody = groups.nobody()
    assert nobody is not None
    assert nobody.tally.sightings == 3
    assert [(lack, one.tally.sightings) for lack, one in groups.residue()] == [
        (MissingEvidence.NO_ADDRESS, 1),
        (MissingEvidence.OUTSIDE, 2),
    ]
    assert _groups([row("1")]).nobody() is None
