"""The plain sieve does what the contract says, by hand and against the oracle."""

import random

import pytest

from quetsach.sieve.address_sets import packed
from quetsach.sieve.contract import HourCounts, LineClock, SieveKeys, SieveResult
from quetsach.sieve.twin import PythonSieve
from tests.oracles import sieve as oracle
from tests.sieve import lines

KEYS = SieveKeys(
    names=frozenset([b"bad.example"]),
    addresses=frozenset([0xC0000201]),
    networks=frozenset([(0xC6336400, 24)]),
    inside=((0x0A000000, 8),),
)


def hits(text: bytes, keys: SieveKeys = KEYS) -> bool:
    return PythonSieve(keys).scan(text, None, None).candidates == [(0, len(text))]


@pytest.mark.parametrize(
    "text",
    [
        b"bad.example",
        b"www.bad.example",
        b"q BAD.Example. IN A",
        b"http://a.b.bad.example:80/x",
        b'"..bad.example.."',
        b"192.0.2.1",
        b"src=192.0.2.1:443",
        b"192.0.2.1.443 > x",
        b"from 192.0.2.1.",
        b"10.0.0.1-192.0.2.1",
        b"192.000.002.001",
        b"198.51.100.255/32",
    ],
)
def test_a_line_with_a_key_as_token_is_a_candidate(text: bytes) -> None:
    assert hits(text)


@pytest.mark.parametrize(
    "text",
    [
        b"notbad.example",
        b"bad.example.net",
        b"bad..example",
        b"bad example",
        b"example",
        b"192.0.2.10",
        b"1192.0.2.1",
        b"192.0.2.1.443.1",
        b"v192.0.2.1",
        b"192.0.2.1_",
        b"192.0.2.0001",
        b"192.0.2.257",
        b"198.51.101.1",
        b"10.0.0.1",
        b"",
    ],
)
def test_a_line_without_a_key_as_token_is_none(text: bytes) -> None:
    assert not hits(text)


def test_lines_are_counted_and_an_empty_last_piece_is_none() -> None:
    sieve = PythonSieve(KEYS)
    counts = [sieve.scan(text, None, None).lines for text in (b"", b"\n", b"a", b"a\n", b"\n\nb")]
    assert counts == [0, 1, 1, 1, 3]


def test_hours_hold_lines_places_and_who_spoke_first() -> None:
    block = (
        b"3600.5 10.0.0.1 10.0.0.2\n7199 192.0.2.9 10.0.0.3\nx 10.0.0.4\n7200 10.0.0.1 bad.example"
    )
    scan = PythonSieve(KEYS).scan(block, LineClock(epoch=True), b"x 10")
    assert scan == SieveResult(
        lines=4,
        candidates=[(60, 85)],
        marked=[(49, 59)],
        hours=[
            HourCounts(b"", 1, 49, 49, packed([0x0A000004])),
            HourCounts(b"1", 2, 0, 25, packed([0x0A000001])),
            HourCounts(b"2", 1, 60, 60, packed([0x0A000001])),
        ],
    )


@pytest.mark.parametrize(
    ("text", "clock", "key"),
    [
        (b"1662955200.1", LineClock(epoch=True), b"461932"),
        (b"1662955200000", LineClock(epoch=True), b"461932"),
        (b"1662955200000000", LineClock(epoch=True), b"461932"),
        (b"t=1662955200000000000 u", LineClock(b"t=", epoch=True), b"461932"),
        (b"16629552000000", LineClock(epoch=True), b""),
        (b"16629552000000000000", LineClock(epoch=True), b""),
        (b"0", LineClock(epoch=True), b"0"),
        (b"-1", LineClock(epoch=True), b""),
        (b'{"t":"2022-09-12T08:15"}', LineClock(b'"t":"', length=13), b"2022-09-12T08"),
        (b'{"t":"2022-09', LineClock(b'"t":"', length=13), b""),
        (b" " * 510 + b"t=7200", LineClock(b"t=", epoch=True), b"2"),
        (b" " * 511 + b"t=7200", LineClock(b"t=", epoch=True), b""),
        (b"t=x t=7200", LineClock(b"t=", epoch=True), b""),
        (b"anything", LineClock(), b""),
    ],
)
def test_an_hour_is_read_behind_the_needle(text: bytes, clock: LineClock, key: bytes) -> None:
    scan = PythonSieve(KEYS).scan(text + b"\n", clock, None)
    assert scan.hours == [HourCounts(key, 1, 0, 0, b"")]


def test_a_dotted_run_with_foreign_letters_is_a_candidate_when_asked_for() -> None:
    keys = SieveKeys(any_unicode_name=True)
    found = [hits(text.encode(), keys) for text in ("xấu.example", "xấu", "xấu. y", "bad.example")]
    assert found == [True, False, False, False]


@pytest.mark.parametrize("token", [*lines.TOKENS, *lines.RARE_TOKENS])
def test_each_hard_token_is_what_the_oracle_says(token: str) -> None:
    for keys in (lines.KEYS, lines.WIDE_KEYS, lines.RARE_KEYS):
        assert hits(token.encode(), keys) == bool(oracle.candidates(token.encode(), keys))


def test_ipv6_addresses_and_hashes_are_met_as_whole_tokens() -> None:
    met = [token for token in lines.RARE_TOKENS if hits(token.encode(), lines.RARE_KEYS)]
    assert met == [
        "2001:db8::1",
        "2001:DB8::1",
        "[2001:db8::1]:443",
        "2001:db8::1:443",
        "2001:db8::1.443",
        "2001:db8::1.",
        "2001:db8::1:",
        "2001:db8:ff::",
        "2001:db8:ff:1::7%eth0",
        "ip:2001:db8::1",
        "iface:2001:db8::1",
        "2001:db8::1:z",
        "2001:0db8:0000:0000:0000:0000:0000:0001",
        "1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7:8:9",
        "::1",
        "::",
        ":::",
        "::::",
        "::1:",
        "::ffff:192.0.2.1",
        "::ffff:192.0.2.1:443",
        "::192.0.2.1",
        "2001:db8:ff::192.0.2.1",
        "2001:db8:ff::192.0.02.1",
        "é::1",
        "::1é",
        "0123456789abcdef0123456789abcdef",
        "0123456789ABCDEF0123456789abcdef",
        "-0123456789abcdef0123456789abcdef_",
        "é0123456789abcdef0123456789abcdef",
        "0123456789abcdef0123456789abcdef-0123456789abcdef0123456789abcdef",
        "0123456789012345678901234567890123456789",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    ]


def test_a_key_out_of_range_is_refused() -> None:
    for keys in (
        SieveKeys(addresses=frozenset([1 << 32])),
        SieveKeys(networks=frozenset([(0, 33)])),
        SieveKeys(inside=((-1, 8),)),
    ):
        with pytest.raises(ValueError, match=r"out of range|no network"):
            PythonSieve(keys)


@pytest.mark.parametrize(
    "keys", [lines.KEYS, lines.WIDE_KEYS, lines.RARE_KEYS], ids=["usual", "wide", "rare"]
)
def test_the_candidates_are_those_of_the_oracle(keys: SieveKeys) -> None:
    rng = random.Random(11)
    sieve = PythonSieve(keys)
    for _ in range(150):
        block = lines.block(rng, rng.randint(1, 12))
        for text in (block, lines.damaged(rng, block)):
            assert sieve.scan(text, None, None).candidates == oracle.candidates(text, keys)
