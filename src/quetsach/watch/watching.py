"""The watch itself: round after round, each kept in one transaction."""

import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from quetsach.clocks import MICROSECONDS
from quetsach.errors.exceptions import Problem
from quetsach.evidence.find import printable_path
from quetsach.scanning.day_tokens import SpanTokens
from quetsach.scanning.job import WorkerTools
from quetsach.scratch_folders import scratch_folder
from quetsach.sweeping.own_network import OwnNetwork
from quetsach.watch.files import Follow, SeenFile, open_plain
from quetsach.watch.instant_names import InstantNames
from quetsach.watch.keeping import (
    RoundFigures,
    RoundRows,
    keep_problems,
    keep_step,
    name_rows,
)
from quetsach.watch.planted import part_planted, planted_in
from quetsach.watch.prints import WatchPrints
from quetsach.watch.receiving import SPOOL_FOLDER
from quetsach.watch.roster import CLOSE_S, REST_S, LiveFile, Roster
from quetsach.watch.scout import LEAST_LAG, Scout
from quetsach.watch.sources import SourceFigures, keep_sources, source_of
from quetsach.watch.state import Stream, StreamState, WatchState
from quetsach.watch.streams import ReplacedError
from quetsach.watch.whole_files import keep_whole, read_whole

LOOK_S = 1.0
"""How often files are looked for; those that are open are asked four times a second."""

MOST_OPEN = 400


@dataclass
class WatchRound:
    """What a round gave, once it is kept: new sightings with their devices, and its figures.

    `lag` are bytes that are there and not read yet; `problems` were not told before; `losses` are
    those of spools of which nothing was read yet.
    """

    rows: list[pa.RecordBatch] = field(default_factory=list)
    figures: RoundFigures = field(default_factory=RoundFigures)
    lag: int = 0
    problems: list[Problem] = field(default_factory=list)
    losses: dict[str, Problem] = field(default_factory=dict)


class Watch:
    """Follows files; whoever calls `round` again and again misses nothing."""

    def __init__(
        self,
        state: WatchState,
        follow: Sequence[str],
        tools: WorkerTools,
        knowledge: OwnNetwork,
        now_s: Callable[[], float],
    ) -> None:
        self.state, self._tools, self._now_s = state, tools, now_s
        self._names = InstantNames(state, tools, knowledge)
        self.roster = Roster(state, Follow(tuple(follow)), tools)
        self._looked_s = 0.0
        self._seen_s = 0.0
        self._told: set[tuple[str, str]] = set()
        self._begun_s, self._was_busy = 0.0, False
        self.losses: dict[str, Problem] = {}
        self._planted = planted_in(state.folder)
        self.prints = WatchPrints(state, tools.inside, is_wanted=tools.job.wants_tokens)
        self._scout = Scout(state, self._names, self._planted)

    def use(self, tools: WorkerTools) -> None:
        """Look for another list from the next chunk on."""
        self._tools = self.roster.tools = tools
        self._names.change(tools)
        self._planted = self._scout.planted = planted_in(self.state.folder)
        self._scout.forget()

    def close(self) -> None:
        """Close all files."""
        self.roster.close_all()

    def look_ahead(self) -> list[pa.RecordBatch]:
        """Return what is told before its turn, of texts that grow faster than they are read.

        It is kept when it is its turn: see Scout. Errors: sqlite3.Error.
        """
        if not self._scout.is_due(self._now_s()):
            return []
        early: list[pa.RecordBatch] = []
        loud = [file for file in self.roster.files.values() if self._lag(file) >= LEAST_LAG]
        self._scout.keep({file.live.stream.number for file in loud})
        for file in loud:
            # What it cannot be read for is told when it is its turn.
            with suppress(OSError, ReplacedError):
                early += self._scout.look(file.live, self._tools, len(loud))
        return early

    @property
    def put_off(self) -> int:
        """How many machines, each with an indicator, had to wait for their turn in floods."""
        return self._scout.lanes.put_off

    def round(self, *, to_end: bool = False) -> WatchRound:
        """Read a chunk of each text that grew; keep and return what is in it.

        With `to_end` last lines without end are read as they are.
        Errors: sqlite3.Error where the state cannot be written: nothing of the round is kept, and
        the next one reads it again.
        """
        begun_s = time.monotonic()
        if self._was_busy:
            # From one beginning to the next: what was read must be told, too.
            for file in self.roster.files.values():
                file.live.choose_most(begun_s - self._begun_s)
        self._begun_s, self._was_busy = begun_s, False
        try:
            with self.state.round():
                outcome = self._read(to_end=to_end)
        except sqlite3.Error:
            # What is in memory went further than what is kept.
            self.roster.close_all()
            self._names.change()
            self._scout.forget()
            self._looked_s = 0.0
            raise
        self._was_busy = outcome.figures.lines > 0
        self.losses = outcome.losses
        return outcome

    def _read(self, *, to_end: bool) -> WatchRound:
        now_s = self._now_s()
        kept, outcome = RoundRows(losses=dict(self.losses)), WatchRound()
        problems: list[Problem] = []
        if now_s - self._looked_s >= LOOK_S or to_end:
            problems += self.roster.look(now_s)
            self._looked_s = now_s
        has_changed = False
        for identity, file in list(self.roster.files.items()):
            has_changed |= self._advance(identity, file, kept, now_s, to_end=to_end)
        for whole in self.roster.settled_wholes(now_s):
            self._read_whole(whole, kept, now_s)
            has_changed = True
        if has_changed:
            self._names.change()
        part_planted(self.state, kept, self._planted, self.roster.follow.arguments, _us(now_s))
        outcome.losses = kept.losses
        outcome.rows = name_rows(self.state, kept, self._names)
        self._keep_sources(kept, now_s)
        outcome.figures = kept.figures
        outcome.lag = sum(self._lag(file) for file in self.roster.files.values())
        self._keep_seen(now_s, outcome.lag)
        fresh = self._new(problems)
        outcome.problems = [*fresh, *self._new(kept.problems)]
        keep_problems(self.state, [*fresh, *kept.problems], _us(now_s))
        return outcome

    def _advance(
        self,
        identity: tuple[int, int],
        file: LiveFile,
        kept: RoundRows,
        now_s: float,
        *,
        to_end: bool,
    ) -> bool:
        """Read a chunk of one text; return whether leases or roles changed."""
        live = file.live
        try:
            step = live.step(self._tools)
            if step is None and (to_end or self._rests(file, now_s)):
                step = live.step(self._tools, to_end=True)
        except ReplacedError:
            self.roster.replaced(identity, now_s)
            self._looked_s = 0.0
            return False
        except OSError as error:
            live.forget()
            kept.problems.append(_unread(live.stream.path, error))
            return False
        if step is None:
            self._close_resting(identity, file, now_s)
            return False
        # What its listener lost is lost for the fingerprints of the day, too.
        lost = kept.losses.get(str(Path(step.stream.path).parent))
        has_changed = keep_step(self.state, step, kept, _us(now_s))
        problems = (*step.chunk.result.problems, *([lost] if lost else []))
        self.prints.keep(step.stream.number, step.chunk.result.tokens, problems)
        live.take(step)
        file.grown_s = now_s
        return has_changed

    def _rests(self, file: LiveFile, now_s: float) -> bool:
        """Return whether a text is at its end, so that its last line is read as it is."""
        if file.packed is not None:
            return True
        try:
            changed_s = file.live.text.status().st_mtime
        except OSError:
            return False
        if changed_s > now_s:
            # Of a time that is to come it only tells that it did not change since.
            changed_s = max(file.grown_s, self.roster.begun_s)
        return now_s - max(changed_s, file.gone_s or 0.0) >= REST_S

    def _close_resting(self, identity: tuple[int, int], file: LiveFile, now_s: float) -> None:
        rests_s = now_s - file.grown_s
        if file.packed is not None:
            self.roster.close(identity, StreamState.PACKED)
        elif file.gone_s is not None and now_s - max(file.gone_s, file.grown_s) >= REST_S:
            self.roster.close(identity, StreamState.DONE)
        elif rests_s >= CLOSE_S or (len(self.roster.files) > MOST_OPEN and rests_s >= LOOK_S):
            self.roster.close(identity, StreamState.RESTING)

    def _read_whole(self, file: SeenFile, kept: RoundRows, now_s: float) -> None:
        streams = self.state.streams("dev = ? AND ino = ?", *file.identity)
        number = streams[-1].number if streams else self.state.next_number()
        stream = Stream(number, str(file.path), *file.identity, size=file.size)
        stream.mtime_ns = file.mtime_ns
        try:
            with scratch_folder(self.state.folder) as spool:
                # While it was waited for, a link may have been put in its place.
                os.close(open_plain(file))
                tokens: list[SpanTokens] = []
                read = read_whole(file, self._tools, spool, tokens)
                keep_whole(self.state, stream, read, kept, _us(now_s))
                self.prints.keep(number, tokens, (*read[0].problems, *read[1].problems))
        except OSError as error:
            kept.problems.append(_unread(str(file.path), error))

    def _lag(self, file: LiveFile) -> int:
        try:
            return file.live.lag()
        except OSError:
            return 0

    def _keep_sources(self, kept: RoundRows, now_s: float) -> None:
        by_source: dict[str, SourceFigures] = {}
        for path, read in kept.sources.items():
            source = self._source_of(path)
            by_source.setdefault(source, SourceFigures()).add(read.lines, read.bytes, read.event_us)
        keep_sources(self.state, by_source, _us(now_s))

    def _source_of(self, path: str) -> str:
        """Return the source of a file: of a spool its folder, which is that of one listener."""
        spools = str(self.state.folder / SPOOL_FOLDER)
        is_spool = path.startswith(spools)
        return str(Path(path).parent) if is_spool else source_of(path, self.roster.follow.arguments)

    def _keep_seen(self, now_s: float, lag: int) -> None:
        """Keep when all that was there had been read: what is older need not be looked for.

        While files beside the followed ones are still looked for, only a new name is kept.
        """
        if lag or now_s - self._seen_s < 5 * LOOK_S:
            return
        self._seen_s = now_s
        self._keep_names("IGNORE" if self.roster.is_restless(now_s) else "REPLACE", now_s)

    def keep_end(self) -> None:
        """Keep, when all was read, that what was there at the beginning need not be looked for."""
        with self.state.round():
            self._keep_names("REPLACE", self.roster.begun_s)

    def _keep_names(self, otherwise: str, now_s: float) -> None:
        paths = {file.live.stream.path for file in self.roster.files.values()}
        paths |= set(self.roster.follow.arguments)
        self.state.each(
            f"INSERT OR {otherwise} INTO source VALUES(?, ?)",
            ((path, _us(now_s)) for path in paths),
        )

    def _new(self, problems: Sequence[Problem]) -> list[Problem]:
        fresh = []
        for one in problems:
            if (one.code, one.where) not in self._told:
                self._told.add((one.code, one.where))
                fresh.append(one)
        return fresh


def _unread(path: str, error: OSError) -> Problem:
    return Problem("E104", printable_path(path), {"reason": error.strerror or str(error)})


def _us(now_s: float) -> int:
    return int(now_s * MICROSECONDS)
