"""Windows event logs: a line a record, and what is lost is counted."""

import io
import json
import random
import struct
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from quetsach.captures.contract import CaptureDamaged, CaptureSource, LineSink, UnreadReason
from quetsach.captures.evtx import CHUNK_BYTES, HEADER_BYTES, EvtxFiles
from quetsach.captures.registry import decoder_of
from tests.captures.evtx_files import CHUNK, chunk_of, event, file_of
from tests.sweeping.evidence import swept

DECODER = EvtxFiles()
SYSMON = "Microsoft-Windows-Sysmon"
CONTACT = {
    "Image": "C:\\Tài liệu\\a.exe",
    "Initiated": "true",
    "SourceIp": "10.20.3.41",
    "DestinationIp": "203.0.113.77",
}
EVENTS = [
    event(3, SYSMON, f"{SYSMON}/Operational", CONTACT),
    event(22, SYSMON, f"{SYSMON}/Operational", {"QueryName": "bad.example", "QueryResults": "-"}),
]
WHOLE = file_of(chunk_of(EVENTS), chunk_of(EVENTS, 3))


def decoded(content: bytes, tmp_path: Path) -> tuple[list[Any], dict[UnreadReason, int]]:
    path = tmp_path / "a.evtx"
    path.write_bytes(content)
    sink = LineSink(io.BytesIO(), 1 << 20)
    DECODER.decode(CaptureSource(path, "a.evtx"), sink)
    lines = sink.out.getvalue().splitlines()  # type: ignore[attr-defined]  # a BytesIO
    assert len(lines) == sink.lines
    return [json.loads(line) for line in lines], sink.unread


def test_each_record_is_one_line_and_room_made_ahead_is_nothing(tmp_path: Path) -> None:
    content = file_of(chunk_of(EVENTS), bytes(CHUNK), chunk_of(EVENTS, 3), bytes(CHUNK))
    records, unread = decoded(content, tmp_path)
    assert [one["Event"]["System"]["EventID"] for one in records] == ["3", "22", "3", "22"]
    assert records[0]["Event"]["EventData"] == CONTACT
    assert unread == {}


def test_a_log_without_events_is_no_damage(tmp_path: Path) -> None:
    empty = b"ElfChnk\x00" + struct.pack("<QQ", 1, 0)
    assert decoded(file_of(empty.ljust(CHUNK, b"\x00")), tmp_path) == ([], {})


@pytest.mark.parametrize(
    ("content", "records", "unread"),
    [
        # A block whose beginning is gone; the second is read all the same.
        (file_of(b"x" * CHUNK, chunk_of(EVENTS)), 2, {UnreadReason.DAMAGED: 1}),
        (WHOLE[: HEADER_BYTES + CHUNK_BYTES + 700], 2, {UnreadReason.CUT: 2}),
        (WHOLE[: HEADER_BYTES + CHUNK_BYTES + 12], 2, {UnreadReason.CUT: 1}),
        # It says that it holds more than it has room for.
        (
            file_of(b"ElfChnk\x00" + struct.pack("<QQ", 1, 2**60) + bytes(CHUNK - 24)),
            0,
            {UnreadReason.DAMAGED: 1},
        ),
        # Without the head of the file, as found in a memory image.
        (WHOLE[HEADER_BYTES:], 4, {}),
    ],
)
def test_what_is_lost_is_counted(
    content: bytes, records: int, unread: dict[UnreadReason, int], tmp_path: Path
) -> None:
    lines, missed = decoded(content, tmp_path)
    assert (len(lines), missed) == (records, unread)


def test_a_file_that_ends_in_its_head_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaptureDamaged):
        decoded(WHOLE[:100], tmp_path)


def test_only_its_magic_makes_it_one() -> None:
    assert isinstance(decoder_of(WHOLE[:4096], "x.bin"), EvtxFiles)
    assert not DECODER.recognise(b"ElfFile", "Security.evtx")


def test_no_damage_raises_or_goes_uncounted(tmp_path: Path) -> None:
    chance = random.Random(15)
    for _ in range(40):
        content = bytearray(WHOLE)
        for _ in range(chance.randint(1, 30)):
            place = HEADER_BYTES + chance.randrange(512, 2500) + chance.choice((0, CHUNK_BYTES))
            content[place] = chance.randrange(256)
        lines, unread = decoded(bytes(content), tmp_path)
        assert len(lines) + sum(unread.values()) == 4


def test_a_sweep_reads_it_in_the_sandbox_and_names_the_machine(tmp_path: Path) -> None:
    log = tmp_path / "Sysmon.evtx"
    log.write_bytes(file_of(chunk_of(EVENTS), b"y" * CHUNK))
    summary = swept(tmp_path, log, listed="203.0.113.77\nbad.example\n")
    assert [one["device"] for one in summary["devices"]] == ["PC-VT-07"]
    assert [one["code"] for one in summary["unread"]] == ["E123"]
    rows = pq.read_table(tmp_path / "findings" / "sightings.parquet").to_pylist()
    assert {row["event.dataset"] for row in rows} == {"windows.sysmon"}
