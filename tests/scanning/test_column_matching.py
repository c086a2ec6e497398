"""Events in columns meet what each of them meets by itself."""

import random
from typing import Any, cast

import pyarrow as pa
import pytest

from quetsach.captures.contract import FLOW_ANSWER
from quetsach.formats.shared.event_columns import columns_of
from quetsach.indicators.model import Claim
from quetsach.scanning.column_matching import ColumnMatcher
from quetsach.scanning.job import WorkerTools
from quetsach.scanning.line_outcomes import rank_of
from quetsach.scanning.matching import match_event
from quetsach.schema import Event
from tests.scanning.test_batch_matching import ALWAYS, HOSTS, USUAL, WINDOWED, _tools

FADING = _tools(Claim(confidence=80, last_seen_us=1_600_000_000_000_000))
FIELDS: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(("dns.question.name", "destination.domain", "destination.ip"), USUAL),
    "source.ip": USUAL,
    "url.domain": (None, *USUAL),
    "url.full": (None, None, "http://web.test/gate", "http://good.example/"),
    "event.dataset": ("zeek.dns", "netfilter", "x", FLOW_ANSWER),
    "event.type": ("denied", "protocol"),
    "event.outcome": (None, "failure"),
    "event.action": (None, "permitted"),
    "dns.response_code": (None, "NOERROR", "NXDOMAIN"),
    "source.port": (None, 443, 500, 50_000),
    "destination.port": (None, 443, 4500, 50_000),
    "source.bytes": (None, 0, 7),
    "destination.bytes": (None, 0, 7),
    "@timestamp": (None, 1_660_000_000_000_000, 1_662_000_000_000_000),
}


def _drawn(rng: random.Random) -> dict[str, Any]:
    names = [name for name in FIELDS if rng.random() < 0.5]
    event = {name: rng.choice(FIELDS[name]) for name in names}
    if rng.random() < 0.1:
        event["dns.question.name"] = rng.choice(HOSTS)
    if rng.random() < 0.4:
        event["dns.answers"] = rng.choices(USUAL, k=rng.randrange(1, 4))
    return {name: value for name, value in event.items() if value is not None}


def _hits(event: Event, line: bytes, tools: WorkerTools) -> list[Any]:
    best: dict[str, Any] = {}
    for hit in match_event(event, line, tools.lookup):
        known = best.setdefault(hit.indicator.key, hit)
        if rank_of(hit) > rank_of(known):
            best[hit.indicator.key] = hit
    return [*best.values()]


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("tools", [ALWAYS, WINDOWED, FADING], ids=["always", "windowed", "fading"])
def test_columns_meet_what_each_event_meets(number: int, tools: WorkerTools) -> None:
    rng = random.Random(number)
    matcher = ColumnMatcher(tools.lookup, tools.sieve)
    sure = 0
    for _ in range(2):
        events = [_drawn(rng) for _ in range(120)]
        lines = [
            (place, " ".join(map(str, event.values())).encode())
            for place, event in enumerate(events)
        ]
        columns = columns_of(lines, events)
        assert columns is not None
        met = matcher.match_columns(columns)
        hits: dict[int, list[Any]] = {}
        for row, hit in zip(met.rows.to_pylist(), met.numbers.to_pylist(), strict=True):
            hits.setdefault(row, []).append(met.hits[hit])
        assert met.rows.to_pylist() == sorted(met.rows.to_pylist())
        assert met.lines == len(hits)
        for (row, line), event in zip(lines, events, strict=True):
            if row in met.odd:
                assert row not in hits
            else:
                sure += bool(hits.get(row))
                assert hits.get(row, []) == _hits(cast("Event", event), line, tools), (event, line)
    assert sure
    assert isinstance(met.rows, pa.Array)
