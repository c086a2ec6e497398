"""Lines read by kinds: the events are those that their parser gives line by line."""

import random
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from quetsach.compiled import kernel_module
from quetsach.formats.alike_keys import ALIKE
from quetsach.formats.contract import Format, Line
from quetsach.formats.registry import by_name
from quetsach.formats.shared import alike_lines
from quetsach.formats.shared.alike_lines import AlikeLines, keys
from quetsach.sieve.kernel import rust_available
from tests.formats.golden import SAMPLES
from tests.scanning.generated import generated

pytestmark = pytest.mark.skipif(not rust_available(), reason="NOT TESTED: no kernel here")

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
LOGS = sorted(log for name in ALIKE for log in (SAMPLES / name).glob("*.log"))
SIGN = re.compile(rb"\x01(.)(.)", re.DOTALL)
INSIDE = (b"10.0.0.1", b"172.31.255.255", b"192.168.7.9", b"100.64.0.1", b"10.253.251.101")
OUTSIDE = (b"8.8.8.8", b"198.51.100.7", b"223.255.255.255", b"1.0.0.0", b"203.0.113.100")


def _digits(low: int, high: int) -> Callable[[random.Random], bytes]:
    return lambda rng: b"%d" % rng.randint(low, high)


def _iso(rng: random.Random) -> bytes:
    when = datetime(1990, 1, 3, tzinfo=UTC) + timedelta(seconds=rng.randrange(3_400_000_000))
    return when.strftime("%Y-%m-%dT%H:%M:%S").encode() + rng.choice((b".7", b".123456", b".000"))


# Any value of its class.
MADE: Mapping[bytes, Callable[[random.Random], bytes]] = {
    b"i": lambda rng: rng.choice(INSIDE),
    b"a": lambda rng: rng.choice(OUTSIDE),
    b"n": lambda rng: rng.choice((b"a.example", b"_x-1.b.test", b"p101.zq7-probe.example")),
    b"u": lambda rng: rng.choice((b"/", b"/a.php?x=1&y=%20", b"/zq7-probe/p101", b"/:@*")),
    b"w": lambda rng: rng.choice((b"C1a2", b"1:+/=", b"null")),
    b"d": lambda rng: rng.choice((b"00:00:00", b"23:59:59")),
    b"l": lambda rng: rng.choice((b"[0]", b"[1.5,60.0,7]")),
    b"t": _iso,
    b"e": _digits(1_000_000_000, 4_102_444_799),
    b"f": lambda rng: b"%d.%d" % (rng.randint(1_000_000_000, 4_102_444_799), rng.randrange(10**6)),
    b"g": _digits(1_000_000_000_000, 4_102_444_799_999),
    b"h": _digits(1_000_000_000_000_000, 4_102_444_799_999_999),
    b"k": _digits(1_000_000_000_000_000_000, 4_102_444_799_999_999_999),
    b"p": lambda rng: rng.choice((b"1024", b"65535", b"8080", b"5353", b"64301")),
    b"c": lambda rng: rng.choice((b"1", b"999999999999999", b"70000000301", b"1024")),
    b"s": lambda rng: rng.choice((b"1", b"99999999", b"5")),
    b"r": lambda rng: rng.choice((b"0.000001", b"99999999.9", b"0.5")),
    b"x": lambda rng: rng.choice((b"0", b"999999999999999999")),
    b"y": lambda rng: rng.choice((b"0.0", b"1.123456789")),
    b"z": lambda rng: rng.choice((b"1", b"999999999999999999")),
}


def others_of_its_kind(line: bytes, form: Format, rng: random.Random, count: int) -> list[bytes]:
    """Return `count` lines that differ from `line` in what is cut out of it."""
    _, rests, _, _ = kernel_module().alike_lines(line + b"\n", ALIKE[form.name])
    if not rests:
        return []
    lines = []
    for _ in range(count):
        slots: dict[bytes, bytes] = {}

        def filled(sign: re.Match[bytes], slots: dict[bytes, bytes] = slots) -> bytes:
            value = MADE[sign[1]](rng)
            return value if sign[2] == b"-" else slots.setdefault(sign[0], value)

        lines.append(SIGN.sub(filled, rests[0][1]))
    return lines


def wrong_events(form: Format, content: bytes, lines: list[Line]) -> tuple[int, list[bytes]]:
    """Return how many lines were read by kinds, and those of which another event was made."""
    layout = form.layout(content)
    columns = AlikeLines(form.parse, ALIKE[form.name], layout, HERE).columns(lines)
    if columns is None:
        return 0, []
    every = pa.array(range(len(columns.lines)), pa.int32())
    taken = columns.events(every, columns.fields)
    events = form.parse(columns.lines, layout, HERE).events
    assert [offset for offset, _ in events] == [offset for offset, _ in columns.lines]
    pairs = zip(columns.lines, events, taken, strict=True)
    return len(taken), [line for (_, line), (_, event), one in pairs if event != one]


@pytest.mark.parametrize("log", LOGS, ids=lambda log: f"{log.parent.name}-{log.stem}")
def test_the_events_are_those_of_the_lines(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike_lines, "_MOST_LEFT", 1)
    rng = random.Random(str(log))
    form, content = by_name(log.parent.name), log.read_bytes()
    whole = content.split(b"\n")
    for each in (whole, generated(log, rng, 40).split(b"\n")):
        made = [
            one
            for line in each
            if line and len(line) < 4096
            for one in (line, *others_of_its_kind(line, form, rng, 5))
        ]
        read, wrong = wrong_events(form, content, list(enumerate(made)))
        assert not wrong
    assert read


def test_lines_of_few_are_left_and_kinds_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    form = by_name("zeek-json")
    line = b'{"ts":1662700021.480474,"uid":"C01","id.orig_h":"10.5.2.61","id.resp_p":53}'
    layout = form.layout(line)
    reader = AlikeLines(form.parse, ALIKE["zeek-json"], layout, UTC)
    assert reader.columns([]) is None
    assert reader.columns([(0, line), (1, line)]) is None
    known = reader.columns([(0, line), (1, b"odd"), (2, line), (3, line)])
    assert known is not None
    assert [offset for offset, _ in known.lines] == [0, 2, 3]
    # Where most are left, all are.
    assert reader.columns([(0, line), (1, b"odd"), (2, b"other")]) is None
    # Once a kind is known, one line is enough.
    again = reader.columns([(7, line.replace(b"10.5.2.61", b"10.5.2.62"))])
    assert again is not None
    assert again.fields["source.ip"].to_pylist() == ["10.5.2.62"]
    monkeypatch.setattr(alike_lines, "kernel_module", lambda: None)
    assert reader.columns([(0, line)]) is None


def test_leases_and_unknown_lines_are_left() -> None:
    form = by_name("fortigate")
    content = (SAMPLES / "fortigate" / "utm-dns-dhcp.log").read_bytes()
    reader = AlikeLines(form.parse, ALIKE["fortigate"], form.layout(content), UTC)
    lease = next(line for line in content.split(b"\n") if b'dhcp_msg="Ack"' in line)
    for line in (lease, b"no line of its own 10.0.0.1", b"\x01i0"):
        assert reader.columns([(0, line)] * 3) is None


def test_what_a_parser_makes_of_a_value_is_not_guessed() -> None:
    form = by_name("suricata-eve")
    line = (
        b'{"timestamp":"2026-09-01T08:15:29.5+0700","event_type":"%s","src_ip":"10.0.0.%d",'
        b'"dest_ip":"198.51.100.7","flow":{"start":"2026-09-01T08:15:2%d.5+0700",'
        b'"end":"2026-09-01T08:15:23.0+0700"},"http":{"hostname":"a.example","http_port":8080}}'
    )
    layout = form.layout(line)
    reader = AlikeLines(form.parse, ALIKE["suricata-eve"], layout, UTC)
    # The port is a part of the page's address there.
    http = [(place, line % (b"http", place, place)) for place in range(3)]
    assert reader.columns(http) is None
    # One flow ended before it began.
    flows = [
        (place, line.partition(b',"http"')[0] % (b"flow", place, 1 + place) + b"}")
        for place in range(3)
    ]
    known = reader.columns(flows)
    assert known is not None
    assert known.fields["event.duration"].to_pylist() == [1_500_000_000, 500_000_000, None]


def test_what_looks_like_a_key_in_a_text_is_a_part_of_the_text() -> None:
    form = by_name("suricata-eve")
    line = (
        b'{"timestamp":"2026-09-01T08:15:29.5+0700","event_type":"http","src_ip":"10.0.0.%d",'
        b'"src_port":50001,"dest_ip":"198.51.100.7","dest_port":80,"proto":"TCP","http":'
        b'{"hostname":"a.example","url":"http://bad.example/?id=%d,x","http_method":"GET"}}'
    )
    lines = [(place, line % (place, identity)) for place, identity in enumerate((7, 7, 7, 9))]
    # The first holds what is made up for a value that has no slot.
    for each in (lines, [(place, text.replace(b"=7", b"=31")) for place, text in lines]):
        assert wrong_events(form, line, each) == (0, [])


def test_lengths_are_of_the_times_that_they_are_reckoned_from() -> None:
    form = by_name("suricata-eve")
    line = (
        b'{"timestamp":"2026-09-01T08:15:21.5+0700","event_type":"flow","src_ip":"10.0.0.%d",'
        b'"dest_ip":"198.51.100.7","flow":{"start":"2026-09-01T08:15:23.5+0700",'
        b'"end":"2026-09-01T08:15:%d.5+0700"}}'
    )
    # In the first each time is as long after the one before it.
    lines = [(place, line % (place, 25 + place)) for place in range(4)]
    assert wrong_events(form, line, lines) == (4, [])


def test_keys_are_by_class() -> None:
    assert keys(n="a b", p="c") == ((b"a", ord("n")), (b"b", ord("n")), (b"c", ord("p")))
