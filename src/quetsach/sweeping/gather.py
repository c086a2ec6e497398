"""Results of splits gathered per file: counts, digests, facts, and the sightings kept on disk."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa
from pyroaring import BitMap

from quetsach.containers.streams import Codec
from quetsach.errors.exceptions import Problem
from quetsach.evidence.digests import blake3_of_file, chain, file_digest, sha256_of_file
from quetsach.evidence.line_ends import LineEnds
from quetsach.evidence.storage import ShrunkError
from quetsach.findings.coverage import SourceCoverage
from quetsach.formats.contract import LogLayout, Reject
from quetsach.scanning.activity import RecordCounts
from quetsach.scanning.plan import Plan, PlannedFile, Split
from quetsach.scanning.scan import SplitResult
from quetsach.scanning.staged import keep_rows
from quetsach.sweeping.token_days import TokenDays

MOST_REJECTS = 1000
"""How many rejects are shown with their excerpt; all are counted."""


def rows_of(spools: Sequence[tuple[int, Path]], schema: pa.Schema) -> pa.Table:
    """Return all rows of some spools as one table."""
    batches: list[pa.RecordBatch] = []
    for _number, path in spools:
        with path.open("rb") as file, pa.ipc.open_stream(file) as stream:
            batches += list(stream)
    return pa.Table.from_batches(batches, schema)


Rescan = Callable[[Split], SplitResult]


@dataclass
class GatheredEvidence:
    """All that a sweep found before anybody is named.

    Shapes: `spools` are Arrow IPC files of sightings in the plan's order, with the file number;
    `lease_spools` those of LEASE rows.
    """

    sources: list[SourceCoverage]
    spools: list[tuple[int, Path]] = field(default_factory=list)
    lease_spools: list[tuple[int, Path]] = field(default_factory=list)
    asks: set[tuple[str, str]] = field(default_factory=set)
    relays: set[tuple[str, str]] = field(default_factory=set)
    encrypted: dict[tuple[str, str], tuple[int, int | None]] = field(default_factory=dict)
    rejects: list[tuple[str, Reject]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def gather(
    plan: Plan,
    splits: Sequence[Split],
    results: Iterable[SplitResult],
    spool: Path,
    rescan: Rescan,
    tokens: TokenDays | None = None,
) -> GatheredEvidence:
    """Return the results of `splits`, in order, added up per file; their tokens go to `tokens`."""
    gathered = GatheredEvidence([source_of(file) for file in plan.files])
    for number, of_file in _by_file(splits, results, rescan):
        told = of_file if tokens is None else tokens.taken(number, of_file)
        _add_file(gathered, number, plan.files[number], told, spool)
    _mark_duplicates(gathered)
    gathered.problems += grown_meanwhile(plan.files)
    return gathered


def grown_meanwhile(files: Sequence[PlannedFile]) -> Iterator[Problem]:
    """Yield a problem for each file that is longer now than when it was found: its end is unread.

    What lies in a storage has its own check, and one that went away was told by its scan.
    """
    for file in files:
        at, size = (
            (file.location, file.size)
            if file.origin is None
            else (file.origin.location, file.origin.size)
        )
        with suppress(OSError):
            if file.stored is None and (more := at.stat().st_size - size) > 0:
                yield Problem("E139", file.shown, {"count": more})


def source_of(file: PlannedFile) -> SourceCoverage:
    """Return a file of which nothing was read yet."""
    codec, size = (
        (file.codec, file.size) if file.origin is None else (file.origin.kind, file.origin.size)
    )
    source = SourceCoverage(file.shown, file.format, file.layout.dataset, codec, size)
    source.year_source = file.year_source
    source.head = file.head
    return source


def _by_file(
    splits: Sequence[Split], results: Iterable[SplitResult], rescan: Rescan
) -> Iterator[tuple[int, Iterator[SplitResult]]]:
    """Yield each file with its results, scanning anew what was read with an old layout."""
    pairs = zip(splits, results, strict=True)
    pending = next(pairs, None)

    def of_file(number: int) -> Iterator[SplitResult]:
        nonlocal pending
        layout: LogLayout | None = None
        while pending is not None and pending[0].file == number:
            split, result = pending
            if layout is not None and split.layout != layout:
                # A header in an earlier piece changed the layout; see ChangingFormat.
                result = rescan(replace(split, layout=layout))
            layout = result.layout
            yield result
            pending = next(pairs, None)

    while pending is not None:
        number = pending[0].file
        yield number, of_file(number)


def _add_file(
    gathered: GatheredEvidence,
    number: int,
    file: PlannedFile,
    results: Iterator[SplitResult],
    spool: Path,
) -> None:
    source = gathered.sources[number]
    pieces: list[bytes] = []
    whole: bytes | None = None
    asks: set[tuple[str, str]] = set()
    relays: set[tuple[str, str]] = set()
    for result in results:
        pieces += result.pieces
        whole = result.packed_digest or result.whole
        asks |= result.facts.asks
        relays |= result.facts.relays
        for pair, when in result.facts.encrypted.items():
            gathered.encrypted.setdefault(pair, (number, when))
        add_result(source, result)
        gathered.problems += [one for one in result.problems if one not in gathered.problems[-8:]]
        room = MOST_REJECTS - len(gathered.rejects)
        gathered.rejects += [(source.path, one) for one in result.rejects[:room]]
        for kept, content, kind in (
            (gathered.spools, result.sightings, "sightings"),
            (gathered.lease_spools, result.leases, "leases"),
        ):
            if content:
                path = spool / f"{kind}-{len(kept):06d}.arrow"
                keep_rows(content, path)
                kept.append((number, path))
    source.links = chain(pieces)
    source.blake3 = _blake3(file, pieces, whole)
    gathered.asks |= asks
    gathered.relays |= relays


def _blake3(file: PlannedFile, pieces: Sequence[bytes], whole: bytes | None) -> str:
    """Return the BLAKE3 of the file's bytes, in hex: `whole`, or what its pieces of text make."""
    if file.origin is not None:
        return file.origin.blake3
    if file.line_ends not in (LineEnds.NEWLINE, LineEnds.JSON):
        # Its text is no copy of its bytes.
        try:
            return blake3_of_file(file.location, file.stored)
        except (OSError, ShrunkError):
            return ""
    digest = whole if len(pieces) < 2 or file.codec is not Codec.PLAIN else file_digest(pieces)
    return "" if digest is None else digest.hex()


def add_result(source: SourceCoverage, result: SplitResult) -> None:
    """Add what was looked at in a split."""
    source.counts.add(result.counts)
    source.read_bytes += result.raw_bytes
    source.text_bytes += result.text_bytes
    source.sighting_rows += result.sighting_rows
    source.mention_rows += result.mention_rows
    source.forms.add(result.forms)
    for dataset, tally in result.facts.records.items():
        source.records.setdefault(dataset, RecordCounts()).add(tally)
    source.alive_cut |= result.hours.alive_cut
    for reason, count in result.reject_reasons.items():
        source.reject_reasons[reason] = source.reject_reasons.get(reason, 0) + count
    for hour, lines in result.hours.lines.items():
        source.hours[hour] = source.hours.get(hour, 0) + lines
    for hour, alive in result.hours.alive.items():
        source.alive.setdefault(hour, BitMap()).update(alive)
    source.zone = result.facts.zone or source.zone
    source.zone_applied |= result.facts.zone_applied
    first, last = result.facts.first_us, result.facts.last_us
    if first is not None and last is not None:
        source.first_us = first if source.first_us is None else min(source.first_us, first)
        source.last_us = last if source.last_us is None else max(source.last_us, last)


def _mark_duplicates(gathered: GatheredEvidence) -> None:
    """Mark files with the same text as an earlier one, packed or not; leave their sightings out.

    Where the date of a file, as by its name, gives its lines other times, or its circumstances
    differ, they are not the same.
    """
    first: dict[tuple[object, ...], str] = {}
    for source in gathered.sources:
        text = source.chain, source.first_us, source.last_us, source.circumstances
        known = first.setdefault(text, source.path)
        if known != source.path:
            source.duplicate_of = known
    twins = {one.path for one in gathered.sources if one.duplicate_of is not None}
    for spools in (gathered.spools, gathered.lease_spools):
        spools[:] = [one for one in spools if gathered.sources[one[0]].path not in twins]
    gathered.rejects = [one for one in gathered.rejects if one[0] not in twins]


def add_sha256(plan: Plan, gathered: GatheredEvidence) -> None:
    """Read each file once more for its SHA-256; where that fails it is told (E140)."""
    for file, source in zip(plan.files, gathered.sources, strict=True):
        try:
            source.sha256 = sha256_of_file(
                file.origin.location if file.origin else file.location, file.stored
            )
        except (OSError, ShrunkError) as error:
            source.sha256 = None
            # What its scan could not read is told already.
            if all(problem.where != file.shown for problem in gathered.problems):
                reason = getattr(error, "strerror", None) or str(error)
                gathered.problems.append(Problem("E140", file.shown, {"reason": reason}))
