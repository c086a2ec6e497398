"""A run over acts: observed first, then each fault at its point; what did not stand is told."""

import gc
import json
import random
import sys
import time
from argparse import Namespace
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command

from quetsach_portal.people.models.roles import Role
from tests.portal.access.walk import Asking
from tests.portal.faults.acts import forms
from tests.portal.faults.home import files_in, keep, put_back
from tests.portal.faults.points import Point, Site
from tests.portal.faults.running import (
    Act,
    ActTrial,
    NoAnswerError,
    Tried,
    as_json,
    in_child,
    points_of,
)
from tests.portal.faults.stories import stories
from tests.portal.faults.table import written_into
from tests.portal.working import run_ready
from tests.portal.world import make_world


class FaultRun:
    """The home, the world in it, and what was found out so far."""

    def __init__(self, folder: Path) -> None:
        self.home, self.kept, self.laid = folder / "home", folder / "kept", folder / "laid"
        # A run takes hours, in which nobody goes home or has to prove again who they are.
        for limit in (
            "ACCOUNT_REAUTHENTICATION_TIMEOUT",
            "SESSION_IDLE_S",
            "SESSION_IDLE_LEADING_S",
            "SESSION_LONGEST_S",
        ):
            setattr(settings, limit, 10**7)
        call_command("migrate", verbosity=0, no_backup=True)
        self.asking = Asking(make_world())
        self.asking.seated_in("TC01").seated_in("TC")
        # Addresses, pages and interface are loaded once, and not by each child.
        self.asking.browser("TC01", Role.FOCAL_POINT.value).get("/")
        run_ready()
        keep(self.home, self.kept)
        gc.freeze()
        self.acts = [*forms(self.asking), *stories(self.asking.world)]

    def observe(self, act: Act) -> dict[str, Any]:
        """Return the sites of an act, and what it wrote; why, where it cannot be done."""
        put_back(self.kept, self.home)

        def observed() -> dict[str, Any]:
            trial = ActTrial(act, self.home, self.laid)
            files = files_in(self.home)
            whole = trial.undisturbed()
            return {
                "status": whole.status,
                "sites": [[*site, times] for site, times in whole.counts.items()],
                "acts": whole.acts,
                "changed": [
                    label for label, rows in whole.after.items() if rows != whole.read.before[label]
                ]
                + ["files"] * (whole.files != files),
            }

        try:
            seen: dict[str, Any] = in_child(observed)
        except NoAnswerError as error:
            return {"failed": str(error)}
        return seen

    def try_points(self, act: Act, points: Iterable[Point], until: float, log: "RunLog") -> None:
        """Note in `log` how the act stands each fault of `points`, as many as there is time for."""
        put_back(self.kept, self.home)

        def all_tried() -> list[str]:
            trial = ActTrial(act, self.home, self.laid)
            files = files_in(self.home)
            whole = trial.undisturbed()
            if whole.after == whole.read.before and whole.files == files:
                raise NoAnswerError("it does nothing any more")
            rows = []
            for point in points:
                if time.monotonic() > until:
                    break
                try:
                    tried = trial.tried(point, whole)
                except NoAnswerError as error:
                    tried = trial.told(point, "?", (f"no answer: {error}",))
                rows.append(as_json(tried))
                log.write(rows[-1])
            return rows

        try:
            for line in in_child(all_tried, seconds=7200):
                log.keep(json.loads(line))
        except NoAnswerError as error:
            say(f"   {act.name}: {error}")


def run(options: Namespace, folder: Path) -> int:
    """Run as the options say, and print what came of it."""
    here = FaultRun(folder)
    acts = [act for act in here.acts if options.only in act.name]
    tried = (_whole if options.whole else _sample)(here, acts, options)
    failed = [one for one in tried if one.wrong]
    for one in failed:
        say(f"== {one.act}: {one.fault} at {one.call} {one.line} #{one.number}: {one.left}")
        for line in one.wrong[:5]:
            say(f"   {line}")
    reached = [one for one in tried if one.left != "not reached"]
    left = Counter(one.left for one in reached)
    acts_tried = len({one.act for one in tried})
    say(f"   {len(reached)} faults in {acts_tried} acts of the portal: {dict(left)}")
    say(f"   {len(failed)} not survived")
    if options.write is not None:
        head = f"Tried on {datetime.now(UTC):%Y-%m-%d}."
        page = options.write.read_text(encoding="utf-8")
        options.write.write_text(written_into(page, tried, head), encoding="utf-8")
    return 1 if failed else 0


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _sample(here: FaultRun, acts: list[Act], options: Namespace) -> list[Tried]:
    seed = options.seed or f"{datetime.now(UTC):%Y-%m-%d}"
    say(f"   portal: seed {seed} (again: --seed {seed})")
    chance = random.Random(seed)
    until = time.monotonic() + options.seconds
    log = RunLog(None)
    chance.shuffle(acts)
    for act in acts:
        if time.monotonic() > until:
            break
        observed = here.observe(act)
        if observed.get("changed"):
            points = points_of(_sites(observed))
            chosen = chance.sample(points, min(8, len(points)))
            here.try_points(act, chosen, until, log)
    return log.tried


def _sites(observed: dict[str, Any]) -> dict[Site, int]:
    return {Site(call, line): times for call, line, times in observed["sites"]}


def _whole(here: FaultRun, acts: list[Act], options: Namespace) -> list[Tried]:
    part, parts = map(int, options.share.split("/"))
    log = RunLog(options.log)
    for act in acts:
        if act.name not in log.observed:
            row = {"observed": act.name, **here.observe(act)}
            log.keep(row)
            log.write(json.dumps(row, ensure_ascii=False))
    sites = {act.name: _sites(log.observed[act.name]) for act in acts if log.changes(act.name)}
    chosen = chosen_points(sites)
    for act in acts[part - 1 :: parts]:
        points = [point for point in chosen.get(act.name, ()) if not log.has(act.name, point)]
        if points:
            here.try_points(act, points, float("inf"), log)
    return log.tried


class RunLog:
    """The lines of a whole run, which goes on where one of before was stopped."""

    def __init__(self, path: Path | None) -> None:
        self.observed: dict[str, dict[str, Any]] = {}
        self.tried: list[Tried] = []
        self._path = path
        if path is not None and path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                self.keep(json.loads(line))

    def keep(self, row: dict[str, Any]) -> None:
        """Keep what a line says."""
        if "observed" in row:
            self.observed[row["observed"]] = row
        else:
            self.tried.append(Tried(**{**row, "wrong": tuple(row["wrong"])}))

    def write(self, line: str) -> None:
        """Write a line at once, from whichever process."""
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")

    def changes(self, name: str) -> bool:
        """Return whether the act does anything."""
        return bool(self.observed[name].get("changed"))

    def has(self, name: str, point: Point) -> bool:
        """Return whether this was tried."""
        wanted = (name, *point.site, point.number, point.fault)
        return any((t.act, t.call, t.line, t.number, t.fault) == wanted for t in self.tried)


def chosen_points(sites: dict[str, dict[Site, int]]) -> dict[str, list[Point]]:
    """Return the points to be tried of each act.

    Each commit of each act; of each other site in the first, a middle and the last of the acts
    that come to it. A question that only reads fails once: nothing was changed by it.
    """
    by_site: dict[Site, list[str]] = defaultdict(list)
    for name, counts in sites.items():
        for site in counts:
            by_site[site].append(name)
    chosen: dict[str, list[Point]] = {}
    for name, counts in sites.items():
        kept = {
            site: 1 if site.call == "sql read" else times
            for site, times in counts.items()
            if site.call == "commit" or name in _spread(site, by_site[site])
        }
        chosen[name] = points_of(kept)
    return chosen


def _spread(site: Site, names: list[str]) -> set[str]:
    if site.call == "sql read":
        return {names[0]}
    return {names[0], names[len(names) // 2], names[-1]}
