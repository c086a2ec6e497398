"""A watch that runs: round after round, told as it happens, until somebody ends it."""

import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

from quetsach.blocklists.planted import PlantedKey
from quetsach.clocks import MICROSECONDS
from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.indicators.model import IndicatorSet
from quetsach.scanning.job import ScanJob, WorkerTools, prepare
from quetsach.sweeping.sweep import SweepRequest
from quetsach.watch.changing_list import ChangingList
from quetsach.watch.figures import add_minute, standing
from quetsach.watch.files import unmet
from quetsach.watch.keeping import RoundFigures
from quetsach.watch.listening.addresses import ListenAddress
from quetsach.watch.listening.spools import USUAL_DAYS, USUAL_LIMIT
from quetsach.watch.planted import PlantedDays
from quetsach.watch.portal import Portal, PortalAccess
from quetsach.watch.pruning import prune
from quetsach.watch.pushing import OUTBOX, Pusher, PushThread
from quetsach.watch.receiving import Receiving
from quetsach.watch.seal_times import SEALING, SealTimes
from quetsach.watch.sealing import SealedFolder, Sealer
from quetsach.watch.service_manager import ALIVE, READY, STOPPING, tell_service_manager
from quetsach.watch.state import WatchState
from quetsach.watch.telling import NewSightings, SightingReporter
from quetsach.watch.watching import Watch

POLL_S = 0.25
"""How often open files are asked whether they grew; it works on every file system."""

ALIVE_S = 5.0
PRUNE_S = 3600.0
_WAIT_S = 5.0


@dataclass(frozen=True)
class WatchOptions:
    """What is watched, as `sweep_request` read it, and where it is remembered.

    `lists` are the files of the list, which `read_list` reads again when they change. With `once`
    what is there is read, and then it ends. What was met is sealed into folders in
    `seal`, and handed in to `portal`, whose list is taken with `takes_list`. What
    comes at `listen` is kept in spools and followed.
    Units: `spool_limit` in bytes.
    """

    request: SweepRequest
    lists: Sequence[Path]
    read_list: Callable[[], IndicatorSet]
    state: Path
    once: bool = False
    seal: Path | None = None
    listen: Sequence[ListenAddress] = ()
    spool_limit: int = USUAL_LIMIT
    portal: PortalAccess | None = None
    takes_list: bool = False
    spool_days: int = USUAL_DAYS
    planted_key: PlantedKey | None = None
    fingerprints: bool = False


@dataclass
class WatchCallbacks:
    """Who is told, as it happens: new sightings; a problem; a list that was taken; figures; a
    folder that was sealed.

    `begun` is called once all is ready, before any of them. `ask` is set by whoever wants the
    figures now, `reload` to have the list read again, `stop` to end the watch.
    """

    sightings: Callable[[NewSightings], None]
    problem: Callable[[Problem], None]
    new_list: Callable[[int], None]
    figures: Callable[["WatchTotals"], None]
    sealed: Callable[[SealedFolder], None] = lambda _folder: None
    begun: Callable[[], None] = lambda: None
    stop: Event = field(default_factory=Event)
    reload: Event = field(default_factory=Event)
    ask: Event = field(default_factory=Event)


@dataclass
class WatchTotals:
    """What a watch looked at since it began, or in the time since `begun_s`.

    Units: `lag` in bytes; `rate` in lines a second.
    """

    begun_s: float
    figures: RoundFigures = field(default_factory=RoundFigures)
    texts: int = 0
    lag: int = 0
    problems: int = 0
    rate: float = 0.0
    silent: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    def add(self, figures: RoundFigures) -> None:
        """Add a round."""
        for name, count in vars(figures).items():
            setattr(self.figures, name, getattr(self.figures, name) + count)


def run_watch(wishes: WatchOptions, ears: WatchCallbacks, every_s: float = 600.0) -> WatchTotals:
    """Watch until `ears.stop` is set, or with `once` until all that is there was read.

    Every `every_s` seconds the figures are told. Errors: E201 for an empty list; E505, with `once`
    also for a state that cannot be written any more.
    """
    if not wishes.request.indicators.indicators:
        raise QuetsachError("E201", ", ".join(map(str, wishes.lists)))
    with _running(wishes, ears) as running:
        while not ears.stop.is_set():
            is_busy = running.round()
            if wishes.once and not is_busy:
                running.keep_end()
                break
            running.tell_figures(every_s)
            if not is_busy:
                ears.stop.wait(POLL_S)
        return running.totals()


@contextmanager
def _running(wishes: WatchOptions, ears: WatchCallbacks) -> Iterator["_Running"]:
    request = wishes.request
    # A zone or a list that is wrong is told before a state is made.
    tools = prepare(ScanJob(request.indicators, request.options, wishes.fingerprints))
    state = WatchState(wishes.state)
    with ExitStack() as ending:
        ending.callback(state.close)
        receiving = Receiving(
            state, wishes.listen, request.options.zone, wishes.spool_limit, wishes.spool_days
        )
        ending.callback(receiving.close)
        follow = (*request.evidence, *receiving.follow)
        watch = Watch(state, follow, tools, request.knowledge, time.time)
        lists = ChangingList(wishes.lists, wishes.read_list, tools)
        ending.callback(_end, state, watch, lists)
        ears.begun()
        receiving.start()
        tell_service_manager(READY)
        try:
            running = _Running(wishes, ears, state, watch, lists, receiving)
        except sqlite3.Error as error:
            raise QuetsachError("E505", str(state.folder), reason=str(error)) from error
        ending.callback(running.close)
        yield running


def _end(state: WatchState, watch: Watch, lists: ChangingList) -> None:
    tell_service_manager(STOPPING)
    lists.close()
    watch.close()
    with suppress(sqlite3.Error), state.round():
        state.set({"pid": "0"})


class _Running:
    """A watch that goes on: rounds, tidings, lists, figures."""

    def __init__(
        self,
        wishes: WatchOptions,
        ears: WatchCallbacks,
        state: WatchState,
        watch: Watch,
        lists: ChangingList,
        receiving: Receiving,
    ) -> None:
        self._receiving = receiving
        self._ears, self._state, self._watch, self._lists = ears, state, watch, lists
        self._once = wishes.once
        self._teller = SightingReporter(state)
        self._seals = _seals(wishes, state, lists.tools)
        self._planted = PlantedDays(
            state, wishes.planted_key, ZoneInfo(wishes.request.options.zone)
        )
        self._all = WatchTotals(time.monotonic())
        self._recent = WatchTotals(time.monotonic())
        self._open = RoundFigures()
        self._lag = 0
        self._alive_s = 0.0
        self._pruned_s = 0.0
        self._rounds_left = 3
        with state.round():
            state.set(
                {
                    "pid": str(os.getpid()),
                    "started_us": str(_now_us()),
                    "alive_us": str(_now_us()),
                    "zone": wishes.request.options.zone,
                    SEALING: "" if self._seals is None else "1",
                    **lists.told(_now_us()),
                    "folder": str(Path.cwd()),
                    "follow": json.dumps([*wishes.request.evidence, *receiving.follow]),
                }
            )
        self._push = _push(wishes, ears)  # its first heartbeat names the list
        self._tell(self._teller.untold(_now_us()))

    def round(self) -> bool:
        """Go one round; return whether there is more to be read at once."""
        self._look_at_list()
        try:
            self._receiving.tidy(self._watch)
            # Told before the round, which may last: it is why it is looked ahead.
            self._tell(self._teller.early(self._watch.look_ahead(), _now_us()))
            outcome = self._watch.round()
        except sqlite3.Error as error:
            # Nothing is lost: what was not kept is read again.
            where = str(self._state.folder)
            if self._once:
                raise QuetsachError("E505", where, reason=str(error)) from error
            self._ears.problem(Problem("E505", where, {"reason": str(error)}))
            tell_service_manager(ALIVE)
            self._ears.stop.wait(_WAIT_S)
            return True
        for totals in (self._all, self._recent):
            totals.add(outcome.figures)
            totals.problems += len(outcome.problems)
        for name, count in vars(outcome.figures).items():
            setattr(self._open, name, getattr(self._open, name) + count)
        self._lag = outcome.lag
        self._tell(self._teller.tidings(outcome.rows, _now_us()))
        for problem in outcome.problems:
            self._ears.problem(problem)
        self._keep_alive()
        self._seal()
        self._join_prints()
        self._prune()
        if outcome.figures.lines:
            self._rounds_left = 3
            return True
        # Once: files beside a followed one are looked at twice before they are read.
        self._rounds_left -= 1
        if self._once and self._rounds_left >= 0:
            self._ears.stop.wait(1.1)
            return True
        return False

    def _tell(self, tidings: NewSightings) -> None:
        if tidings.rows:
            self._ears.sightings(tidings)
        self._teller.done()
        if tidings.has_new and self._seals is not None:
            self._seals.met_new()

    def _seal(self, *, to_end: bool = False) -> None:
        if self._seals is None:
            return
        try:
            seals = self._seals.end if to_end else self._seals.look
            news = seals(_now_us())
        except sqlite3.Error as error:
            news = Problem("E505", str(self._state.folder), {"reason": str(error)})
        if isinstance(news, Problem):
            self._ears.problem(news)
            return
        for folder in news:
            self._ears.sealed(folder)
        if news and self._push is not None:
            self._push.poke()

    def _look_at_list(self) -> None:
        # A disk without room is told by what else is written.
        with suppress(OSError, sqlite3.Error):
            self._planted.look(_now_us())
        is_asked = self._ears.reload.is_set()
        self._ears.reload.clear()
        for problem in self._receiving.renew() if is_asked else ():
            self._ears.problem(problem)
        news = self._lists.look(time.time(), is_asked=is_asked)
        if isinstance(news, Problem):
            self._ears.problem(news)
            with self._state.round():
                self._state.set({"list_problem": news.code})
        elif news is not None:
            self._watch.use(news)
            if self._seals is not None:
                self._seals.sealer.use(news)
            with self._state.round():
                self._state.set(self._lists.told(_now_us()))
            self._ears.new_list(self._lists.count)

    def _join_prints(self, *, is_last: bool = False) -> None:
        try:
            self._watch.prints.join(is_last=is_last)
        except QuetsachError as error:
            # They wait in the state until they can be written.
            self._ears.problem(error.problem)
        except sqlite3.Error as error:
            self._ears.problem(Problem("E505", str(self._state.folder), {"reason": str(error)}))

    def _prune(self) -> None:
        """Forget what is old, once an hour."""
        if time.monotonic() - self._pruned_s < PRUNE_S:
            return
        self._pruned_s = time.monotonic()
        with suppress(sqlite3.Error):
            prune(self._state, _now_us(), is_sealing=self._seals is not None)

    def _keep_alive(self) -> None:
        if time.monotonic() - self._alive_s < ALIVE_S:
            return
        self._alive_s = time.monotonic()
        tell_service_manager(ALIVE)
        problems: list[Problem] = []
        try:
            with self._state.round():
                self._state.set({"alive_us": str(_now_us()), "put_off": str(self._watch.put_off)})
                problems = self._receiving.keep(_now_us())
                add_minute(self._state, self._open, self._lag, _now_us())
            self._open = RoundFigures()
        except sqlite3.Error as error:
            # A full disk is told; the figures are kept later.
            problems.append(Problem("E505", str(self._state.folder), {"reason": str(error)}))
        for totals in (self._all, self._recent):
            totals.problems += len(problems)
        for problem in problems:
            self._ears.problem(problem)

    def tell_figures(self, every_s: float) -> None:
        """Tell the figures since the last time, if it is time for them or somebody asked."""
        if not self._ears.ask.is_set() and time.monotonic() - self._recent.begun_s < every_s:
            return
        self._ears.ask.clear()
        self._ears.figures(self._with_standing(self._recent))
        self._recent = WatchTotals(time.monotonic())

    def close(self) -> None:
        """Send what waits, if the portal answers soon."""
        if self._push is not None:
            self._push.close()

    def keep_end(self) -> None:
        """Keep that all that was there at the beginning was read."""
        self._watch.keep_end()

    def totals(self) -> WatchTotals:
        """Return the figures since the beginning; seal what is left."""
        self._seal(to_end=True)
        self._join_prints(is_last=True)
        self._alive_s = 0.0
        self._keep_alive()
        return self._with_standing(self._all)

    def _with_standing(self, totals: WatchTotals) -> WatchTotals:
        now = standing(self._state)
        passed_s = max(time.monotonic() - totals.begun_s, 0.001)
        return replace(
            totals,
            texts=now["texts"],
            lag=now["lag"],
            rate=totals.figures.lines / passed_s,
            silent=(
                *(one["path"] for one in now["files"] if one["is_silent"]),
                *(one["source"] for one in now["listeners"] if one["is_silent"]),
            ),
            missing=tuple(unmet(now["follow"])),
        )


def _push(wishes: WatchOptions, ears: WatchCallbacks) -> PushThread | None:
    portal = wishes.portal
    if portal is None:
        return None
    # What is wrong with the address is told before it begins.
    Portal(portal)
    follow = tuple(wishes.request.evidence)

    def pusher() -> Pusher:
        beside = WatchState(wishes.state, is_beside=True)
        return Pusher(beside, portal, follow, ears.problem, takes_list=wishes.takes_list)

    return PushThread(pusher)


def _seals(wishes: WatchOptions, state: WatchState, tools: WorkerTools) -> SealTimes | None:
    folder = wishes.seal
    if folder is None and wishes.portal is not None:
        folder = wishes.state / OUTBOX
    if folder is None:
        return None
    sealer = Sealer(state, wishes.request, tools, folder)
    return SealTimes(state, sealer, ZoneInfo(wishes.request.options.zone))


def _now_us() -> int:
    return int(time.time() * MICROSECONDS)
