"""W3C extended logs: columns by the header, GMT by definition."""

from datetime import UTC
from zoneinfo import ZoneInfo

from quetsach.formats.contract import HEAD_BYTES
from quetsach.formats.elff import Elff
from tests.formats.golden import SAMPLES

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
SAMPLE = (SAMPLES / "elff" / "iis.log").read_bytes()


def test_a_header_in_the_middle_changes_the_columns() -> None:
    form = Elff()
    layout = form.layout(SAMPLE[:HEAD_BYTES])
    header = next(
        line for line in SAMPLE.split(b"\n") if line.startswith(b"#Fields: date time c-ip")
    )
    changed = form.relayout(header, layout)
    assert changed is not None
    assert changed.columns[:3] == ("date", "time", "c-ip")
    assert form.relayout(b"#Date: 2026-09-01", layout) is None


def test_times_are_gmt_whatever_the_zone_of_the_source() -> None:
    form = Elff()
    layout = form.layout(SAMPLE)
    assert layout.utc
    lines = list(enumerate(SAMPLE.split(b"\n")))
    assert form.parse(lines, layout, HANOI).events == form.parse(lines, layout, UTC).events


def test_columns_that_nothing_knows_are_not_ours() -> None:
    assert not Elff().recognise(b"#Fields: a b c\n1 2 3\n")
    assert not Elff().recognise(b"#Fields: date time c-ip cs-uri-stem\n")
    assert not Elff().recognise(b"#fields\tts\tuid\n1\t2\n")
