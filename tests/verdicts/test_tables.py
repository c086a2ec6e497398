"""Tables of handlings and scans: headings of both languages, bare dates, rows that say nothing."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.errors.exceptions import QuetsachError
from quetsach.verdicts.model import HandlingRecord, SideSignal, Signal
from quetsach.verdicts.tables import read_handlings, read_words

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
END_US = 1_662_483_599_999_999
"""The last moment of 2022-09-06 at +07:00."""


@pytest.mark.parametrize(
    "text",
    [
        "device,time,what,by\npc-1,2022-09-06,new system,IT\n",
        "Tên máy;Ngày xử lý;Nội dung;Bộ phận\r\npc-1;06/09/2022;new system;IT\r\n",
        "\ufeffSTT\tBY\tWhat\tTIME\tDevice\n1\tIT\tnew system\t6/9/2022\tpc-1\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_bare_date_is_the_end_of_its_day(text: str, encoding: str) -> None:
    told = read_handlings(text.encode(encoding), "t.csv", ZONE)
    assert told.rows == ((2, "pc-1", HandlingRecord(END_US, "2022-09-06", "new system", "IT")),)
    assert told.problems == ()


def test_a_time_is_meant_in_the_zone_of_the_campaign() -> None:
    raw = b"device,time\npc-1,2022-09-06 14:30\npc-1,2022-09-06T14:30:00Z\n"
    times = [one[2].when_us for one in read_handlings(raw, "t.csv", ZONE).rows]
    assert times[1] - times[0] == 7 * 3600 * 1_000_000


@pytest.mark.parametrize(
    ("result", "signal", "expected"),
    [
        ("Sạch", "", (Signal.SCAN, True)),
        ("clean", "collection", (Signal.COLLECTION, True)),
        ("NHIỄM", "quét", (Signal.SCAN, False)),
        ("không phát hiện", "người dùng", (Signal.DECLARED, True)),
    ],
)
def test_results_are_read_in_both_languages(
    result: str, signal: str, expected: tuple[Signal, bool]
) -> None:
    raw = f"device,time,result,signal\npc-1,2022-09-06,{result},{signal}\n".encode()
    ((_row, _device, word),) = read_words(raw, "t.csv", ZONE).rows
    assert isinstance(word, SideSignal)
    assert (word.signal, word.clean) == expected


def test_a_result_nobody_understands_is_no_clean_one() -> None:
    raw = b"device,time,result\npc-1,2022-09-06,maybe\npc-1,2022-09-06,\npc-1,2022-09-06\n"
    told = read_words(raw, "t.csv", ZONE)
    assert told.rows == ()
    assert [one.facts["row"] for one in told.problems] == [2, 3, 4]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n",
        b"name,when\n",
        b"PK\x03\x04",
        b"device\npc-1\n",
        b'device,time\n"' + b"x" * 200_000,
    ],
)
def test_a_table_without_its_columns_is_refused(raw: bytes) -> None:
    with pytest.raises(QuetsachError, match="E310"):
        read_handlings(raw, "t.csv", ZONE)


@given(st.text(max_size=60), st.text(max_size=60))
def test_every_row_is_taken_or_named(device: str, time: str) -> None:
    cells = [one.replace('"', "").replace("\0", "") for one in (device, time)]
    raw = ("device,time\n" + ",".join(f'"{one}"' for one in cells) + "\n").encode(errors="replace")
    told = read_handlings(raw, "t.csv", ZONE)
    blank = not any(one.strip() for one in cells)
    assert len(told.rows) + len(told.problems) == (0 if blank else 1)
