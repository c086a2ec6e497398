"""dhcpd's lease file: states, times in both forms, records that are cut, and what only looks so."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.formats.contract import LogLayout, ParsedLines
from quetsach.formats.isc_leases import IscLeases
from tests.formats.golden import lines_of

ISC = IscLeases()
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
START = 1_788_225_322_000_000
HOUR = 3_600_000_000
MAC = b"  hardware ethernet 00:17:a4:b2:c3:d4;\n"


def read(content: bytes, layout: LogLayout | None = None) -> ParsedLines:
    return ISC.parse(lines_of(content), layout or ISC.layout(content), HANOI)


def lease(body: bytes) -> bytes:
    return b"lease 10.20.3.41 {\n" + body + b"}\n"


TIMES = b"  starts 2 2026/09/01 01:15:22;\n  ends 2 2026/09/01 02:15:22;\n"


def acts(content: bytes) -> list[tuple[object, ...]]:
    return [
        (
            event.get("quetsach.lease.act"),
            event.get("@timestamp"),
            event.get("quetsach.lease.seconds"),
        )
        for _, event in read(content).events
    ]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (b"active", [("given", START, 3600)]),
        (b"free", [("given", START, 3600), ("expired", START + HOUR, None)]),
        (b"expired", [("given", START, 3600), ("expired", START + HOUR, None)]),
        (b"backup", [("given", START, 3600), ("expired", START + HOUR, None)]),
        (b"reset", [("given", START, 3600), ("expired", START + HOUR, None)]),
        (b"released", [("given", START, 3600), ("released", START + HOUR, None)]),
        (b"abandoned", [("declined", START, None)]),
    ],
)
def test_each_state_says_what_became_of_the_address(
    state: bytes, expected: list[tuple[object, ...]]
) -> None:
    assert acts(lease(TIMES + b"  binding state " + state + b";\n" + MAC)) == expected


def test_an_ended_lease_of_nobody_only_ended() -> None:
    assert acts(lease(TIMES + b"  binding state free;\n")) == [("expired", START + HOUR, None)]


def test_times_are_utc_and_may_be_written_as_an_epoch() -> None:
    epoch = b"  starts epoch 1788225322; # Tue Sep 01 08:15:22 2026\n  ends epoch 1788228922;\n"
    assert acts(lease(epoch + MAC)) == acts(lease(TIMES + MAC)) == [("given", START, 3600)]


def test_a_lease_without_end_is_a_reservation() -> None:
    body = b"  starts 2 2026/09/01 01:15:22;\n  ends never;\n"
    assert acts(lease(body)) == [("reserved", START, None)]


def test_the_old_word_for_a_lease_in_conflict_still_counts() -> None:
    assert acts(lease(TIMES + b"  abandoned;\n")) == [("declined", START, None)]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"  binding state active;\n", "no-time"),
        (b"  ends 2 2026/09/01 02:15:22;\n", "no-time"),
        (b"  starts 2 2026/13/01 01:15:22;\n", "time"),
        (b"  starts epoch 99999999999999;\n", "time"),
        (b"  starts 2 2026/09/01;\n", "time"),
        (TIMES.replace(b"02:15:22", b"00:15:22"), "ends-before-start"),
        (TIMES + b"  binding state lent;\n", "state"),
        (TIMES + b"  binding;\n", "state"),
    ],
)
def test_a_record_that_says_no_time_or_no_state_is_refused_whole(body: bytes, reason: str) -> None:
    content = lease(body)
    rows = read(content)
    assert rows.events == []
    assert [(one.offset, one.reason) for one in rows.rejects] == [(0, reason)]
    assert len(rows.skipped) == content.count(b"\n") - 1


@pytest.mark.parametrize("address", [b"10.20.3.999", b"0.0.0.0", b"{", b'"x"'])
def test_an_address_that_is_none_is_refused(address: bytes) -> None:
    content = lease(TIMES).replace(b"10.20.3.41", address)
    assert read(content).events == []
    assert read(content).rejects


@pytest.mark.parametrize("keep", range(1, 5))
def test_a_record_that_breaks_off_is_one_reject_and_the_next_one_is_read(keep: int) -> None:
    whole = lease(TIMES + MAC)
    cut = b"\n".join(whole.split(b"\n")[:keep]) + b"\n"
    rows = read(cut + whole)
    assert [(one.offset, one.reason) for one in rows.rejects] == [(0, "cut-record")]
    assert [offset for offset, _ in rows.events] == [len(cut)]


@pytest.mark.parametrize("drop", range(1, 5))
def test_a_record_without_its_beginning_is_refused_line_by_line(drop: int) -> None:
    whole = lease(TIMES + MAC)
    rest = b"\n".join(whole.split(b"\n")[drop:])
    rows = read(rest + whole)
    assert {one.reason for one in rows.rejects} == {"cut-record"}
    assert len(rows.rejects) == 5 - drop
    assert [offset for offset, _ in rows.events] == [len(rest)]


def test_a_record_longer_than_any_is_refused_and_the_next_one_is_read() -> None:
    endless = lease(TIMES + b"  set x = " + b"y" * 70_000 + b";\n")
    rows = read(endless + lease(TIMES + MAC))
    assert [(one.offset, one.reason) for one in rows.rejects] == [(0, "too-long")]
    assert [offset for offset, _ in rows.events] == [len(endless)]


def test_a_million_lines_that_never_end_a_record_stay_small() -> None:
    lines = [(0, b"lease 10.20.3.41 {"), *((20 + n, b"{") for n in range(200_000))]
    rows = ISC.parse(lines, ISC.layout(b""), HANOI)
    assert [one.reason for one in rows.rejects] == ["too-long"]
    assert len(rows.skipped) == 200_000


def test_a_reservation_has_the_time_of_the_file_and_says_so() -> None:
    content = b"host pc { hardware ethernet 00:17:a4:b2:c3:d4; fixed-address 10.20.3.41; }\n"
    assert ISC.layout(content).needs_date
    ((_, untimed),) = read(content).events
    assert "@timestamp" not in untimed
    for named in (False, True):
        layout = LogLayout("isc.lease", ("",), taken_us=START, taken_from_name=named)
        ((_, event),) = read(content, layout).events
        assert event["@timestamp"] == START
        assert event["quetsach.time.rough"] is not named
        assert event["quetsach.lease.act"] == "reserved"


def test_a_file_without_reservations_needs_no_date() -> None:
    assert not ISC.layout(lease(TIMES)).needs_date


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"lease { \n  interface eth0;\n  fixed-address 10.0.0.1;\n}\n",
        b"subnet 10.0.0.0 netmask 255.0.0.0 {\n range 10.0.0.1 10.0.0.9;\n}\n",
        b"the lease 10.0.0.1 {\n  starts never;\n",
        b"lease 10.0.0.1 {\n",
        b'{"lease": "10.0.0.1"}\n',
    ],
)
def test_what_only_looks_like_it_is_left_to_others(head: bytes) -> None:
    assert not ISC.recognise(head)


def test_a_file_whose_beginning_is_cut_off_is_still_known() -> None:
    assert ISC.recognise(TIMES + b"}\n" + lease(TIMES))


@given(
    st.lists(
        st.tuples(
            st.integers(1, 254),
            st.integers(0, 10**6),
            st.integers(1, 10**6),
            st.sampled_from(["active", "free", "released"]),
            st.text('abc }{;#"\\\n é', max_size=6),
        ),
        max_size=6,
    ),
    st.data(),
)
def test_a_file_cut_anywhere_keeps_every_record_before_the_cut(
    leases: list[tuple[int, int, int, str, str]], data: st.DataObject
) -> None:
    content, ends, expected = b"", [0], []
    for last, start, length, state, name in leases:
        begin = START // 1_000_000 + start
        expected.append((len(content), f"10.20.3.{last}", begin * 1_000_000, length))
        content += (
            f"lease 10.20.3.{last} {{\n  starts epoch {begin};\n"
            f"  ends epoch {begin + length};\n  binding state {state};\n"
            "  hardware ethernet 00:17:a4:b2:c3:d4;\n"
        ).encode()
        content += b"  client-hostname " + octal(name.encode()) + b";\n}\n"
        ends.append(len(content))
    cut = data.draw(st.integers(0, len(content)))
    rows = read(content[:cut])
    found = [
        (offset, event["host.ip"], event["@timestamp"], event["quetsach.lease.seconds"])
        for offset, event in rows.events
        if event["quetsach.lease.act"] == "given"
    ]
    # The last newline may be missing: the record is whole all the same.
    whole = sum(end <= cut + 1 for end in ends[1:])
    assert found == expected[:whole]
    assert all(one.reason == "cut-record" or one.offset == ends[whole] for one in rows.rejects)


def octal(raw: bytes) -> bytes:
    """Return a string as dhcpd writes it: what does not print stands as three octal digits."""
    out = b"".join(
        bytes([one]) if 32 <= one < 127 and one not in b'"\\' else b"\\%03o" % one for one in raw
    )
    return b'"' + out + b'"'
