"""What was looked at in each part of a followed text, kept until it is told in a findings folder.

A part tells of its lines what a sweep's coverage tells: how they ended, their hours, who spoke.
"""

from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
from pyroaring import BitMap

from quetsach.containers.streams import Codec
from quetsach.errors.exceptions import Problem
from quetsach.evidence.find import printable_path
from quetsach.findings.coverage import SourceCoverage
from quetsach.formats.contract import LogLayout
from quetsach.scanning.activity import RecordCounts
from quetsach.scanning.line_outcomes import LineCounts
from quetsach.scanning.log_signs import FormCounts
from quetsach.scanning.plan import Plan, PlannedFile, YearSource
from quetsach.sweeping.gather import GatheredEvidence, add_result, source_of
from quetsach.watch.state import Stream, WatchState
from quetsach.watch.streams import TextStep

MOST_REJECTS = 200
MOST_PROBLEMS = 50
MOST_ENCRYPTED = 10_000


class PartText(msgspec.Struct, frozen=True, array_like=True):
    """The text that a part is of, as it was planned.

    Shapes: `year` is kind and path of what told the year, empty for none.
    """

    path: str
    format: str
    dataset: str
    codec: str
    head: str
    blake3: str = ""
    size: int = 0
    is_utc: bool = False
    is_dated_by_name: bool = False
    year: tuple[str, ...] = ()


class PartFacts(msgspec.Struct, array_like=True):
    """What was looked at in a part of a text; the fields are those of SourceCoverage.

    Shapes: `alive` are addresses as 32-bit numbers by hour; of a reject offset, reason and excerpt;
    of a problem code, place and facts; of `encrypted` client, resolver and time.
    """

    text: PartText
    counts: dict[str, int]
    forms: dict[str, int]
    read_bytes: int
    text_bytes: int
    sighting_rows: int
    mention_rows: int
    hours: dict[int | None, int]
    alive: list[tuple[int | None, bytes]]
    is_alive_cut: bool
    records: dict[str, tuple[int, int, int]]
    reject_reasons: dict[str, int]
    zone: str | None
    is_zone_applied: bool
    first_us: int | None
    last_us: int | None
    rejects: list[tuple[int, str, bytes]] = []
    problems: list[tuple[str, str, dict[str, int | str]]] = []
    encrypted: list[tuple[str, str, int | None]] = []

    def written(self) -> bytes:
        """Return it as it is kept."""
        return msgspec.msgpack.encode(self)


def read_part(kept: bytes) -> PartFacts:
    """Return a part. Errors: msgspec.MsgspecError, ValueError for what no watch wrote."""
    return msgspec.msgpack.decode(kept, type=PartFacts)


def part_of(source: SourceCoverage, planned: PlannedFile) -> PartFacts:
    """Return what was looked at in a source, without its rejects and problems."""
    year = source.year_source
    text = PartText(
        source.path,
        source.format,
        source.dataset,
        str(source.codec),
        source.head,
        source.blake3,
        source.size,
        planned.layout.utc,
        planned.dated_by_name,
        () if year is None else (year.kind, year.path),
    )
    return PartFacts(
        text,
        dict(vars(source.counts)),
        dict(vars(source.forms)),
        source.read_bytes,
        source.text_bytes,
        source.sighting_rows,
        source.mention_rows,
        dict(source.hours),
        [(hour, spoke.to_array().tobytes()) for hour, spoke in source.alive.items() if spoke],
        source.alive_cut,
        {name: (one.records, one.timed, one.with_client) for name, one in source.records.items()},
        dict(source.reject_reasons),
        source.zone,
        source.zone_applied,
        source.first_us,
        source.last_us,
    )


def add_part(source: SourceCoverage, part: PartFacts) -> None:
    """Add what was looked at in a part."""
    source.counts.add(LineCounts(**part.counts))
    source.forms.add(FormCounts(**part.forms))
    source.read_bytes += part.read_bytes
    source.text_bytes += part.text_bytes
    source.sighting_rows += part.sighting_rows
    source.mention_rows += part.mention_rows
    for hour, lines in part.hours.items():
        source.hours[hour] = source.hours.get(hour, 0) + lines
    for hour, spoke in part.alive:
        source.alive.setdefault(hour, BitMap()).update(array("I", spoke))
    source.alive_cut |= part.is_alive_cut
    for name, counts in part.records.items():
        source.records.setdefault(name, RecordCounts()).add(RecordCounts(*counts))
    for reason, count in part.reject_reasons.items():
        source.reject_reasons[reason] = source.reject_reasons.get(reason, 0) + count
    source.zone = part.zone or source.zone
    source.zone_applied |= part.is_zone_applied
    source.first_us = min(_told(source.first_us, part.first_us), default=None)
    source.last_us = max(_told(source.last_us, part.last_us), default=None)


def _told(*times_us: int | None) -> list[int]:
    return [time_us for time_us in times_us if time_us is not None]


def planned_of(text: PartText) -> PlannedFile:
    """Return how a text was read, as far as is needed when it is gone."""
    year = YearSource(text.year[0], text.year[1]) if len(text.year) == 2 else None  # type: ignore[arg-type]
    return PlannedFile(
        text.path,
        Path(text.path),
        text.size,
        Codec.PLAIN,
        text.format,
        LogLayout(text.dataset, utc=text.is_utc),
        year_source=year,
        dated_by_name=text.is_dated_by_name,
        head=text.head,
    )


def empty_source(text: PartText) -> SourceCoverage:
    """Return a text of which nothing was read yet."""
    source = SourceCoverage(text.path, text.format, text.dataset, text.codec, text.size)
    source.head, source.blake3 = text.head, text.blake3
    source.year_source = planned_of(text).year_source
    return source


def merged(parts: Iterable[PartFacts]) -> PartFacts:
    """Return several parts of one text, at least one, as one part."""
    several = list(parts)
    source = empty_source(several[-1].text)
    for part in several:
        add_part(source, part)
    whole = part_of(source, planned_of(several[-1].text))
    for part in several:
        _add_examples(whole, part)
    return whole


def _add_examples(whole: PartFacts, part: PartFacts) -> None:
    whole.rejects += part.rejects[: MOST_REJECTS - len(whole.rejects)]
    for name in ("problems", "encrypted"):
        kept = getattr(whole, name)
        most = MOST_PROBLEMS if name == "problems" else MOST_ENCRYPTED
        known = {repr(one[:2]) for one in kept}
        kept += [one for one in getattr(part, name) if repr(one[:2]) not in known][
            : most - len(kept)
        ]


def part_of_step(step: TextStep, problems: Iterable[Problem]) -> PartFacts:
    """Return what a step looked at, with the problems that are told of it."""
    result = step.chunk.result
    source = source_of(step.planned)
    source.path, source.size = printable_path(step.stream.path), step.stream.size
    add_result(source, result)
    part = part_of(source, step.planned)
    part.rejects = [(one.offset, one.reason, one.excerpt) for one in result.rejects[:MOST_REJECTS]]
    part.problems = list(_plain(problems))
    part.encrypted = [
        (*pair, when) for pair, when in list(result.facts.encrypted.items())[:MOST_ENCRYPTED]
    ]
    return part


def parts_of_whole(plan: Plan, gathered: GatheredEvidence) -> Iterator[tuple[bytes, PartFacts]]:
    """Yield the chain of each text of a file that is read as a whole, and what it holds."""
    for number, (source, planned) in enumerate(zip(gathered.sources, plan.files, strict=True)):
        if source.duplicate_of is not None or not source.links:
            continue
        part = part_of(source, planned)
        part.rejects = [
            (one.offset, one.reason, one.excerpt)
            for path, one in gathered.rejects
            if path == source.path
        ][:MOST_REJECTS]
        part.problems = list(_plain(one for one in gathered.problems if one.where == source.path))
        part.encrypted = [
            (*pair, when) for pair, (of, when) in gathered.encrypted.items() if of == number
        ][:MOST_ENCRYPTED]
        yield source.links[-1], part


def _plain(problems: Iterable[Problem]) -> Iterator[tuple[str, str, dict[str, int | str]]]:
    for problem in list(problems)[:MOST_PROBLEMS]:
        facts = {
            name: fact if isinstance(fact, int) else str(fact)
            for name, fact in problem.facts.items()
        }
        yield problem.code, problem.where, facts


def keep_part(state: WatchState, stream: Stream, part: PartFacts, first: int) -> None:
    """Keep a part of a text that grows, from `first` to the place of the stream."""
    _keep(state, (stream.number, "", first, stream.cursor, stream.chain, part.written()))


def keep_member(state: WatchState, stream: Stream, part: PartFacts, chain: bytes) -> None:
    """Keep a text of a file that is read as a whole."""
    facts = (stream.number, part.text.path, 0, part.text_bytes, chain, part.written())
    _keep(state, facts)


def _keep(state: WatchState, facts: tuple[object, ...]) -> None:
    state.run(
        "INSERT INTO part(stream, member, first, ends, chain, facts, outbox) "
        "VALUES(?, ?, ?, ?, ?, ?, 0)",
        *facts,
    )
