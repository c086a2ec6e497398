"""Sweep the logs in this folder with the campaign's list; runs in the sandbox."""

import dataclasses
import shutil
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec

from quetsach.api import findings, inventory, looks, planted, problems, sweeps
from quetsach.api.fingerprints import with_fingerprints
from quetsach_portal.intake.boundary import (
    EVIDENCE,
    FINDINGS,
    PRINTS,
    SECRETS,
    EngineProblem,
    MachineListed,
    MachineSeen,
    PlantedFound,
    SweepOutcome,
    SweepTask,
    clean,
    refusal,
)
from quetsach_portal.intake.findings_archive import holds_findings
from quetsach_portal.intake.from_home import cleaned_problem, outcome_of

WORKERS = 2
LOOKS = "looks"
MOST_LISTED = 20_000
UNIT = "unit"
"""Whose the fingerprints are, in their files: the row of the submission says which unit it is."""
_OF_TABLES = frozenset({"E260", "E261", "E262", "E263"})


def sweep_here(task: SweepTask, progress: Callable[[int, int], None], today: date) -> SweepOutcome:
    """Return the result of the sweep; the findings are in the folder `findings`.

    A table of the unit that cannot be read is left out and told: it must not keep evidence from
    being looked through.
    """
    mistaken = next((one for one in Path(EVIDENCE).iterdir() if holds_findings(one)), None)
    if mistaken is not None:
        return refusal("H109", clean(mistaken.name))
    request, flaws = _request(task)
    request = with_fingerprints(request, Path(PRINTS), Path(SECRETS), UNIT)
    if task.planted:
        due = [
            planted.PlantedContact(one.day, one.place, one.name, one.address)
            for one in task.planted
        ]
        request = sweeps.with_planted(request, None, contacts=due)
    summary = sweeps.sweep(request, progress)
    examined = findings.examine_findings(Path(FINDINGS))
    if [one.sha256 for one in examined.manifest.lists] != [task.release_sha256]:
        return refusal("H110")
    red = findings.confidential_indicators(findings.read_folder(Path(FINDINGS)))
    if red:
        return refusal("H113", count=red)
    outcome = outcome_of(examined, today=today)
    machines, more_looks = machines_seen()
    if not summary["lines"] and not outcome.source_count and not outcome.problem_count:
        return refusal("H111")
    whole = outcome_of(
        examined,
        today=today,
        problems=(*flaws, *outcome.problems),
        problem_count=len(flaws) + outcome.problem_count,
        looks=machines,
        more_looks=more_looks,
    )
    return _with_planted(whole) if task.planted else whole


def machines_seen() -> tuple[tuple[MachineSeen, ...], int]:
    """Return the machines whose collections are in this folder's evidence, and how many more."""
    collected, more = looks.looks_in([EVIDENCE], Path(LOOKS))
    shutil.rmtree(LOOKS, ignore_errors=True)
    fields = (
        {
            **vars_of(look),
            "host": clean(look.host, 64),
            "address": clean(look.address, 45),
            "cache": clean(look.cache, 20),
        }
        for look in collected
    )
    return tuple(MachineSeen(**one) for one in fields), more


def vars_of(look: looks.CollectedLook) -> dict[str, Any]:
    """Return the fields of a look by name."""
    return {field.name: getattr(look, field.name) for field in dataclasses.fields(look)}


def machines_listed(paths: Sequence[Path]) -> tuple[MachineListed, ...]:
    """Return the machines of a unit's list. Errors: QuetsachError E260 to E263."""
    machines = inventory.read_inventory(*paths).machines
    return tuple(
        MachineListed(
            key=clean(machine.key, 64),
            hostname=clean(machine.name, 64),
            macs=tuple(clean(mac, 17) for mac in machine.macs[:8]),
            room=clean(machine.room, 80),
            desk=clean(machine.desk, 80),
        )
        for machine in machines[:MOST_LISTED]
    )


def _with_planted(outcome: SweepOutcome) -> SweepOutcome:
    """Return the outcome with what `planted.json` of the findings says."""
    page = msgspec.json.decode((Path(FINDINGS) / planted.PLANTED_PAGE).read_bytes())
    names = tuple(
        PlantedFound(
            one["place"],
            date.fromisoformat(one["day"]),
            one["seen"],
            one["noted"],
            None if one["seen_at"] is None else datetime.fromisoformat(one["seen_at"]),
            clean(one["paths"][0]) if one["paths"] else "",
        )
        for one in page["contacts"]
    )
    subnets = {one["network"]: one["machines"] for one in page["subnets"]}
    return msgspec.structs.replace(outcome, planted=names, subnets=subnets)


def _request(task: SweepTask) -> tuple[Any, list[EngineProblem]]:
    tables = {"inventory": task.inventory, "plan": task.plan}
    records = {"leases": task.leases, "nat": task.nat}
    sources = [sweeps.declared_source(msgspec.to_builtins(one)) for one in task.sources]
    flaws: list[EngineProblem] = []
    for _try in range(1 + sum(map(len, (*tables.values(), *records.values())))):
        own = inventory.OwnTables(
            inventory=[Path(one) for one in tables["inventory"]],
            plan=[Path(one) for one in tables["plan"]],
            leases=records["leases"],
            nat=records["nat"],
        )
        try:
            request = sweeps.sweep_request(
                evidence=[EVIDENCE],
                lists=[Path(task.release)],
                out=Path(FINDINGS),
                workers=WORKERS,
                own=own,
                sources=sources,
                earlier_texts=[
                    sweeps.KnownText(one.head, one.length, one.chain) for one in task.earlier
                ],
                # What an earlier version swept is recognised by it.
                sha256=True,
            )
        except problems.QuetsachError as error:
            problem = error.problem
            if problem.code not in _OF_TABLES:
                raise
            for named in (tables, records):
                for kind, paths in named.items():
                    named[kind] = tuple(one for one in paths if not problem.where.startswith(one))
            words = (problem.what(), problem.todo())
            flaws.append(cleaned_problem(problem.code, problem.where, *words, problem.facts))
        else:
            return request, flaws
    raise AssertionError("a table that was left out is asked for again")
