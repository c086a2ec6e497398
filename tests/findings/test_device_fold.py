"""A device as the findings folder tells it."""

import pytest

from quetsach.findings.device_fold import SightingCounts, without_person
from quetsach.scanning.grades import SightingGrade


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (r"C:\Users\An\AppData\x.exe", r"C:\Users\...\AppData\x.exe"),
        ("/home/an/bin/x", "/home/.../bin/x"),
        (r"C:\Windows\x.exe", r"C:\Windows\x.exe"),
    ],
)
def test_a_program_is_shown_without_the_account_it_lies_in(path: str, shown: str) -> None:
    assert without_person(path) == shown


def test_counts_are_added() -> None:
    counts = SightingCounts()
    counts.add(SightingCounts(2, 1, 5, 9, SightingGrade.MOVED, [(-5, 5, 1)]))
    counts.add(SightingCounts(1, 0, None, None, SightingGrade.ASKED, [(-1, 0, 2)]))
    counts.add(SightingCounts(1, 0, 3, 3, SightingGrade.ASKED, [(-1, 3, 3)]))
    assert (counts.sightings, counts.connections, counts.first_us, counts.last_us) == (4, 1, 3, 9)
    assert counts.best is SightingGrade.MOVED
    assert len(counts.samples) == 3
