"""Port blocks: headings in both languages, dates in doubt, rows that cannot be."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from quetsach.formats.contract import ParsedLines
from quetsach.formats.port_blocks import PortBlockColumn, PortBlocks, columns_of, is_vietnamese

BLOCKS = PortBlocks()
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
ENGLISH = "inside ip,public ip,first port,last port,from,to\n"
VIETNAMESE = "IP nội bộ,IP công cộng,Từ cổng,Đến cổng,Từ ngày,Đến ngày\n"


def rows_of(text: str) -> ParsedLines:
    raw = text.encode()
    lines = list(enumerate(raw.split(b"\n")))
    return BLOCKS.parse(lines, BLOCKS.layout(raw), HANOI)


@pytest.mark.parametrize(
    ("head", "cell", "start"),
    [
        (VIETNAMESE, "03/04/2026 08:00", 1_775_178_000_000_000),
        (VIETNAMESE, "3/4/2026", 1_775_149_200_000_000),
        (ENGLISH, "03/04/2026 08:00", None),
        (ENGLISH, "23/04/2026 08:00:00", 1_776_906_000_000_000),
        (ENGLISH, "2026-04-03T08:00:00+07:00", 1_775_178_000_000_000),
        (ENGLISH, "1775178000", 1_775_178_000_000_000),
        (ENGLISH, "soon", None),
        (VIETNAMESE, "31/02/2026", None),
    ],
)
def test_date_in_doubt_is_a_reject_and_never_guessed(
    head: str, cell: str, start: int | None
) -> None:
    rows = rows_of(f"{head}10.20.3.41,198.51.100.5,1024,2047,{cell},\n")
    if start is None:
        assert [one.reason for one in rows.rejects] == ["bad-time"]
    else:
        assert rows.events[0][1]["event.start"] == start


def test_last_day_is_included() -> None:
    rows = rows_of(f"{ENGLISH}10.20.3.41,198.51.100.5,1024,2047,2026-04-01,2026-04-03\n")
    event: dict[str, Any] = dict(rows.events[0][1])
    assert event["event.end"] - event["event.start"] == 3 * 86_400 * 1_000_000


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("10.20.3.41,198.51.100.5,2047,1024,,", "bad-ports"),
        ("10.20.3.41,198.51.100.5,1024,70000,,", "bad-ports"),
        ("10.20.3.41,198.51.100.5,,,,", "bad-ports"),
        ("10.20.3.410,198.51.100.5,1024,2047,,", "bad-address"),
        ("10.20.3.41", "bad-address"),
    ],
)
def test_row_that_cannot_be_is_a_reject(row: str, reason: str) -> None:
    assert [one.reason for one in rows_of(ENGLISH + row + "\n").rejects] == [reason]


@pytest.mark.parametrize(
    "head",
    [
        b"inside ip,public ip,first port\n",
        b"inside ip,inside ip,public ip,first port,last port\n",
        b"from,to\n",
        b"from: a@unit.example\nto: b@unit.example\n",
    ],
)
def test_other_tables_are_not_recognised(head: bytes) -> None:
    assert not BLOCKS.recognise(head)


def test_a_table_of_rules_is_known_and_none_of_its_rows_is_a_block() -> None:
    text = (
        "inside network,public network,first port,ports per host\n"
        "100.64.0.0/26,198.51.100.0/30,1024,1008\n"
    )
    layout = BLOCKS.layout(text.encode())
    rows = rows_of(text)
    assert (rows.events, rows.rejects, len(rows.skipped)) == ([], [], 3)
    # It answers by --nat, as arithmetic; as a log it translates nothing and has no date.
    assert (layout.translates, layout.needs_date) == (False, False)


def test_headings_are_known_whatever_their_case_marks_and_unicode_form() -> None:
    found = columns_of(
        "\u0110i\u0323a chi\u0309 no\u0323\u0302i bo\u0323\u0302;PUBLIC_IP;First-Port;?"
    )
    assert found == (
        ";",
        (
            PortBlockColumn.INSIDE,
            PortBlockColumn.PUBLIC,
            PortBlockColumn.FIRST,
            PortBlockColumn.OTHER,
        ),
    )
    assert is_vietnamese("Từ cổng")
    assert not is_vietnamese("first port")
    assert columns_of("x" * 100_000) is None
