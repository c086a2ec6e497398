"""Files that do not grow line by line: archives, captures, tables, records of several lines.

Such a file is swept as a whole when it did not change for a while, and again when it changed.
"""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from quetsach.evidence.archives import open_archives
from quetsach.evidence.find import find_evidence
from quetsach.evidence.rendering import render_evidence
from quetsach.scanning.day_tokens import SpanTokens
from quetsach.scanning.job import WorkerTools
from quetsach.scanning.line_outcomes import LineCounts
from quetsach.scanning.plan import Plan, make_plan
from quetsach.scanning.scan import SplitResult, scan_split
from quetsach.schema import LEASE
from quetsach.sweeping.gather import GatheredEvidence, gather
from quetsach.watch.chunks import numbered
from quetsach.watch.files import SeenFile
from quetsach.watch.instant_names import ASKS, RELAYS, YEAR_KIND, ZONE_KIND
from quetsach.watch.keeping import (
    RoundRows,
    forget_from,
    forget_moved,
    forget_unread,
    keep_pairs,
    keep_rows_of,
    new_rows,
)
from quetsach.watch.parts import keep_member, parts_of_whole
from quetsach.watch.state import Stream, StreamState, WatchState


def read_whole(
    file: SeenFile, tools: WorkerTools, spool: Path, tokens: list[SpanTokens]
) -> tuple[Plan, GatheredEvidence]:
    """Return what a file holds, with all that is packed in it; its tokens, if wanted, in `tokens`.

    Errors: OSError of `spool`.
    """
    found = open_archives(*find_evidence([str(file.path)], spool), spool)
    files, problems = render_evidence(*found, spool)
    plan = make_plan(files, problems, tools.zone, tools.job.options.sources)
    splits = list(plan.splits())

    def results() -> Iterator[SplitResult]:
        for split in splits:
            result = scan_split(split, tools)
            tokens.extend(result.tokens)
            yield result

    return plan, gather(plan, splits, results(), spool, lambda split: scan_split(split, tools))


def keep_whole(
    state: WatchState,
    stream: Stream,
    read: tuple[Plan, GatheredEvidence],
    kept: RoundRows,
    now_us: int,
) -> None:
    """Keep what a whole file holds in the place of what it held before."""
    plan, gathered = read
    number = stream.number
    counts = LineCounts()
    for source in gathered.sources:
        counts.add(source.counts)
        kept.figures.bytes += source.read_bytes
    stream.state, stream.lines, stream.counts = StreamState.WHOLE, counts.lines, vars(counts)
    stream.cursor = 0
    stream.form = next((source.format for source in gathered.sources), "")
    forget_from(state, number, 0)
    state.save(stream)
    for chain, part in parts_of_whole(plan, gathered):
        keep_member(state, stream, part, chain)
    kept.figures.lines += counts.lines
    kept.figures.rejects += counts.rejects
    last_us = max(
        (one.last_us for one in gathered.sources if one.last_us is not None), default=None
    )
    size = sum(one.read_bytes for one in gathered.sources)
    kept.read_of(stream.path, counts.lines, size, last_us)
    for place, path in gathered.spools:
        batches = numbered(path.read_bytes(), gathered.sources[place].links)
        new_rows(state, number, batches, kept, now_us)
    forget_moved(state, number)
    for _place, path in gathered.lease_spools:
        keep_rows_of(state, "lease", number, 0, leases_of(number, path.read_bytes()))
    forget_unread(state, stream.path)
    # A declaration that this one file does not meet (E131) may be meant for the others.
    problems = (*plan.problems, *gathered.problems)
    kept.problems += [one for one in problems if one.code != "E131"]
    is_zoned = any(source.zone_applied for source in gathered.sources)
    years = (source.year_source for source in gathered.sources)
    is_guessed = any(year is not None and year.is_guess for year in years)
    pairs = [
        *((ASKS, *pair) for pair in gathered.asks),
        *((RELAYS, *pair) for pair in gathered.relays),
        *([(ZONE_KIND, str(number), "")] if is_zoned else []),
        *([(YEAR_KIND, str(number), "")] if is_guessed else []),
    ]
    keep_pairs(state, pairs)


def leases_of(stream: int, rows: bytes) -> bytes:
    """Return rows of LEASE as those of one stream."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, LEASE) as writer:
        for batch in _batches(rows):
            place = LEASE.get_field_index("file")
            own = pa.repeat(pa.scalar(stream, LEASE.field("file").type), batch.num_rows)
            columns = [*batch.columns[:place], own, *batch.columns[place + 1 :]]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=LEASE))
    return bytes(sink.getvalue().to_pybytes())


def _batches(rows: bytes) -> Iterator[pa.RecordBatch]:
    with pa.ipc.open_stream(rows) as stream:
        yield from stream
