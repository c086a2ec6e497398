"""The notices of the demo: about machines of ours, about nobody, and one without an address."""

import csv
import io

from quetsach.demo.notices import NO_ADDRESS, NOT_OURS, NOTICES, Sinkhole
from tests.demo.reading import Built


def test_the_file_has_a_row_for_each_that_the_truth_tells(built: Built) -> None:
    rows = list(csv.DictReader(io.StringIO((built.root / NOTICES).read_text(encoding="utf-8"))))
    truths = built.truth["notices"]
    assert [truth["row"] for truth in truths] == list(range(1, len(rows) + 1))
    for row, truth in zip(rows, truths, strict=True):
        assert bool(row["port"]) is truth["told_port"]
    assert [truth["kind"] for truth in truths[-2:]] == ["not-ours", "rejected"]
    assert [row["ip"] for row in rows[-2:]] == [NOT_OURS, NO_ADDRESS]
    assert {truth["told_port"] for truth in truths} == {True, False}


def test_a_sinkhole_that_saw_nothing_writes_no_row() -> None:
    raw, truths = Sinkhole().write()
    assert len(raw.decode().splitlines()) == 1
    assert truths == []
