"""What a watch met, sealed: an ordinary findings folder of all that is in none yet."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from quetsach.clocks import MICROSECONDS
from quetsach.errors.exceptions import Problem
from quetsach.findings.folder import new_folder, read_manifest
from quetsach.findings.signed import digest_of_manifest, sign_findings
from quetsach.findings.steps import local_day
from quetsach.formats.contract import Reject
from quetsach.scanning.declared_sources import source_for
from quetsach.scanning.grades import SightingGrade
from quetsach.scanning.job import WorkerTools
from quetsach.scanning.line_outcomes import LineCounts
from quetsach.scanning.plan import Plan, PlannedFile
from quetsach.schema import SIGHTING
from quetsach.scratch_folders import scratch_folder
from quetsach.sweeping.gather import GatheredEvidence
from quetsach.sweeping.sweep import LookedAtPart, ReadEvidence, SweepRequest, write_findings
from quetsach.watch.files import identity_at
from quetsach.watch.instant_names import ASKS, RELAYS
from quetsach.watch.keeping import signed
from quetsach.watch.parts import planned_of
from quetsach.watch.sealed_texts import (
    SealedText,
    keep_sealed_end,
    open_rows,
    open_texts,
    silent_text,
    told_rows,
    told_texts,
)
from quetsach.watch.state import WatchState
from quetsach.watch.streams import form_of, plan_of
from quetsach.watch.whole_files import leases_of

INSTANT, HOURLY, DAY = "instant", "sealed", "day"
"""The kinds of folders: at once for a new device, each hour, and each day named again."""


@dataclass(frozen=True)
class SealedFolder:
    """A folder that was written, and the numbers of its sightings as SQLite has them."""

    path: Path
    kind: str
    digest: str
    numbers: Sequence[int]


class Sealer:
    """Writes what is in no folder yet into the next one."""

    def __init__(
        self, state: WatchState, request: SweepRequest, tools: WorkerTools, target: Path
    ) -> None:
        """Write into new folders in `target`, signed by the key of `request`, if it has one."""
        self.state, self.target = state, target
        self._request, self._tools = request, tools
        self._zone = ZoneInfo(request.options.zone)

    def use(self, tools: WorkerTools) -> None:
        """Name another list in the next folders."""
        self._tools = tools
        self._request = replace(self._request, indicators=tools.job.indicators)

    def seal(self, kind: str, now_us: int) -> SealedFolder | None:
        """Write and keep a folder of what is in none yet; None where nothing was looked at.

        Errors: QuetsachError E301, E302 for the folder; sqlite3.Error: the next one tells it.
        """
        texts = list(open_texts(self.state, self._zone))
        if not texts:
            return None
        rows = [(one, row) for one in _first_members(texts) for row in open_rows(self.state, one)]
        sealed = self._written(kind, texts, rows, now_us)
        with self.state.round():
            number = self._keep(sealed, local_day(now_us, self._zone), now_us)
            self.state.each(
                "UPDATE sighting SET outbox = ? WHERE number = ?",
                ((number, sighting) for sighting in sealed.numbers),
            )
            for text in texts:
                _keep_told(self.state, text, number)
                keep_sealed_end(self.state, text)
        return sealed

    def seal_day(self, day: str, now_us: int) -> SealedFolder | None:
        """Write a folder of all that those of `day` tell, named by what is known by now.

        It takes the place of those folders: its sightings have the same numbers. None where no
        sighting is in them, so that there is nobody to be named.
        """
        hours = self.state.run(
            "SELECT number, digest, sightings FROM outbox WHERE day = ? AND kind != ?", day, DAY
        )
        numbers = [number for number, _digest, _sightings in hours]
        if not any(sightings for _number, _digest, sightings in hours):
            return None
        texts = list(told_texts(self.state, numbers, self._zone))
        rows = [
            (one, row)
            for one in _first_members(texts)
            for row in told_rows(self.state, one, numbers)
        ]
        more = {
            "day": day,
            "replaces": sorted(
                digest.removeprefix("sha256:") for _number, digest, _sightings in hours
            ),
        }
        sealed = self._written(DAY, texts, rows, now_us, more)
        with self.state.round():
            self._keep(sealed, day, now_us)
        return sealed

    def _keep(self, sealed: SealedFolder, day: str, now_us: int) -> int:
        self.state.run(
            "INSERT INTO outbox(kind, folder, digest, day, made_us, sightings) "
            "VALUES(?, ?, ?, ?, ?, ?)",
            *(sealed.kind, str(sealed.path), sealed.digest, day, now_us, len(sealed.numbers)),
        )
        return int(self.state.run("SELECT last_insert_rowid()")[0][0])

    def _written(
        self,
        kind: str,
        texts: Sequence[SealedText],
        rows: Iterable[tuple[SealedText, pa.RecordBatch]],
        now_us: int,
        more: dict[str, Any] | None = None,
    ) -> SealedFolder:
        when = datetime.fromtimestamp(now_us / MICROSECONDS, self._zone)
        target = _free(self.target, f"{when:%Y%m%d-%H%M%S}-{kind}")
        with scratch_folder(self.state.folder) as spool:
            gathering = _Gathering(self.state, self._zone, spool)
            for text in texts:
                gathering.add_text(text)
            gathering.add_rows(rows)
            gathering.add_leases()
            plan = Plan(tuple(self._planned(text) for text in gathering.texts), ())
            part = _part_of(texts, {"folder": kind, "watch": self.state.uuid(), **(more or {})})
            read = ReadEvidence(plan, self._tools, gathering.gathered())
            with new_folder(target) as folder:
                write_findings(self._request, read, folder, part)
                if self._request.key is not None:
                    sign_findings(folder, self._request.key, when)
            digest = digest_of_manifest(read_manifest(target))
        return SealedFolder(target, kind, digest, gathering.numbers)

    def _planned(self, text: SealedText) -> PlannedFile:
        """Return how a text was read, of its file itself where that still is the same text."""
        planned_then, stream = planned_of(text.part.text), text.stream
        if not text.member and identity_at(stream.path) == (stream.dev, stream.ino):
            with suppress(OSError):
                planned = plan_of(Path(stream.path), stream.path, text.place, self._tools)
                if isinstance(planned, PlannedFile) and form_of(planned) == stream.form:
                    planned_then = replace(planned, year_source=planned_then.year_source)
        shown = text.source.path
        declared = source_for(shown, self._request.options.sources)
        return replace(planned_then, shown=shown, declared=declared)


@dataclass
class _Gathering:
    """What a folder is written from, gathered out of the state."""

    state: WatchState
    zone: ZoneInfo
    spool: Path
    texts: list[SealedText] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    _rows: list[tuple[int, Path]] = field(default_factory=list)
    _leases: list[tuple[int, Path]] = field(default_factory=list)
    _paths: set[str] = field(default_factory=set)

    def add_text(self, text: SealedText) -> int:
        """Add a text; return its place. Two texts that had one name are told apart."""
        if text.source.path in self._paths:
            text.source.path += f" ({text.stream.number})"
        self._paths.add(text.source.path)
        self.texts.append(text)
        return len(self.texts) - 1

    def add_rows(self, rows: Iterable[tuple[SealedText, pa.RecordBatch]]) -> None:
        """Add sightings, each in the text that it is of."""
        by_place: dict[int, list[pa.RecordBatch]] = {}
        members = {(one.stream.number, one.member): at for at, one in enumerate(self.texts)}
        for text, batch in rows:
            self.numbers += map(signed, batch.column("quetsach.sighting.id").to_pylist())
            for member, part in _by_member(text, batch):
                place = members.get((text.stream.number, member), self.texts.index(text))
                by_place.setdefault(place, []).append(_in_file(part, self.texts[place]))
        for place, text in enumerate(self.texts):
            _count(text, by_place.get(place, ()))
        for place, batches in sorted(by_place.items()):
            path = self.spool / f"sightings-{place:06d}.arrow"
            with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, SIGHTING) as writer:
                for batch in batches:
                    writer.write_batch(batch)
            self._rows.append((place, path))

    def add_leases(self) -> None:
        """Add all leases that are known, with the texts that tell them."""
        places = {one.stream.number: at for at, one in reversed(list(enumerate(self.texts)))}
        leases = self.state.run(
            "SELECT stream, rows FROM row_batch WHERE kind = 'lease' ORDER BY number"
        )
        for number, (stream, rows) in enumerate(leases):
            if stream not in places:
                text = silent_text(self.state, stream, self.zone)
                if text is None:
                    continue
                places[stream] = self.add_text(text)
            path = self.spool / f"leases-{number:06d}.arrow"
            path.write_bytes(leases_of(places[stream], rows))
            self._leases.append((places[stream], path))

    def gathered(self) -> GatheredEvidence:
        """Return it all."""
        gathered = GatheredEvidence([one.source for one in self.texts], self._rows, self._leases)
        gathered.asks, gathered.relays = self._pairs(ASKS), self._pairs(RELAYS)
        for place, text in enumerate(self.texts):
            if text.source.part_from == text.place:
                continue
            for client, resolver, when in text.part.encrypted:
                gathered.encrypted.setdefault((client, resolver), (place, when))
            gathered.rejects += [
                (text.source.path, Reject(offset, reason, excerpt))
                for offset, reason, excerpt in text.part.rejects
            ]
            gathered.problems += [
                Problem(code, text.source.path, facts) for code, _where, facts in text.part.problems
            ]
        return gathered

    def _pairs(self, kind: str) -> set[tuple[str, str]]:
        return set(self.state.run("SELECT client, server FROM pair WHERE kind = ?", kind))


def _first_members(texts: Sequence[SealedText]) -> list[SealedText]:
    """Return one text of each stream."""
    return list({one.stream.number: one for one in reversed(texts)}.values())


def _by_member(text: SealedText, batch: pa.RecordBatch) -> Iterator[tuple[str, pa.RecordBatch]]:
    """Yield the rows of each text in a file that is read as a whole."""
    if not text.member:
        yield "", batch
        return
    paths = batch.column("log.file.path").to_pylist()
    for path in dict.fromkeys(paths):
        yield path, batch.filter(pa.array([one == path for one in paths]))


def _count(text: SealedText, batches: Iterable[pa.RecordBatch]) -> None:
    """Count the rows of a text: what another one has as well, and what was planted, is not here."""
    grades = [one for batch in batches for one in batch.column("quetsach.grade").to_pylist()]
    mentions = grades.count(str(SightingGrade.MENTIONED))
    text.source.sighting_rows = len(grades) - mentions
    text.source.mention_rows = mentions


def _in_file(batch: pa.RecordBatch, text: SealedText) -> pa.RecordBatch:
    """Return rows under the name that the folder gives to their text."""
    place = SIGHTING.get_field_index("log.file.path")
    names = pa.array([text.source.path] * batch.num_rows, SIGHTING.field(place).type)
    columns = [*batch.columns[:place], names, *batch.columns[place + 1 :]]
    return pa.RecordBatch.from_arrays(columns, schema=SIGHTING)


def _part_of(texts: Sequence[SealedText], more: dict[str, Any]) -> LookedAtPart:
    counts = LineCounts()
    for text in texts:
        counts.add(LineCounts(**text.part.counts))
    return LookedAtPart(counts, sum(text.part.read_bytes for text in texts), {"watch": more})


def _free(folder: Path, name: str) -> Path:
    """Return a path in `folder` that is not there yet."""
    path, number = folder / name, 1
    while path.exists():
        number += 1
        path = folder / f"{name}-{number}"
    return path


def _keep_told(state: WatchState, text: SealedText, number: int) -> None:
    """Keep that a folder tells the new parts of a text, which are one from now on."""
    first = state.run("SELECT MIN(first) FROM part WHERE number = ?", text.fresh[0])[0][0]
    state.each("DELETE FROM part WHERE number = ?", ((one,) for one in text.fresh))
    part = text.part.written()
    state.run(
        "INSERT INTO part(stream, member, first, ends, chain, facts, outbox) "
        "VALUES(?, ?, ?, ?, ?, ?, ?)",
        *(text.stream.number, text.member, first, text.place, text.chain, part, number),
    )
