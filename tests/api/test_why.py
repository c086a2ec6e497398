"""Why: the raw line is read anew from the evidence, and only if the evidence is unchanged."""

import bz2
import gzip
import io
import json
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from quetsach.api import why as why_module
from quetsach.api.why import SightingBasis, why
from quetsach.errors.exceptions import QuetsachError
from quetsach.evidence.lines import PIECE_BYTES
from quetsach.findings.folder import digests_of, read_folder
from tests.captures.flow_building import FIELDS, data, flow, packet_9, template
from tests.sweeping.evidence import HEADER, conn, swept, write

HIT = conn(1, "10.0.0.5", "203.0.113.77")
TEXT = (
    HEADER + conn(0, "10.0.0.6", "198.51.100.1") * 3_000 + HIT + conn(2, "10.0.0.7", "::1")
).encode()


def _because(tmp_path: Path, log: Path) -> SightingBasis:
    blamed = read_folder(tmp_path / "findings").devices
    # A line of unknown form names no device; it is to be looked at.
    look = [{"samples": [one["sighting"]]} for one in blamed["lines_to_look_at"]["listed"]]
    (group,) = blamed["devices"] or look
    return why(tmp_path / "findings", group["samples"][0])


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_the_line_is_found_again_in_plain_and_packed_evidence(
    pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    log = write(tmp_path / "conn.log", pack(TEXT))
    swept(tmp_path, log)
    because = _because(tmp_path, log)
    assert (because.evidence_state, because.raw_line) == ("same", HIT.rstrip("\n"))
    assert because.list_row["name"] == "list.txt"
    assert because.list_row["row"] == 1
    assert because.device is not None
    assert because.device["device"] == "10.0.0.5"


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_line_that_was_rendered_is_rendered_anew(
    pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    rows = [
        {
            "@timestamp": "2026-09-01T01:15:22.000Z",
            "source": {"ip": f"10.0.0.{last}"},
            "destination": {"ip": "203.0.113.77" if last == 5 else "198.51.100.1", "port": 443},
        }
        for last in range(4, 7)
    ]
    content = pack(
        json.dumps({"hits": {"hits": [{"_source": row} for row in rows]}}, indent=1).encode()
    )
    log = write(tmp_path / "export.json", content)
    swept(tmp_path, log)
    because = _because(tmp_path, log)
    assert because.evidence_state == "same"
    assert because.raw_line is not None
    assert json.loads(because.raw_line) == rows[1]
    (source,) = read_folder(tmp_path / "findings").coverage["sources"]
    assert (source["codec"], source["format"], source["lines"]) == ("json", "ecs-json", 3)
    assert source["bytes"] == len(content)
    log.write_bytes(pack(b"[]"))
    assert _because(tmp_path, log).evidence_state == "changed"


@pytest.mark.parametrize("packed", [False, True])
def test_a_flow_is_rendered_anew_by_the_template_beside_it(packed: bool, tmp_path: Path) -> None:
    files = {
        "a.dat": packet_9(data(256, flow())),
        "b.dat": packet_9(template(256, FIELDS)),
        "c.log": b"10.0.0.5 198.51.100.1\n",
    }
    if packed:
        evidence = tmp_path / "flows.zip"
        with zipfile.ZipFile(evidence, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
    else:
        evidence = tmp_path / "flows"
        evidence.mkdir()
        for name, content in files.items():
            (evidence / name).write_bytes(content)
    swept(tmp_path, evidence)
    because = _because(tmp_path, evidence)
    assert because.evidence_state == "same"
    assert because.raw_line is not None
    assert json.loads(because.raw_line)["destination.ip"] == "203.0.113.77"
    assert because.device is not None
    assert because.device["device"] == "10.20.3.41"


def test_evidence_of_many_pieces_is_known_again(tmp_path: Path) -> None:
    remark = b"#" + b"x" * (1 << 20) + b"\n"
    log = write(tmp_path / "conn.log", TEXT + remark * (PIECE_BYTES // len(remark) + 2))
    assert log.stat().st_size > PIECE_BYTES
    swept(tmp_path, log)
    assert _because(tmp_path, log).raw_line == HIT.rstrip("\n")


@pytest.mark.parametrize(
    ("change", "state"),
    [
        (lambda log: log.write_bytes(TEXT + b"x"), "changed"),
        (lambda log: log.write_bytes(TEXT.replace(b"10.0.0.5", b"10.0.0.9")), "changed"),
        (lambda log: log.write_bytes(b""), "changed"),
        (lambda log: log.unlink(), "missing"),
    ],
)
def test_changed_evidence_is_never_shown_as_the_raw_line(
    change: Callable[[Path], object], state: str, tmp_path: Path
) -> None:
    log = write(tmp_path / "conn.log", TEXT)
    swept(tmp_path, log)
    change(log)
    because = _because(tmp_path, log)
    assert (because.evidence_state, because.raw_line) == (state, None)
    assert because.sighting["event.original"] == HIT.rstrip("\n")


@pytest.mark.parametrize("sign", ["\r", "\u2028"])
def test_the_line_is_found_again_where_other_signs_end_lines(sign: str, tmp_path: Path) -> None:
    lines = TEXT.decode().replace("\n", sign)
    log = write(tmp_path / "conn.log", lines)
    summary = swept(tmp_path, log)
    assert (summary["unread"], summary["rejects"]) == ([], 0)
    assert _because(tmp_path, log).raw_line == HIT.rstrip("\n") + "\r\r" * (sign == "\u2028")


def test_an_endless_line_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(why_module, "MOST_LINE", 100)
    line = "10.0.0.5 went to 203.0.113.77 " + "x" * 5_000 + "\n"
    log = write(tmp_path / "a.log", line)
    swept(tmp_path, log)
    assert _because(tmp_path, log).raw_line == line[:100]


def test_the_line_is_found_again_in_an_archive(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("fw1/conn.log", TEXT)
    log = write(tmp_path / "logs.zip", out.getvalue())
    assert swept(tmp_path, log)["unread"] == []
    because = _because(tmp_path, log)
    assert because.sighting["log.file.path"] == f"{log}!fw1/conn.log"
    assert (because.evidence_state, because.raw_line) == ("same", HIT.rstrip("\n"))
    log.write_bytes(out.getvalue()[:-40])
    assert _because(tmp_path, log).evidence_state in ("missing", "unreadable")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("quetsach.device.steps", "{"),
        ("quetsach.device.steps", "[{}]"),
        (
            "quetsach.device.steps",
            '[{"kind":"lease","before":"a","after":"b","grade":"likely","start":1'
            + "0" * 18
            + "}]",
        ),
        ("quetsach.device.lack", "no such word"),
        ("log.offset", -5),
        ("log.file.path", None),
    ],
)
def test_findings_that_somebody_made_up_are_refused(
    column: str, value: str | int | None, tmp_path: Path
) -> None:
    swept(tmp_path, write(tmp_path / "conn.log", TEXT))
    folder = tmp_path / "findings"
    (device,) = read_folder(folder).devices["devices"]
    table = pq.read_table(folder / "sightings.parquet")
    place = table.schema.get_field_index(column)
    field = table.schema.field(place)
    made_up = pa.array([value] * table.num_rows, field.type)
    pq.write_table(table.set_column(place, field, made_up), folder / "sightings.parquet")
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["files"] = digests_of(folder)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(QuetsachError) as caught:
        why(folder, device["samples"][0])
    assert caught.value.problem.code == "E305"
