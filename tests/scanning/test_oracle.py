"""The fast match agrees with its slow twin, on generated indicators, events and lines."""

import random
from typing import Any, cast

import pytest

from quetsach.indicators.lookup import IndicatorLookup
from quetsach.indicators.model import Claim, Indicator, IndicatorKind, IndicatorSet, MatchRule
from quetsach.indicators.options import ListOptions
from quetsach.indicators.values import parse_value
from quetsach.scanning.matching import match_event
from quetsach.schema import Event
from tests.oracles import match as oracle

NAMES = [
    "bad.example",
    "a.bad.example",
    "x.a.bad.example",
    "notbad.example",
    "bad.example.test",
    "BAD.Example.",
    "tài-khoản-giả.example",
    "www.tài-khoản-giả.example",
    "_srv.bad.example",
    "xn--ti-khon-gi-h4a7452gea.example",
    "example",
    "c2.test",
]
ADDRESSES = [
    "203.0.113.7",
    "203.0.113.8",
    "203.0.113.200",
    "198.51.100.9",
    "::ffff:203.0.113.7",
    "2001:db8::7",
    "2001:DB8:0::7",
    "2001:db8:1::9",
    "192.0.2.1",
    "fe80::1%eth0",
    "10.20.3.41",
]
VALUES = [
    "bad.example",
    "a.bad.example",
    "tài-khoản-giả.example",
    "c2.test",
    "203.0.113.7",
    "203.0.113.7:443",
    "203.0.113.8:80",
    "203.0.113.0/24",
    "203.0.113.0/28",
    "198.51.100.0/24",
    "2001:db8::7",
    "[2001:db8::7]:443",
    "2001:db8::/32",
    "2001:db8:1::/48",
    "http://bad.example/a",
    "http://bad.example/",
    "203.0.113.7/x",
    "http://c2.test:8080/p?q=1",
    "0cc175b9c0f1b6a831c399e269772661",
    "hxxp://tài-khoản-giả[.]example/a/",
]
URLS = [
    "http://bad.example/a",
    "https://BAD.example:443/a/b",
    "http://bad.example/ab",
    "http://bad.example/a?x=1",
    "http://203.0.113.7/x/y",
    "https://203.0.113.7/",
    "http://c2.test:8080/p?q=1&r=2",
    "http://c2.test/p?q=1",
    "http://[2001:db8::7]/",
    "http://tài-khoản-giả.example/a/z",
    "http://bad.example",
]
HASHES = ["0CC175B9C0F1B6A831C399E269772661", "00000000000000000000000000000000"]
LOOSE = [
    "203.0.113.7:443",
    "203.0.113.7.443",
    "203.0.113.8.",
    "203.0.113.7:12:00",
    "a203.0.113.7",
    "v203.0.113.8_",
    "203.0.113.7-203.0.113.8",
    "..bad.example..",
    "bad..example",
    "x=c2.test;",
    "-bad.example",
    "1.2.3.4.5.6",
    "203.000.113.007",
    "http:\\/\\/bad.example\\/a",
]
DAY = 86_400_000_000


def _indicators(rng: random.Random) -> tuple[Indicator, ...]:
    found: dict[tuple[str, IndicatorKind], Indicator] = {}
    for text in rng.sample(VALUES, rng.randint(1, 12)):
        for value in parse_value(text, ListOptions()).values:
            exact = value.kind is IndicatorKind.NAME and rng.random() < 0.3
            found[value.key, value.kind] = Indicator(
                value.key,
                value.shown,
                value.kind,
                MatchRule.EXACT if exact else value.rule,
                value.port,
                claim=Claim(
                    valid_from_us=rng.choice([None, None, 2 * DAY]),
                    valid_until_us=rng.choice([None, None, 4 * DAY]),
                ),
            )
    return tuple(sorted(found.values(), key=lambda one: (one.key, one.kind)))


def _event(rng: random.Random) -> dict[str, Any]:
    choices: dict[str, list[Any]] = {
        "@timestamp": [DAY, 3 * DAY, 5 * DAY],
        "dns.question.name": NAMES,
        "dns.answers": [[], ["203.0.113.7"], ["a.bad.example", "203.0.113.9"], ["2001:db8::7"]],
        "dns.response_code": ["NOERROR", "NXDOMAIN"],
        "event.type": ["denied", "connection"],
        "event.outcome": ["success", "failure"],
        "url.full": URLS,
        "url.domain": [*NAMES, *ADDRESSES, "203.0.113.7:443", "bad.example:8080"],
        "tls.client.server_name": NAMES,
        "destination.domain": [*NAMES, "203.0.113.8"],
        "destination.ip": ADDRESSES,
        "destination.port": [80, 443],
        "destination.nat.ip": ADDRESSES,
        "destination.nat.port": [443],
        "source.ip": ADDRESSES,
        "source.port": [443, 51544],
        "source.nat.ip": ADDRESSES,
        "source.bytes": [0, 10],
        "destination.bytes": [0, 10],
        "http.response.status_code": [200],
        "file.hash.md5": HASHES,
    }
    return {name: rng.choice(values) for name, values in choices.items() if rng.random() < 0.25}


def _line(rng: random.Random, event: dict[str, Any]) -> bytes:
    words = [str(value) for value in event.values() if rng.random() < 0.6]
    words += rng.sample(NAMES + ADDRESSES + URLS + LOOSE, rng.randint(0, 4))
    rng.shuffle(words)
    raw = bytearray(rng.choice([" ", "\t", ",", '" "']).join(words).encode())
    # A byte that breaks a letter in two, as a cut line does.
    if raw and rng.random() < 0.2:
        raw[rng.randrange(len(raw))] = rng.choice(b"\xff \x80.,")
    return bytes(raw)


@pytest.mark.parametrize("seed", range(20))
def test_fast_match_finds_what_the_slow_twin_finds_and_no_more(seed: int) -> None:
    rng = random.Random(seed)
    met = 0
    for _ in range(150):
        indicators = _indicators(rng)
        lookup = IndicatorLookup(IndicatorSet(indicators))
        event = _event(rng)
        line = _line(rng, event)
        fast = match_event(cast("Event", event), line, lookup)
        found = {
            (
                hit.indicator.key,
                str(hit.indicator.kind),
                hit.field,
                str(hit.rule),
                hit.labels_below,
                str(hit.grade),
                str(hit.direction or ""),
                str(hit.window or ""),
            )
            for hit in fast
        }
        assert len(found) == len(fast)
        assert found == oracle.hits(event, line, indicators), (event, line, indicators)
        met += len(found)
    assert met > 100, "the generated events must meet indicators, or nothing is tested"
