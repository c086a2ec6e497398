"""Lines of unknown form: times only without doubt, and no machine, whatever addresses they hold."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.formats.registry import by_name, recognise
from quetsach.formats.shared import text_lines

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
WHEN = 1_788_225_322_000_000


@pytest.mark.parametrize(
    "line",
    [
        "2026-09-01T08:15:22+07:00 x",
        "x 2026-09-01 08:15:22 +0700",
        "2026-09-01 08:15:22,000",
        "2026-09-01 01:15:22 UTC",
        "2026-09-01 01:15:22.000 GMT x",
        "x 2026-09-01 01:15:22 Z",
        "2026-09-01T01:15:22UTC",
        "2026-09-01 08:15:22 UTC+7",
        "2026-09-01 01:15:22 +0000 UTC x",
        "2026/09/01 01:15:22 UTC [error]",
        "2026/09/01 01:15:22Z",
        "2026/09/01 08:15:22 +07:00",
        "[01/Sep/2026:01:15:22 UTC]",
        "01-Sep-2026 01:15:22.000 GMT client",
        "01-Sep-2026 01:15:22.000Z client",
        "2026/09/01 08:15:22",
        "[01/Sep/2026:08:15:22 +0700]",
        "01-Sep-2026 08:15:22.000 client",
        "1788225322 x",
        "<134>1788225322.000123 x",
        "  [1788225322] x",
        "t=1788225322000",
        "action=drop ts=1788225322 rule=1000000001",
        'x {"timestamp": 1788225322000, "n": 1}',
        'x "event_time":"1788225322"',
        "x eventTime = 1788225322",
        "x rt=1788225322000 cs1=1600000000",
        "x epoch 1788225322",
        "x <UnixTime>1788225322</UnixTime>",
    ],
)
def test_a_time_without_doubt_is_read(line: str) -> None:
    when = text_lines.read(line.encode(), HANOI).get("@timestamp")
    assert when is not None
    assert when // 1_000_000 == WHEN // 1_000_000


@pytest.mark.parametrize(
    "line",
    [
        "Sep  1 08:15:22 gw kernel",
        "01/09/2026 08:15:22",
        "9/1/2026 8:15:22 AM",
        "serial 17882253221788",
        "10.1788225322.1",
        "1788225322.1.2 is a version",
        "gw filterlog: rule 1000000103 block",
        "x id=1788225322 seq: 1788225322000",
        "x uptime=1788225322",
        "x runtime: 1788225322",
        "x up-time=1788225322",
        "x ts=1788225322:1",
        "call to 1900100100 from 10.20.3.41",
        "2026-13-01 08:15:22",
        "31/Feb/2026:08:15:22",
    ],
)
def test_a_time_in_doubt_is_left_open(line: str) -> None:
    assert "@timestamp" not in text_lines.read(line.encode(), HANOI)


@given(
    st.sampled_from((10, 13)),
    st.sampled_from(
        ("id", "rule", "ruleid", "seq", "session", "msisdn", "port", "count", "uptime", "len")
    ),
    st.sampled_from(("=", ": ", '":', " ", '="')),
    st.data(),
)
def test_a_number_behind_any_other_key_is_no_time(
    digits: int, key: str, between: str, draw: st.DataObject
) -> None:
    number = draw.draw(st.integers(10 ** (digits - 1), 2 * 10 ** (digits - 1) - 1))
    line = f"gw drop {key}{between}{number} src 10.20.3.41"
    assert "@timestamp" not in text_lines.read(line.encode(), HANOI)


@pytest.mark.parametrize(
    "line",
    [
        "203.0.113.77 to 10.20.3.41",
        "10.20.3.41 asks 10.20.1.53",
        "<134>Sep  1 08:15:22 10.20.1.1 %UNKNOWN-4: SRC=10.20.3.41 DST=203.0.113.77 OUT=eth0",
        "client=10.20.3.41 mac=00:17:a4:b2:c3:d4 dst=203.0.113.77",
        "fd00:db8::41 [2001:db8::77]:443",
    ],
)
def test_a_line_of_unknown_form_names_no_machine(line: str) -> None:
    assert text_lines.read(line.encode(), HANOI) == {
        "event.dataset": "text",
        "event.type": "info",
    }


def test_what_no_format_knows_is_text() -> None:
    assert (
        recognise(b"hello\n").name == recognise(b"").name == recognise(b"\x00\x01").name == "text"
    )
    with pytest.raises(KeyError):
        by_name("unheard-of")
