"""Sightings kept on disk come back in the order of the evidence, in batches and in groups."""

from pathlib import Path

import pyarrow as pa
import pytest

from quetsach.schema import SIGHTING
from quetsach.sweeping import spools
from quetsach.sweeping.spools import batches, first_few, in_groups

OFFSET = SIGHTING.get_field_index("log.offset")


def spooled(path: Path, *parts: list[dict[str, object]]) -> Path:
    """Write rows of SIGHTING to a spool, one batch each of `parts`."""
    with pa.ipc.new_stream(path, SIGHTING) as stream:
        for rows in parts:
            stream.write_table(pa.Table.from_pylist(rows, SIGHTING).combine_chunks())
    return path


def _kept(tmp_path: Path) -> list[tuple[int, Path]]:
    rows = [{"log.offset": place} for place in range(6)]
    return [
        (4, spooled(tmp_path / "a", rows[:2], [], rows[2:3])),
        (7, spooled(tmp_path / "b", rows[3:])),
    ]


def _offsets(numbered: list[spools.NumberedBatch]) -> list[tuple[int, list[int]]]:
    return [(number, batch.column("log.offset").to_pylist()) for number, batch, _ in numbered]


def test_only_the_columns_that_are_named_are_read(tmp_path: Path) -> None:
    found = list(batches(_kept(tmp_path), [OFFSET]))
    assert _offsets(found) == [(4, [0, 1]), (4, [2]), (7, [3, 4, 5])]
    assert {tuple(batch.schema.names) for _, batch, _ in found} == {("log.offset",)}


def test_it_is_told_whether_the_first_are_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert first_few(batches(_kept(tmp_path)))[1]
    monkeypatch.setattr(spools, "FEW", 2)
    numbered = batches(_kept(tmp_path))
    first, are_few = first_few(numbered)
    assert (len(first), are_few) == (2, False)
    assert _offsets(list(numbered)) == [(7, [3, 4, 5])]


def test_groups_are_of_so_many_rows_at_least(tmp_path: Path) -> None:
    groups = in_groups(batches(_kept(tmp_path)), 3)
    assert [sum(batch.num_rows for _, batch, _ in one) for one in groups] == [3, 3]
    assert [len(one) for one in in_groups(batches(_kept(tmp_path)), 4)] == [3]
