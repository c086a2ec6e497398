"""Runs an act with a fault in a process of its own, and looks at what it left.

One process has loaded the portal and made the world. For each act a child of it lays out what the
act is about; for each fault a child of that child does the act and meets the fault, and another
looks at the home, does the act again, and holds what is there then against an undisturbed run.
"""

import json
import os
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.db import connections
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.config.jobs import HANDLERS
from quetsach_portal.files.models import StoredFile
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.operations.backup.checking import differences_of_home
from quetsach_portal.web.write_stops import stopped_since
from tests.portal.faults.home import OLD_S, files_in, grow_old, keep, put_back
from tests.portal.faults.points import FAULTS, FaultPlan, Point, Site, under
from tests.portal.faults.table_values import TableValues
from tests.portal.working import run_ready

TIDIES = ("files.expire", "intake.tidy", "files.remove_bytes")
"""The nightly jobs that clear what acts that failed left in the home."""


@dataclass(frozen=True)
class Act:
    """An act that is tried: `lay_out` makes what it is about, and returns how to do it.

    Shapes: what does the act returns a status, or raises. An act that is `again` always, such as a
    job, is done again even where it was done. `unsettled` is the kind of difference that may be
    there until then.
    """

    name: str
    lay_out: Callable[[], Callable[[], int]]
    again: bool = False
    unsettled: str = ""


@dataclass
class Undisturbed:
    """What an act does without a fault."""

    status: int
    counts: dict[Site, int]
    after: dict[str, Any]
    settled: dict[str, Any]
    files: Counter[str]
    read: TableValues
    damages: list[str]
    acts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Tried:
    """How an act stood a fault: what it left, and what is wrong, if anything."""

    act: str
    call: str
    line: str
    number: int
    fault: str
    left: str
    wrong: tuple[str, ...]


class NoAnswerError(Exception):
    """Raised where a child ended without an answer."""


def in_child(work: Callable[[], Any], *, may_die: bool = False, seconds: int = 180) -> Any:
    """Return what `work` returns, done in a child process, as JSON; None where it was killed."""
    connections.close_all()
    reads, writes = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reads)
        signal.alarm(seconds)
        try:
            answer = json.dumps(work())
            with os.fdopen(writes, "w") as out:
                out.write(answer)
            os._exit(0)
        except BaseException:  # noqa: BLE001 - it ends here
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
    os.close(writes)
    with os.fdopen(reads) as answered:
        text = answered.read()
    _pid, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL and may_die:
        return None
    if not text:
        raise NoAnswerError(f"the child ended with {status}")
    return json.loads(text)


def do(act: Callable[[], int]) -> int:
    """Do the act, with the rate limits of a fresh minute."""
    cache.clear()
    return act()


def tidy(home: Path) -> None:
    """Do what the portal does each night with what was left."""
    grow_old(home)
    days_ago = timezone.now() - timedelta(seconds=OLD_S)
    StoredFile.objects.update(created_at=days_ago)
    for kind in TIDIES[:2]:
        enqueue(kind, key=f"{kind}:faults")
    run_ready(handlers=_only(TIDIES))


def _only(kinds: tuple[str, ...]) -> dict[str, Any]:
    Job.objects.exclude(kind__in=kinds).filter(state=JobState.READY).update(
        state=JobState.CANCELLED
    )
    return {kind: HANDLERS[kind] for kind in kinds}


def damages(home: Path) -> list[str]:
    """Return what is wrong with the home by the checks with which a backup is proven."""
    return [f"{one.kind} {one.where} {one.then} {one.now}" for one in differences_of_home(None)]


class ActTrial:
    """An act, laid out in this process, and the home before it."""

    def __init__(self, act: Act, home: Path, kept: Path) -> None:
        self.act, self.home, self.kept = act, home, kept
        self.doing = act.lay_out()
        # What must not differ by a fault is read before and after, in processes of their own.
        connections.close_all()
        keep(home, kept)

    def undisturbed(self) -> Undisturbed:
        """Do the act, count its sites, and return what it leaves."""
        put_back(self.kept, self.home)
        read = TableValues()
        earlier = damages(self.home)
        seen = AuditEvent.objects.count()
        connections.close_all()
        plan = FaultPlan(self.home)
        with under(plan):
            status = do(self.doing)
        connections.close_all()
        after = read.now()
        acts = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)[seen:])
        told = AuditEvent.objects.filter(action="file.unclaimed").count()
        tidy(self.home)
        lost = AuditEvent.objects.filter(action="file.unclaimed").count() - told
        if lost and "file.unclaimed" not in acts:
            acts.append(f"! {lost} files to which nothing points")
        # The tables of the access tests name files and findings that were never there.
        late = damages(self.home)
        return Undisturbed(
            status,
            dict(plan.counts),
            after,
            read.now(),
            files_in(self.home),
            read,
            [*earlier, *late],
            acts,
        )

    def tried(self, point: Point, whole: Undisturbed) -> Tried:
        """Return how the act stands the fault at `point`."""
        put_back(self.kept, self.home)
        answer = in_child(lambda: self._fail(point), may_die=True)
        is_reached = answer is None or answer["happened"]
        if not is_reached:
            return self.told(point, "not reached", ())
        left, wrong = in_child(lambda: self._look(whole))
        return self.told(point, left, tuple(wrong))

    def told(self, point: Point, left: str, wrong: tuple[str, ...]) -> Tried:
        """Return what became of a point."""
        return Tried(self.act.name, *point.site, point.number, point.fault, left, wrong)

    def _fail(self, point: Point) -> dict[str, Any]:
        plan = FaultPlan(self.home, point)
        with under(plan):
            try:
                status = do(self.doing)
            except Exception as error:  # noqa: BLE001 - the act's way of failing
                status = type(error).__name__
        return {"happened": plan.happened, "status": status}

    def _look(self, whole: Undisturbed) -> tuple[str, list[str]]:
        stopped_since()
        wrong = [
            line
            for line in self._damages("at once", whole)
            if not self.act.unsettled or self.act.unsettled not in line
        ]
        now = whole.read.now()
        left = "nothing" if now == whole.read.before else "all" if now == whole.after else "a part"
        if left != "all" or self.act.again:
            Job.objects.filter(state=JobState.RUNNING).update(leased_until=None)
            do(self.doing)
        tidy(self.home)
        wrong += self._damages("then", whole)
        last = whole.read.now()
        wrong += _rows_that_differ(whole.settled, last)
        files = files_in(self.home)
        wrong += [f"left: {name}" for name in (files - whole.files)]
        wrong += [f"gone: {name}" for name in (whole.files - files)]
        return left, wrong

    def _damages(self, when: str, whole: Undisturbed) -> list[str]:
        return [f"{when}: {one}" for one in damages(self.home) if one not in whole.damages]


def _rows_that_differ(wanted: Mapping[str, Any], there: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is not as it should be; the trail may tell of a file that was cleared away."""
    extra = Counter(there["audit.AuditEvent"]) - Counter(wanted["audit.AuditEvent"])
    cleared = sum("'file.unclaimed'" in row for row in extra)
    kept = sum("'file.kept'" in row for row in extra)
    for label in there:
        more = list((Counter(there[label]) - Counter(wanted[label])).elements())
        less = list((Counter(wanted[label]) - Counter(there[label])).elements())
        if cleared and cleared == kept and not less:
            more = [row for row in more if not any(word in row for word in CLEARED.get(label, ()))]
        if more or less:
            yield f"rows of {label}: +{_few(more)} -{_few(less)}"


def _few(rows: list[str]) -> list[str]:
    return [row[:300] for row in rows[:2]]


CLEARED = {"audit.AuditEvent": ("file.kept", "file.unclaimed"), "jobs": ("files.check",)}
"""What a file leaves that came with an act that was stopped, after it was cleared away."""


def points_of(counts: Mapping[Site, int]) -> list[Point]:
    """Return the points of an act: each fault at the first, a middle and the last time."""
    return [
        Point(site, number, fault)
        for site, times in sorted(counts.items())
        for fault in FAULTS[site.call]
        for number in sorted({1, (times + 1) // 2, times})
    ]


def as_json(tried: Tried) -> str:
    """Return a line of the log of a run."""
    return json.dumps(asdict(tried), ensure_ascii=False)
