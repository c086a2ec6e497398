"""Which sightings leave: by marking, by proof, by time; every row is counted."""

import errno
import os
from pathlib import Path

import pytest

from quetsach.api.exporting import EXPORTS, export_named
from quetsach.errors.exceptions import QuetsachError
from quetsach.exports.contract import Export, Sighting
from quetsach.exports.rows import ALL_COLUMNS, SHARED, ExportCounts, sightings_for
from quetsach.indicators.restriction import Audience
from quetsach.schema import SIGHTING
from tests.exports.findings_made import machine_words, made


def taken(
    folder: Path, form: Export, audience: Audience, columns: tuple[str, ...] = SHARED
) -> tuple[list[Sighting], ExportCounts]:
    counts = ExportCounts()
    return [*sightings_for(folder, form, audience, columns, counts)], counts


@pytest.mark.parametrize(
    ("audience", "names"),
    [
        (Audience.OWNER, {"bad.example", "red.example", "192.0.2.77:443"}),
        (Audience.ORGANISATION, {"bad.example", "192.0.2.77:443"}),
        (Audience.CLIENTS, {"bad.example", "192.0.2.77:443"}),
        (Audience.COMMUNITY, {"bad.example"}),
        (Audience.PUBLIC, set()),
    ],
)
def test_the_marking_decides_who_gets_a_row(
    audience: Audience, names: set[str], tmp_path: Path
) -> None:
    rows, counts = taken(made(tmp_path), export_named("ndjson"), audience)
    assert {row["threat.indicator.name"] for row in rows} == names
    assert counts.written + counts.withheld == 5
    assert counts.written == len(rows)


def test_what_proves_no_contact_or_has_no_time_is_left_out_and_counted(tmp_path: Path) -> None:
    folder = made(tmp_path)
    _rows, counts = taken(folder, export_named("stix-sighting"), Audience.OWNER)
    assert (counts.written, counts.no_contact, counts.without_time) == (4, 1, 0)
    _rows, counts = taken(folder, export_named("timesketch"), Audience.OWNER)
    assert (counts.written, counts.no_contact, counts.without_time) == (4, 0, 1)


def test_without_machines_no_row_holds_a_word_of_ours(tmp_path: Path) -> None:
    folder = made(tmp_path)
    rows, _counts = taken(folder, export_named("ndjson"), Audience.OWNER)
    text = repr(rows)
    assert len(rows) == 5
    for word in machine_words(tmp_path):
        assert word not in text
    whole, _counts = taken(folder, export_named("ndjson"), Audience.OWNER, ALL_COLUMNS)
    assert all(word in repr(whole) for word in machine_words(tmp_path))


def test_the_shared_columns_are_an_allow_list_of_the_schema() -> None:
    assert set(SHARED) < set(SIGHTING.names)
    forbidden = ("source.", "host.", "quetsach.device", "log.", "event.original", "event.hash")
    assert not [name for name in SHARED if name.startswith(forbidden)]


def test_a_damaged_table_is_an_error_with_a_code(tmp_path: Path) -> None:
    folder = made(tmp_path)
    table = folder / "sightings.parquet"
    table.write_bytes(table.read_bytes()[:-20])
    with pytest.raises(QuetsachError, match="E305"):
        taken(folder, EXPORTS[0], Audience.OWNER)


@pytest.mark.parametrize(("number", "code"), [(errno.EIO, "E104"), (errno.ENOMEM, "E612")])
def test_a_disk_that_fails_is_no_damaged_table(
    number: int, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made(tmp_path)

    def failing(*_arguments: object, **_options: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("pyarrow.parquet.ParquetFile.iter_batches", failing)
    with pytest.raises(QuetsachError, match=code):
        taken(folder, EXPORTS[0], Audience.OWNER)
