"""Sightings one by one: a device keeps a bounded number of samples."""

from quetsach.attribution.questions import SightingRole
from quetsach.findings.device_fold import MOST_SAMPLES
from quetsach.findings.row_groups import RowGroups
from tests.findings.rows import START_US, row


def test_the_earliest_samples_are_kept() -> None:
    groups = RowGroups()
    for number in range(200, 0, -1):
        groups.add(row(f"{number:x}", when_us=START_US + number))
    (device,) = groups.in_role(SightingRole.CLIENT)
    (found,) = device.findings
    assert len(found.tally.samples) <= 4 * MOST_SAMPLES
    numbers = [number for _, _, number in sorted(found.tally.samples)[:MOST_SAMPLES]]
    assert numbers == list(range(1, MOST_SAMPLES + 1))
    assert groups.nobody() is None
    assert not list(groups.residue())
