"""The collector's first line names the machine and the time; a strange one names nothing."""

from dataclasses import replace

import pytest

from quetsach.formats.shared import collected

LINE = (
    b"# quetsach-collect 1 holds=netstat host=PC-VT-07 mac=0017a4b2c3d4 address=10.20.3.41"
    b" taken=2026-09-01T08:15:22+07:00"
)


@pytest.mark.parametrize("begin", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""])
def test_machine_and_time_are_read(begin: bytes, end: bytes) -> None:
    layout = collected.layout_of("host.netstat", begin + LINE + end)
    assert collected.begin(layout) == {
        "@timestamp": 1_788_225_322_000_000,
        "event.dataset": "host.netstat",
        "host.name": "PC-VT-07",
        "host.mac": "00-17-A4-B2-C3-D4",
        "source.ip": "10.20.3.41",
    }
    assert not layout.needs_date


@pytest.mark.parametrize(
    "head",
    [
        b"# quetsach-collect",
        b"# quetsach-collect 1 holds=netstat mac=- address=- taken=-",
        LINE.replace(b"2026", b"9999").replace(b"10.20.3.41", b"0.0.0.0").replace(b"0017", b""),
        LINE + b" x" * 1000,
        b"",
    ],
)
def test_what_it_does_not_say_is_absent(head: bytes) -> None:
    layout = collected.layout_of("host.netstat", head)
    event = collected.begin(layout)
    assert set(event) <= {"event.dataset", "host.name", "quetsach.host.end"}
    assert layout.needs_date


def test_the_date_of_the_file_is_rough_and_that_of_the_line_is_not() -> None:

    bare = collected.layout_of("host.netstat", b"TCP ...")
    event = collected.begin(replace(bare, taken_us=1_788_225_322_000_000))
    assert event["quetsach.time.rough"] is True
    told = collected.relayout(LINE, bare)
    assert told is not None
    assert "quetsach.time.rough" not in collected.begin(told)
    assert collected.begin(told, rough=True)["quetsach.time.rough"] is True


def test_a_second_collection_in_one_file_changes_the_machine() -> None:
    first = collected.layout_of("host.netstat", LINE)
    assert collected.relayout(LINE, first) is None
    second = collected.relayout(LINE.replace(b"PC-VT-07", b"PC-VT-08"), first)
    assert second is not None
    assert collected.machine_of(second).host == "PC-VT-08"
