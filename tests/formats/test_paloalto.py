"""Palo Alto: the zone of its times, cut and quoted lines, and lines of other forms."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from quetsach.formats.paloalto import PaloAlto

PALO = PaloAlto()
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
WHEN = 1_788_225_336_000_000
LINE = (
    "1,2026/09/01 08:15:36,0123,TRAFFIC,end,2561,2026/09/01 08:15:36,10.20.3.41,203.0.113.77,"
    "198.51.100.5,203.0.113.77,{rule},,,ssl,vsys1,trust,untrust,e2,e1,fwd,2026/09/01 08:15:36,"
    "33501,1,51544,443,40112,443,0x0,tcp,allow,6040,830,5210,20,2026/09/01 08:15:22,12,any"
)


def one(line: str) -> dict[str, Any]:
    raw = line.encode()
    ((_, event),) = PALO.parse([(0, raw)], PALO.layout(raw), HANOI).events
    return dict(event)


@pytest.mark.parametrize("rule", ["allow-out", '"allow, all"', '"a ""b"" c, d"'])
@pytest.mark.parametrize(
    "head", ["", "<14>Sep  1 08:15:36 fw-1 ", "2026-09-01T08:15:37+07:00 fw-1 "]
)
def test_columns_keep_their_places_whatever_stands_before_and_in_them(head: str, rule: str) -> None:
    event = one(head + LINE.replace("{rule}", rule))
    assert event["@timestamp"] == WHEN
    assert event["event.start"] == WHEN - 14_000_000
    assert event["event.end"] == WHEN - 2_000_000
    assert (event["source.nat.ip"], event["source.nat.port"]) == ("198.51.100.5", 40112)
    assert event.get("observer.name") == ("fw-1" if head else None)


def test_precise_time_tells_the_zone_of_all_times_of_its_line() -> None:
    event = one(LINE.replace("{rule}", "x") + ",,,2026-09-01T08:15:36.288+02:00,,")
    assert event["@timestamp"] == WHEN + 5 * 3600 * 1_000_000
    assert "event.timezone" not in event


def test_line_that_is_cut_before_its_action_is_text() -> None:
    assert one(LINE[:200])["event.dataset"] == "text"


@pytest.mark.parametrize(
    "head",
    [
        b"CEF:0|Palo Alto Networks|LF|2.0|TRAFFIC|end|3|src=10.20.3.41\n",
        b"1,2026/09/01 08:15:36,0123,TRAFFICS,auth,2561\n",
        b"1,2,3,TRAFFIC,x\n",
    ],
)
def test_files_of_others_are_not_recognised(head: bytes) -> None:
    assert not PALO.recognise(head)


@pytest.mark.parametrize("end", ["", "\r", "  ", '"'])
def test_the_precise_time_may_be_the_last_of_a_line(end: str) -> None:
    line = (
        "1,2026/09/01 10:15:36,0011,SYSTEM,auth,2561,2026/09/01 10:15:36,,auth-success,a,0,0,"
        f"general,informational,text,7,0x0,0,0,0,0,,fw1,0,0,2026-09-01T10:15:36.691+09:00{end}"
    ).encode()
    ((_, event),) = PALO.parse([(0, line)], PALO.layout(line), HANOI).events
    assert event["@timestamp"] == WHEN


def test_a_message_in_json_is_left_to_who_peels_it() -> None:
    line = b'{"message": "1,2026/09/01 08:15:36,0011,TRAFFIC,end,\\"a\\""}'
    assert not PALO.recognise(line)
    assert PALO.recognise(b"<134>1,2026/09/01 08:15:36,0011,TRAFFIC,end,2561")
