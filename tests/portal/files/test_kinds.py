"""Kinds and rules: each kind has a title and endings, each purpose a size and a time."""

from datetime import timedelta

import pytest

from quetsach_portal.files.kinds import RULES, FileKind
from tests.portal.files.samples import checked, code


def test_the_time_for_an_upload_grows_with_its_size_and_has_an_end() -> None:
    from quetsach_portal.files.kinds import EVIDENCE, GIB, MIB

    hours = [EVIDENCE.time_for(size) / timedelta(hours=1) for size in (0, 100 * MIB, GIB, 9 * GIB)]
    assert hours == sorted(hours)
    assert hours[0] == 1
    assert hours[2] > 8
    assert hours[3] == 48


@pytest.mark.parametrize(
    ("start", "kind", "name"),
    [
        (b"SQLite format 3\x00", FileKind.SQLITE, "pihole-FTL.db"),
        (b"SQLite format 3\x00", FileKind.SQLITE, "History"),
        (b"PAR1", FileKind.PARQUET, "luong.parquet"),
        (b"\x0c\xa5\x01\x00", FileKind.FLOWS, "nfcapd.202609010815"),
        (b"\x0c\xa5\x02\x00", FileKind.FLOWS, "nfcapd.202609010820"),
    ],
)
def test_binary_evidence_that_the_engine_reads_is_taken_as_evidence_alone(
    start: bytes, kind: FileKind, name: str
) -> None:
    from quetsach_portal.files.kinds import EVIDENCE, PROOF

    raw = start + bytes(range(256)) * 4
    assert checked(raw, name, "evidence").kind is kind
    assert kind in EVIDENCE.kinds
    assert code(raw, name, "proof") == "P103"
    assert kind not in PROOF.kinds


def test_every_kind_that_is_taken_has_a_title_and_endings() -> None:
    from quetsach_portal.files.kinds import ABOUT

    assert set(ABOUT) == set(FileKind)
    for rules in RULES.values():
        assert rules.titles()
        assert all(one.startswith(".") for one in rules.endings())
