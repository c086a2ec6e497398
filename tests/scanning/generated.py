"""Logs of every format, generated from the samples: hits and near misses planted, lines damaged."""

import random
import re
from collections.abc import Iterator
from pathlib import Path

from quetsach.indicators.model import Indicator, IndicatorSet, Origin
from quetsach.indicators.options import ListOptions
from quetsach.indicators.values import parse_value
from tests.formats.golden import SAMPLES

LISTED = (
    *("bad.example", "c2.test", "tài-khoản-giả.example", "203.0.113.77", "203.0.113.8:443"),
    *("198.51.100.0/28", "2001:db8:bad::77", "2001:db8:bad:1::/64", "http://web.test/gate"),
    "0cc175b9c0f1b6a831c399e269772661",
)
NAMES = (
    *(b"bad.example", b"WWW.Bad.Example", b"notbad.example", b"bad.example.test", b"a.b.c2.test"),
    *(b"c2.test.example", "tài-khoản-giả.example".encode(), b"xn--ti-khon-gi-h4a7452gea.example"),
    *(b"web.test", b"good.example", b"clean.example", b"example"),
)
V4 = (
    *(b"203.0.113.77", b"203.0.113.78", b"203.0.113.8", b"198.51.100.15", b"198.51.100.16"),
    *(b"192.0.2.1", b"10.20.3.41", b"1.203.0.113", b"2.203.0.113"),
)
V6 = (b"2001:db8:bad::77", b"2001:db8:bad:1::5", b"2001:db8:1::9", b"::ffff:203.0.113.77")

_NAME = re.compile(rb"(?<![\w.-])(?:[a-z0-9_-]+\.)+(?:example|test)(?![\w.-])")
_V4 = re.compile(rb"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_V6 = re.compile(rb"2001:db8:[0-9a-f:]+(?![\w.])")


def indicators() -> IndicatorSet:
    """Return the indicators that are planted."""
    found = [
        Indicator(
            one.key,
            one.shown,
            one.kind,
            one.rule,
            one.port,
            origins=(Origin("list.txt", "0" * 64, row, text),),
        )
        for row, text in enumerate(LISTED, 1)
        for one in parse_value(text, ListOptions()).values
    ]
    return IndicatorSet(tuple(sorted(found, key=lambda one: one.key)))


def sample_logs() -> list[Path]:
    """Return the samples of all formats."""
    return sorted(SAMPLES.glob("*/*.log"))


def generated(sample: Path, rng: random.Random, count: int = 150) -> bytes:
    """Return a log of the form of `sample`, with about `count` lines."""
    content = sample.read_bytes()
    lines = content.removesuffix(b"\n").split(b"\n")
    head = [line for line in lines[:12] if line.startswith(b"#")] or lines[:1]
    body = [line for line in lines if not line.startswith(b"#")]
    made = [_planted(rng.choice(body), rng) for _ in range(count)]
    if rng.random() < 0.5:
        made.insert(rng.randrange(count), head[-1])
    made = [_damaged(line, rng) if rng.random() < 0.15 else line for line in made]
    return b"\n".join([*head, *made]) + rng.choice([b"\n", b"", b"\n\n", b"\r\n"])


def _planted(line: bytes, rng: random.Random) -> bytes:
    for pattern, values in ((_NAME, NAMES), (_V4, V4), (_V6, V6)):
        line = pattern.sub(
            lambda found, values=values: rng.choice(values) if rng.random() < 0.5 else found[0],
            line,
        )
    return line


def _damaged(line: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(line) + 1)
    return rng.choice(list(_damages(line, place)))


def _damages(line: bytes, place: int) -> Iterator[bytes]:
    yield line[:place]
    yield line[place:]
    yield line[:place] + b"\x00\xff" + line[place:]
    yield line[:place] + line[place + 7 :]
    yield line + line[:place]
    yield line.replace(b"\t", b" ").replace(b'"', b"'")
    yield b""
