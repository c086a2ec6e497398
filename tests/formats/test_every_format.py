"""One walk over the registry: what the style and the contract ask of every format."""

import json
import pickle
import random
import re
import time
from itertools import pairwise, product
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quetsach.formats.contract import HEAD_BYTES, Format, Line, ParsedLines
from quetsach.formats.dialects.shipped_dialects import dialect_formats
from quetsach.formats.received import TOLERANCE_US
from quetsach.formats.registry import all_formats, by_name
from quetsach.schema import EVENT
from quetsach.sieve import twin
from tests.formats.golden import (
    CASES,
    SAMPLES,
    TAKEN_US,
    ZONE,
    as_json,
    each_sample,
    expected_path,
    layout_of,
    lines_of,
    read,
    read_pieces,
    samples,
)
from tests.whole import daily, todays_share

TWO_ZONES = ("Asia/Ho_Chi_Minh", "America/New_York")

DIALECTS = [form.name for form in dialect_formats()]
TODAY = todays_share(DIALECTS)
"""One engine reads all dialects: the long tests take a share of them each day."""

each_format_today = pytest.mark.parametrize(
    "form",
    [form for form in all_formats() if form.name not in DIALECTS or form.name in TODAY],
    ids=lambda form: form.name,
)
each_format = pytest.mark.parametrize("form", all_formats(), ids=lambda form: form.name)


def fit_the_schema(rows: ParsedLines) -> None:
    """Fail unless every event has only fields of EVENT, each of its type, and says its dataset."""
    for _, event in rows.events:
        assert set(event) <= set(EVENT.names)
        assert event["event.dataset"]
        assert None not in event.values()
    # Building the table is what the sweep does next; wrong types and broken text fail here.
    table = pa.Table.from_pylist([dict(event) for _, event in rows.events], schema=EVENT)
    assert table.num_rows == len(rows.events)


def account_for(rows: ParsedLines, lines: list[Line]) -> None:
    """Fail unless each line is in exactly one of events, rejects and skipped."""
    read_lines = list(dict.fromkeys(offset for offset, _ in rows.events))
    rejected = [one.offset for one in rows.rejects]
    assert sorted(read_lines + rejected + rows.skipped) == [offset for offset, _ in lines]


@each_format
def test_has_a_short_name_a_title_and_says_what_it_reads(form: Format) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9-]{2,20}", form.name)
    assert by_name(form.name) is form
    assert form.title.strip()
    assert form.reads.strip()


@each_format
def test_has_samples_with_events(form: Format) -> None:
    assert any(read(form, sample.read_bytes()).events for sample in samples(form))


def test_every_sample_belongs_to_a_format_and_has_its_expected_rows() -> None:
    known = {path for _, sample in CASES for path in (sample, expected_path(sample))}
    assert {path for path in SAMPLES.rglob("*") if path.is_file()} == known


@each_sample
def test_sample_gives_exactly_its_expected_rows(form: Format, sample: Path) -> None:
    expected = json.loads(expected_path(sample).read_text(encoding="utf-8"))
    assert as_json(form, sample.read_bytes()) == expected


@each_sample
def test_every_line_of_a_sample_is_accounted_for(form: Format, sample: Path) -> None:
    content = sample.read_bytes()
    rows = read(form, content)
    account_for(rows, lines_of(content))
    fit_the_schema(rows)


@each_sample
def test_where_the_lines_are_chopped_changes_nothing(form: Format, sample: Path) -> None:
    content = sample.read_bytes()
    lines, layout = lines_of(content), layout_of(form, content)
    whole = read(form, content)
    # A record of several lines is never cut apart.
    cuts = [
        place
        for place, (_, line) in enumerate(lines)
        if layout.record is None or line.startswith(layout.record)
    ]
    for cut in [*cuts, len(lines)]:
        assert read_pieces(form, layout, [lines[:cut], lines[cut:]]) == whole
    borders = sorted({0, *cuts, len(lines)})
    pieces = [lines[start:end] for start, end in pairwise(borders)]
    assert read_pieces(form, layout, pieces) == whole


@each_sample
def test_clock_finds_the_hour_of_each_timed_line(form: Format, sample: Path) -> None:
    """The sieve's quick look at a line agrees with the parser wherever the needle is found."""
    content = sample.read_bytes()
    layout = layout_of(form, content)
    clock = layout.clock
    # FortiGate has two clocks.
    if clock is None or not clock.epoch or form.name == "fortigate":
        return
    times = {offset: event.get("@timestamp") for offset, event in read(form, content).events}
    for offset, line in lines_of(content):
        start = line.find(clock.needle)
        digits = re.match(rb"\d+", line[start + len(clock.needle) :]) if start >= 0 else None
        if digits is not None and times.get(offset) is not None and len(digits[0]) == 10:
            assert int(digits[0]) == times[offset] // 1_000_000


CLOCK_TIME = re.compile(rb"(?<![\d:])\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?![\d:Z]| ?[+-]\d)")


ZONES = (b" UTC", b" GMT", b"Z", b" +0000")


@each_sample
def test_a_zone_behind_a_time_is_never_passed_over(form: Format, sample: Path) -> None:
    """A real line with a zone put behind its time: read in that zone, or not at all."""
    content = sample.read_bytes()
    layout, lines = layout_of(form, content), dict(lines_of(content))
    # In pairs of key and value the zone is a pair of its own, and what follows a blank is another;
    # a table of leases is dated by when it was taken (its ends: shared/test_leases_lease_ends.py).
    # What was received has our own time, whose zone is always told.
    if form.name in ("lease-table", "received") or layout.record is not None:
        return
    zones = [one for one in ZONES if form.name != "fortigate" or not one.startswith(b" ")]
    local = {
        offset: event["@timestamp"]
        for offset, event in read(form, content).events
        if "event.timezone" in event and event.get("@timestamp", TAKEN_US) != TAKEN_US
    }
    for (offset, when_us), told in product(local.items(), zones):
        zoned = CLOCK_TIME.sub(rb"\g<0>" + told, lines[offset])
        if zoned == lines[offset]:
            continue
        rows = form.parse([(offset, zoned)], layout, ZONE)
        times = {(event.get("@timestamp"), "event.timezone" in event) for _, event in rows.events}
        assert (when_us, True) not in times, zoned
        # In doubt a log has another clock in its line, or the time at which the file was written.
        apart = {when for when, _ in times} - {None, when_us, TAKEN_US}
        assert apart <= {when_us + 7 * 3_600_000_000}, zoned


HOST = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+")
NAMES = ("dns.question.name", "url.domain", "tls.client.server_name", "destination.domain")
ADDRESSES = (
    "source.ip",
    "source.nat.ip",
    "destination.ip",
    "destination.nat.ip",
    "host.ip",
    "url.domain",
)


@each_sample
def test_the_sieve_lets_no_name_or_address_of_an_event_fall(form: Format, sample: Path) -> None:
    content = sample.read_bytes()
    lines = dict(lines_of(content))
    # What a PC's collector took speaks of that PC; its address stands in the first line alone.
    own = {twin.ipv4(str(one).encode()) for one in layout_of(form, content).columns}
    if layout_of(form, content).record is not None:
        # Of such a file every line is parsed, and an event may have its address from any of them.
        lines = dict.fromkeys(lines, content)
    for offset, event in read(form, content).events:
        fields = dict(event)
        answers = fields.get("dns.answers", [])
        names = {v for v in [*map(fields.get, NAMES), *answers] if v and HOST.fullmatch(v)}
        seen = {address_of(v) for v in names}
        seen |= {address_of(v) for v in map(fields.get, ADDRESSES) if v}
        assert seen - {None} - own <= set(twin.find_addresses(lines[offset]))
        runs = twin.find_names(lines[offset]) + twin.find_names(twin.decoded(lines[offset]))
        for name in (v.lower().encode() for v in names if address_of(v) is None):
            assert any(run == name or run.endswith(b"." + name) for run in runs), name


def address_of(text: str) -> int | None:
    """Return an IPv4 address as a number; None for a name, though it has four labels."""
    return twin.ipv4(text.encode()) if text.replace(".", "").isdecimal() else None


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Return `content` with bytes flipped, pieces cut out, doubled, or swapped for odd ones."""
    out = bytearray(content)
    for _ in range(chance.randint(1, 12)):
        if not out:
            break
        at = chance.randrange(len(out))
        kind = chance.randrange(5)
        if kind == 0:
            out[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del out[at : at + chance.randint(1, 40)]
        elif kind == 2:
            out[at:at] = out[at : at + chance.randint(1, 80)]
        elif kind == 3:
            odd = (b"\x00", b"\xff\xfe", b"\\x", b"\t\t", b'"', b"{", b"9" * 30, b"1e400", b"-1")
            out[at:at] = chance.choice(odd)
        else:
            out[at : at + 1] = chance.choice((b"\n", b"", b"\\ud800", "Ả".encode(), b"\r"))
    return bytes(out)


@each_sample
def test_a_damaged_line_is_an_event_a_reject_or_skipped(form: Format, sample: Path) -> None:
    content = sample.read_bytes()
    chance = random.Random(f"{form.name}/{sample.name}")
    layout = layout_of(form, content)
    for _ in range(daily(8, whole=60)):
        lines = lines_of(damaged(content, chance))
        rows = form.parse(lines, layout, ZONE)
        account_for(rows, lines)
        fit_the_schema(rows)


@each_format_today
def test_a_damaged_head_never_raises(form: Format) -> None:
    chance = random.Random(form.name)
    for sample in samples(form):
        for _ in range(daily(3, whole=30)):
            head = damaged(sample.read_bytes(), chance)[: chance.randint(0, 2000)]
            for one in all_formats():
                if one.recognise(head):
                    pickle.dumps(one.layout(head))


@each_format_today
@settings(
    max_examples=daily(15, whole=60),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(data=st.data())
def test_any_bytes_between_real_pieces_never_raise(form: Format, data: st.DataObject) -> None:
    content = data.draw(st.sampled_from(samples(form))).read_bytes()
    lines = [line for _, line in lines_of(content)]
    piece = st.sampled_from(lines).flatmap(
        lambda line: st.integers(0, len(line)).map(lambda cut: line[:cut])
    )
    joined = b"".join(data.draw(st.lists(st.one_of(piece, st.binary(max_size=20)), max_size=6)))
    given_lines = lines_of(joined.replace(b"\n", b" ") + b"\n")
    rows = form.parse(given_lines, layout_of(form, content), ZONE)
    account_for(rows, given_lines)
    fit_the_schema(rows)


NASTY = (
    b"a",
    b"1",
    b":",
    b"1.",
    b"1-",
    b'"',
    b'a="',
    b'a=\\"',
    b"\\x4",
    b"{",
    b"[",
    b'{"a":',
    b"\t",
    b" ",
    b"\xff",
    b"2026-09-01 ",
    b"type=",
    b"type=event subtype=x logid=1 url=/ ",
)


@each_format_today
def test_a_long_run_of_anything_is_read_in_linear_time(form: Format) -> None:
    layout = layout_of(form, samples(form)[0].read_bytes())
    for unit in NASTY:
        line = unit * (300_000 // len(unit))
        begun = time.process_time()
        form.recognise(line[:HEAD_BYTES])
        rows = form.parse([(0, line)], layout, ZONE)
        # A quadratic reading of so long a line takes minutes.
        assert time.process_time() - begun < 60
        account_for(rows, [(0, line)])


@pytest.mark.parametrize("number", [b"9" * 400, b"9" * 5000, b"-1", b"1e308", b"0.1e-400"])
def test_numbers_beyond_all_bounds_are_no_values(number: bytes) -> None:
    for name, line in (
        ("zeek-json", b'{"ts":%b,"query":%b,"id.orig_p":%b,"duration":%b,"lease_time":%b}'),
        ("suricata-eve", b'{"event_type":"dns","timestamp":%b,"src_port":%b,"dns":{"rrname":%b}}'),
    ):
        form = by_name(name)
        text = line.replace(b"%b", number)
        rows = form.parse([(0, text)], layout_of(form, b""), ZONE)
        account_for(rows, [(0, text)])
        fit_the_schema(rows)


@each_format
def test_a_zone_that_was_applied_is_told(form: Format) -> None:
    # Who is named by such a time is certain only where the zone was declared.
    for sample in samples(form):
        content = sample.read_bytes()
        layout, lines = layout_of(form, content), lines_of(content)
        here, there = (form.parse(lines, layout, ZoneInfo(zone)).events for zone in TWO_ZONES)
        for (_, one), (_, other) in zip(here, there, strict=True):
            moved = [name for name in one if one.get(name) != other.get(name)]
            if form.name == "received" and "event.timezone" not in one:
                # When it came vouches for a time that fits, whatever zone was declared.
                times = one.get("@timestamp", 0), other.get("@timestamp", 0)
                assert abs(times[0] - times[1]) <= TOLERANCE_US
                continue
            assert not moved or "event.timezone" in one, (sample.name, moved)
