"""A Zeek table in columns: the events that its lines give one by one."""

import random
from datetime import UTC
from pathlib import Path

import pyarrow as pa
import pytest

from quetsach.formats.contract import Line
from quetsach.formats.zeek_tsv import ZeekTsv
from tests.formats.golden import SAMPLES
from tests.scanning.generated import generated

TABLE = ZeekTsv()
LOGS = sorted((SAMPLES / "zeek-tsv").glob("*.log"))


@pytest.mark.parametrize("log", LOGS, ids=lambda log: log.stem)
def test_the_events_are_those_of_the_lines(log: Path) -> None:
    rng = random.Random(str(log))
    for content in (log.read_bytes(), generated(log, rng, 40)):
        layout = TABLE.layout(content)
        lines: list[Line] = list(enumerate(content.split(b"\n")))
        columns = TABLE.parse_columns(lines, layout, UTC)
        if columns is None:
            continue
        every = pa.array(range(len(columns.lines)), pa.int32())
        events = dict(TABLE.parse(columns.lines, layout, UTC).events)
        taken = columns.events(every, columns.fields)
        assert taken == [events[offset] for offset, _ in columns.lines]


def test_leases_and_odd_layouts_are_left_to_the_lines() -> None:
    content = (SAMPLES / "zeek-tsv" / "dhcp.log").read_bytes()
    lines = list(enumerate(content.split(b"\n")))
    assert TABLE.parse_columns(lines, TABLE.layout(content), UTC) is None
    twice = b"#fields\tts\tid.orig_h\tsrc\n1662700000.000000\t192.0.2.1\t192.0.2.2\n"
    assert TABLE.parse_columns([(0, twice.split(b"\n")[1])], TABLE.layout(twice), UTC) is None
