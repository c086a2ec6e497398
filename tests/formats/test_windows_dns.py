"""The debug log of a Windows DNS server: who asked, and on which day, or nothing."""

from zoneinfo import ZoneInfo

import pytest

from quetsach.formats.windows_dns import WindowsDns
from quetsach.sieve.contract import LineClock

DAY_FIRST = LineClock(length=13, client=b" Rcv ", day_first=True)
MONTH_FIRST = LineClock(length=13, client=b" Rcv ")
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
REST = (
    "0E70 PACKET  00000000033397A0 UDP %s 5b47 %s [0001   D   NOERROR] A      (3)bad(7)example(0)"
)
WHEN = 1_788_225_322_000_000


def events(*lines: str) -> list[dict[str, object]]:
    form, content = WindowsDns(), "\n".join(lines).encode()
    assert form.recognise(content)
    rows = form.parse(list(enumerate(content.split(b"\n"))), form.layout(content), HANOI)
    return [dict(event) for _, event in rows.events]


def packet(date: str, way: str = "Rcv 10.20.3.41", kind: str = "  Q") -> str:
    return f"{date} {REST % (way, kind)}"


@pytest.mark.parametrize(
    ("dates", "when"),
    [
        (["9/1/2026 8:15:22 AM"], WHEN),
        (["2026-09-01 08:15:22"], WHEN),
        (["2026/09/01 08:15:22"], WHEN),
        (["01.09.2026 08:15:22"], WHEN),
        (["01/09/2026 08:15:22", "31/08/2026 08:15:22"], WHEN),
        (["09/01/2026 08:15:22", "08/31/2026 08:15:22"], WHEN),
        (["01/09/2026 8:15:22 SA"], WHEN),
        (["01/09/2026 08:15:22"], None),
        (["20260901 08:15:22"], WHEN),
        (["2026/9/1 8:15:22 AM"], WHEN),
        (["2026/9/1 8:15:22"], WHEN),
        (["2026/9/1 上午 08:15:22"], WHEN),
        (["2026-09-01 오후 8:15:22"], WHEN + 12 * 3600 * 1_000_000),
        (["01/09/2026 12:15:22 SA"], WHEN - 8 * 3600 * 1_000_000),
        (["01/09/2026 12:15:22 CH"], WHEN + 4 * 3600 * 1_000_000),
        (["1.9.2026 8:15:22"], WHEN),
    ],
)
def test_the_file_tells_the_order_of_day_and_month_or_gives_no_time(
    dates: list[str], when: int | None
) -> None:
    assert events(*map(packet, dates))[0].get("@timestamp") == when


@pytest.mark.parametrize(
    ("way", "kind", "source", "destination"),
    [
        ("Rcv 10.20.3.41", "  Q", "10.20.3.41", None),
        ("Snd 10.20.3.41", "R Q", "10.20.3.41", None),
        ("Snd 203.0.113.53", "  Q", None, "203.0.113.53"),
        ("Rcv 203.0.113.53", "R Q", None, None),
    ],
)
def test_only_who_asked_the_server_is_a_client(
    way: str, kind: str, source: str | None, destination: str | None
) -> None:
    (event,) = events(packet("9/1/2026 8:15:22 AM", way, kind))
    assert (event.get("source.ip"), event.get("destination.ip")) == (source, destination)
    assert event["dns.question.name"] == "bad.example"


def test_lengths_that_do_not_fit_are_no_name() -> None:
    line = packet("9/1/2026 8:15:22 AM").replace("(3)bad", "(9)bad")
    assert "dns.question.name" not in events(line)[0]


@pytest.mark.parametrize(
    ("dates", "clock"),
    [
        (["2026-09-01 08:15:22"], MONTH_FIRST),
        (["01.09.2026 08:15:22"], DAY_FIRST),
        (["01/09/2026 08:15:22", "31/08/2026 8:15:22"], DAY_FIRST),
        (["09/01/2026 08:15:22", "08/31/2026 08:15:22"], MONTH_FIRST),
        # Of these the order, half of the day or the length is not known.
        (["01/09/2026 08:15:22"], None),
        (["01/09/2026 08:15:22 SA", "31/08/2026 08:15:22 CH"], None),
        (["9/1/2026 8:15:22 AM"], None),
        (["1/9/2026 08:15:22", "31/08/2026 08:15:22"], None),
    ],
)
def test_hours_are_tallied_where_their_place_and_day_are_known(
    dates: list[str], clock: LineClock | None
) -> None:
    content = "\n".join(map(packet, dates)).encode()
    assert WindowsDns().layout(content).clock == clock


def test_lines_of_old_servers_lack_number_and_type() -> None:
    line = "20260901 08:15:22 5A0 PACKET  UDP Rcv 10.20.3.41  5b47   Q [0001   D   NOERROR] "
    (old,) = events(line + "(3)bad(7)example(0)")
    assert (old["source.ip"], old["dns.question.name"]) == ("10.20.3.41", "bad.example")
    assert "dns.question.type" not in old
