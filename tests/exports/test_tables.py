"""Exports for tables and log stores, read back by what reads them."""

import csv
import io
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import quetsach
from quetsach.api.exporting import export_findings, export_named
from quetsach.exports import tables
from quetsach.exports.contract import ExportFacts
from tests.exports.findings_made import DNS, LIST, MACHINE, machine_words, made
from tests.sweeping.evidence import write


def exported(folder: Path, form: str, **more: Any) -> bytes:
    return b"".join(export_findings(folder, export_named(form), audience="owner", **more).pieces)


def test_json_lines_are_the_rows_of_the_findings(tmp_path: Path) -> None:
    folder = made(tmp_path)
    rows = [
        json.loads(line) for line in exported(folder, "ndjson", with_machines=True).splitlines()
    ]
    own = quetsach.read_findings(folder).sightings.to_pylist()
    assert len(rows) == len(own) == 5
    for row, sighting in zip(rows, own, strict=True):
        expected = {name: value for name, value in sighting.items() if value is not None}
        times = {name for name, value in expected.items() if isinstance(value, datetime)}
        assert {name: datetime.fromisoformat(row[name]) for name in times} == {
            name: expected[name] for name in times
        }
        assert {name: row[name] for name in row if name not in times} == {
            name: value for name, value in expected.items() if name not in times
        }


def test_csv_has_one_head_and_no_cell_that_a_spreadsheet_would_run(tmp_path: Path) -> None:
    text = exported(made(tmp_path), "csv", with_machines=True).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 5
    assert MACHINE in rows[0]["quetsach.device"]
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "@"))]


@pytest.mark.asvs("V1.2.10")
def test_csv_defuses_a_formula_of_a_log(tmp_path: Path) -> None:
    log = write(tmp_path / "dns.log", DNS.replace("x.example", "=cmd.example"))
    out = tmp_path / "out"
    quetsach.sweep(log, write(tmp_path / "list.csv", LIST), out=out)
    text = exported(out, "csv", with_machines=True).decode()
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [cell for cell in cells if cell.startswith("=")]


def test_parquet_keeps_types_and_units(tmp_path: Path) -> None:
    folder = made(tmp_path)
    table = pq.read_table(io.BytesIO(exported(folder, "parquet", with_machines=True)))
    assert table.equals(quetsach.read_findings(folder).sightings.select(table.schema.names))
    assert table.schema.field("source.port").metadata[b"doc"] == b"source port"


def test_parquet_of_nothing_is_an_empty_table(tmp_path: Path) -> None:
    folder = made(tmp_path)
    export = export_findings(folder, export_named("parquet"), audience="public")
    assert pq.read_table(io.BytesIO(b"".join(export.pieces))).num_rows == 0


def test_a_bulk_request_has_an_action_and_a_document_in_turn(tmp_path: Path) -> None:
    lines = exported(made(tmp_path), "ecs", with_machines=True).splitlines()
    pairs = [*zip(map(json.loads, lines[::2]), map(json.loads, lines[1::2]), strict=True)]
    assert len(pairs) == 5
    assert all([*action] == ["create"] for action, _document in pairs)
    assert len({action["create"]["_id"] for action, _document in pairs}) == 5
    first = next(one for _action, one in pairs if one["quetsach"]["grade"] == "answered")
    assert first["dns"]["answers"] == [{"data": "192.0.2.9"}, {"data": "x.example"}]
    assert first["dns"]["resolved_ip"] == ["192.0.2.9"]
    assert first["threat"]["indicator"]["type"] == "domain-name"
    assert first["quetsach"]["device"]["name"].startswith(MACHINE)
    assert first["event"]["kind"] == "alert"
    assert isinstance(first["event"]["type"], list)
    assert not [name for _action, one in pairs for name in one if "." in name]


def test_a_timeline_has_what_timesketch_asks_of_each_line(tmp_path: Path) -> None:
    rows = [json.loads(line) for line in exported(made(tmp_path), "timesketch").splitlines()]
    assert len(rows) == 4
    for row in rows:
        assert datetime.fromisoformat(row["datetime"]).tzinfo is not None
        assert row["message"]
        assert row["timestamp_desc"]
        assert "timestamp" not in row


CEF = re.compile(r"CEF:0((?:\|(?:[^|\\]|\\.)*){5})\|(\d+)\|(.*)")
PAIR = re.compile(r"(?:^| )([A-Za-z0-9]+)=((?:[^=\\]|\\.)*)(?= [A-Za-z0-9]+=|$)")


def test_a_line_of_cef_is_read_back_with_what_it_escapes(tmp_path: Path) -> None:
    lines = exported(made(tmp_path), "cef", source="Sở |=\\ A\nB").decode().splitlines()
    assert len(lines) == 5
    read = [CEF.fullmatch(line) for line in lines]
    assert all(read)
    values = [
        {key: re.sub(r"\\(.)", r"\1", value) for key, value in PAIR.findall(found[3])}
        for found in read
        if found
    ]
    tesla = next(one for one in values if one["cs1"] == "192.0.2.77:443")
    assert tesla["cs2"] == "Agent, Tesla|x=1"
    assert {one["dvchost"] for one in values} == {"Sở |=\\ AnB"}


def test_no_form_names_a_machine_unless_it_is_told_to(tmp_path: Path) -> None:
    folder = made(tmp_path)
    for form in ("ndjson", "csv", "ecs", "timesketch", "cef", "stix-sighting", "misp"):
        text = exported(folder, form).decode()
        assert "bad.example" in text
        for word in machine_words(tmp_path):
            assert word not in text, (form, word)
    content = exported(folder, "parquet")
    assert not [word for word in machine_words(tmp_path) if word.encode() in content]


def test_parquet_has_few_groups_and_every_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(tables, "TABLES_A_GROUP", 3)
    facts = ExportFacts("0" * 64, "here", 0, "1", ("quetsach.sighting.id",))
    for count in (0, 5, 6, 7, 13):
        rows = [{"quetsach.sighting.id": f"{number:016x}"} for number in range(count)]
        text = b"".join(export_named("parquet").write(rows, facts))
        file = pq.ParquetFile(io.BytesIO(text))
        assert file.read().to_pylist() == rows
        assert file.num_row_groups == -(-count // 6)
