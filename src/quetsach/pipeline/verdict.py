"""What became of the lines that were parsed: sighting, no match, or reject."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from quetsach.formats.contract import Line, Rows
from quetsach.match.hits import Hit, match_event
from quetsach.pipeline.job import Tools
from quetsach.schema import Event


@dataclass(frozen=True)
class Sighting:
    """One record that meets one indicator."""

    offset: int
    line: bytes
    event: Event
    hit: Hit


@dataclass
class Verdict:
    """The sightings of some lines, and how many lines ended how; the rest stays sieved out."""

    sightings: list[Sighting] = field(default_factory=list)
    sighting_lines: int = 0
    no_match: int = 0
    rejects: int = 0


def judge(lines: Sequence[Line], rows: Rows, candidates: set[int], tools: Tools) -> Verdict:
    """Return what became of `lines`, of which the sieve let `candidates` (offsets) through.

    Only candidates can be sightings: what the sieve did not let through holds no indicator.
    """
    verdict = Verdict(rejects=len(rows.rejects))
    met: dict[int, dict[str, Sighting]] = {}
    raw = dict(lines)
    for offset, event in rows.events:
        if offset not in candidates or not _in_span(event, tools):
            continue
        line = raw[offset]
        for hit in match_event(event, line, tools.lookup):
            _keep_best(met.setdefault(offset, {}), Sighting(offset, line, event, hit))
    rejected = {reject.offset for reject in rows.rejects}
    verdict.sightings = [one for by_key in met.values() for one in by_key.values()]
    verdict.sighting_lines = len(met)
    verdict.no_match = len(candidates - met.keys() - rejected)
    return verdict


def _keep_best(by_key: dict[str, Sighting], sighting: Sighting) -> None:
    """Keep one sighting per line and indicator, the strongest, when a line holds many records."""
    key = sighting.hit.indicator.key
    known = by_key.get(key)
    if known is None or sighting.hit.grade.rank > known.hit.grade.rank:
        by_key[key] = sighting


def _in_span(event: Event, tools: Tools) -> bool:
    options = tools.job.options
    when = event.get("@timestamp")
    if when is None:
        return True
    return not (
        (options.since_us is not None and when < options.since_us)
        or (options.until_us is not None and when >= options.until_us)
    )
