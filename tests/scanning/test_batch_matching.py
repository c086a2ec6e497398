"""Matched at once or one by one: the same hits, in the same order, whatever a line holds."""

import random
from collections.abc import Sequence
from typing import Any, cast

import pytest

from quetsach.captures.contract import FLOW_ANSWER, FLOW_HALF
from quetsach.clocks import MICROSECONDS
from quetsach.formats.contract import Line
from quetsach.formats.registry import recognise
from quetsach.formats.shared import text_lines
from quetsach.indicators.model import Claim, Indicator, IndicatorSet
from quetsach.indicators.options import ListOptions
from quetsach.indicators.values import parse_value
from quetsach.scanning import batch_matching
from quetsach.scanning.batch_matching import BatchMatcher, Row
from quetsach.scanning.job import ScanJob, WorkerTools, prepare
from quetsach.scanning.matching import match_event
from quetsach.schema import Event
from tests.scanning.generated import generated, indicators, sample_logs

PLAIN = prepare(ScanJob(indicators()))


LISTED = (
    *("bad.example", "x-bad.example", "bad.example.org.test", "ad.example", "2e.bad.test"),
    *("203.0.113.77", "203.0.113.8:443", "198.51.100.0/28", "2001:db8:bad::77", "20.203.0.113"),
    *(
        "64:ff9b::cb00:714d",
        "2001:db8:bad:1::/64",
        "http://web.test/gate",
        "web.test",
        "10.0.0.7:53",
    ),
    *("0cc175b9c0f1b6a831c399e269772661", "tài-khoản-giả.example", "http://198.51.100.3/x"),
)


def _tools(claim: Claim) -> WorkerTools:
    """Return tools that look for LISTED, each with `claim`."""
    values = [one for text in LISTED for one in parse_value(text, ListOptions()).values]
    made = [
        Indicator(one.key, one.shown, one.kind, one.rule, one.port, claim)
        for one in sorted(values, key=lambda one: one.key)
    ]
    return prepare(ScanJob(IndicatorSet(tuple(made))))


ALWAYS = _tools(Claim(confidence=80, last_seen_us=1_660_000_000 * MICROSECONDS))
WINDOWED = _tools(
    Claim(valid_from_us=1_661_000_000 * MICROSECONDS, valid_until_us=1_663_000_000 * MICROSECONDS)
)


def _agree(rows: list[Row], tools: WorkerTools, clock_us: int = 0) -> int:
    matcher = BatchMatcher(tools.lookup, tools.sieve, clock_us)
    at_once = matcher.match(rows)
    for (line, event), hits in zip(rows, at_once, strict=True):
        assert hits == match_event(event, line, tools.lookup, clock_us), (line, event)
    # What was learnt changes nothing.
    assert matcher.match(rows[::-1]) == at_once[::-1]
    return sum(map(len, at_once))


def _lines(content: bytes) -> list[Line]:
    place, lines = 0, []
    for line in content.split(b"\n"):
        lines.append((place, line))
        place += len(line) + 1
    return lines


@pytest.mark.parametrize("number", range(4))
def test_logs_of_all_forms_meet_the_same(number: int) -> None:
    rng = random.Random(number)
    met = 0
    for sample in rng.sample(sample_logs(), 6):
        content = generated(sample, rng, 25)
        form = recognise(content)
        lines = _lines(content)
        raw = dict(lines)
        parsed = form.parse(lines, form.layout(content), PLAIN.zone)
        rows = [(raw[offset], event) for offset, event in parsed.events]
        met += _agree(rows, PLAIN)
        texts = [(line, cast("Event", text_lines.read(line, PLAIN.zone))) for _, line in lines]
        met += _agree(texts, PLAIN)
    assert met


USUAL = (
    *(
        "bad.example",
        "www.bad.example",
        "good.example",
        "x-bad.example",
        "203.0.113.77",
        "10.0.0.7",
    ),
    *("203.0.113.8", "198.51.100.3", "2001:db8:bad::77", "web.test", "dns.google", "10.0.0.1"),
)
HOSTS = (
    *("WWW.BAD.EXAMPLE", "notbad.example", "bad.example.", "bad.example:443", "c2.test", "example"),
    *(
        "203.0.113.8:443",
        "[2001:db8:bad::77]:80",
        "bad.example.org.test",
        "2e.bad.test",
        "ad.example",
    ),
    *("::ffff:203.0.113.77", "2001:db8:bad:1::5", "::ffff:cb00:714d", "tài-khoản-giả.example", ""),
    *(
        "bad\u3002example",
        "ｂad.example",
        "0cc175b9c0f1b6a831c399e269772661.bad.example",
        " c2.test ",
    ),
    *(
        "x.203.0.113.77",
        "203.0.113.77.443",
        "64:ff9b::203.0.113.77",
        "..bad.example",
        "20.203.0.113",
    ),
    *("a-203.0.113.77", "x" * 300 + ".bad.example", "2001:db8:bad::77:443", "203.0.113.077"),
    *("cb.203.0.113.77", "2001:db8:bad:1:2:3:77:443", "A.B.203.0.113.77", "203.0.113.7"),
)
URLS = (
    *(
        "http://web.test/gate",
        "http://web.test/gate?x=bad.example",
        "https://u@web.test:443/gate/2",
    ),
    *("http%3A%2F%2Fweb.test%2Fgate", "http:\\/\\/web.test\\/gate", "x://a,web.test/gate"),
    *("http://good.example/http://web.test/gate", "web.test/gate", "://web.test/gate"),
    *("http://203.0.113.8:443/", "//web.test/gate", "http://198.51.100.3/x"),
)
BORDERS = (
    *(
        "(3)",
        "%",
        "\\",
        "\\.",
        ".",
        "-",
        "_",
        ":",
        ":443",
        ":443:",
        "x",
        "x-",
        ".org.test",
        "20.",
        "\\",
    ),
    *(
        "/",
        "@",
        "#53",
        "%2e",
        "%20",
        "\\x2e",
        "é",
        "[",
        "]",
        "\n",
        "",
        "\\u002e",
        "\x00",
        "64:ff9b::",
    ),
)
QUIET = ("\t", " ", '"', ",", "=", "(", ")", ";", "|", "/", "#", "'")


def _made(rng: random.Random) -> Row:
    """Return a line and an event that share some hosts; most stand alone, some in odd company."""
    hosts = [rng.choice(USUAL if rng.random() < 0.8 else HOSTS) for _ in range(4)]
    fields: dict[str, Sequence[Any]] = {
        "dns.question.name": hosts,
        "dns.answers": [hosts[:2], [hosts[3]]],
        "url.full": URLS if rng.random() < 0.2 else (),
        "url.domain": hosts,
        "destination.domain": hosts,
        "destination.ip": hosts,
        "source.ip": hosts,
        "destination.port": (443, 80, 53),
        "source.port": (443, 50_000),
        "event.dataset": ("zeek.dns", "text", FLOW_ANSWER, FLOW_HALF, "ids.alert"),
        "event.type": ("denied", "connection"),
        "@timestamp": (1, 1_662_000_000 * MICROSECONDS),
        "file.hash.md5": ("0cc175b9c0f1b6a831c399e269772661", "0" * 32)[rng.random() < 0.9 :],
    }
    event = {name: rng.choice(of) for name, of in fields.items() if of and rng.random() < 0.25}
    told = [one for one in event.values() if isinstance(one, str) and one not in ("text", "denied")]
    words = [*told, *rng.choices(hosts, k=rng.randrange(3))]
    words += rng.choices(URLS, k=rng.random() < 0.1)
    rng.shuffle(words)
    text = "".join(
        rng.choice(BORDERS if rng.random() < 0.1 else QUIET) + word for word in [*words, ""]
    )
    return text.encode(), cast("Event", event)


@pytest.mark.parametrize("seed", range(4))
def test_odd_hosts_in_odd_borders_meet_the_same(seed: int) -> None:
    rng = random.Random(seed)
    rows = [_made(rng) for _ in range(200)]
    assert _agree(rows, ALWAYS) > 100
    assert _agree(rows, WINDOWED, -MICROSECONDS) > 100


def test_no_line_is_no_hit() -> None:
    assert BatchMatcher(PLAIN.lookup, PLAIN.sieve).match([]) == []


def test_what_was_learnt_is_forgotten_where_it_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_matching, "MOST_HOSTS", 3)
    rng = random.Random(9)
    matcher = BatchMatcher(PLAIN.lookup, PLAIN.sieve)
    for _ in range(30):
        line, event = _made(rng)
        assert matcher.match([(line, event)]) == [match_event(event, line, PLAIN.lookup)]
