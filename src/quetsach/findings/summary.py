"""The summary of a sweep: what `sweep --json` prints and the manifest keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quetsach.attribute.attribution import Lack
from quetsach.errors import CATALOGUE, Problem
from quetsach.findings.coverage import SourceCoverage
from quetsach.indicators.model import IndicatorSet
from quetsach.pipeline.counts import Counts
from quetsach.texts import plain

_DEVICE_KEYS = (
    "device",
    "addresses",
    "host_name",
    "mac",
    "grade",
    "rivals",
    "indicators",
    "first_seen",
    "last_seen",
    "sightings",
    "connections",
    "best_grade",
)

_NOT_BLAMED_KEYS = ("device", "addresses", "role", "because", "indicators", "sightings")


@dataclass(frozen=True)
class Totals:
    """What a summary is made from, beside the devices."""

    sources: Sequence[SourceCoverage]
    problems: Sequence[Problem]
    indicators: IndicatorSet
    indicators_hit: Sequence[str]
    keys_met: Sequence[str] = ()


def summary_json(totals: Totals, devices: dict[str, Any]) -> dict[str, Any]:
    """Return the summary; a file given twice counts once."""
    counted = [one for one in totals.sources if one.duplicate_of is None]
    counts = Counts()
    for source in counted:
        counts.add(source.counts)
    return {
        "bytes_read": sum(one.read_bytes for one in counted),
        **vars(counts),
        "sightings": sum(one.sighting_rows for one in counted),
        "sources": len(counted),
        "unread": [problem_json(one) for one in totals.problems],
        "as_text": [one.path for one in counted if one.format == "text"],
        "duplicates": [one.path for one in totals.sources if one.duplicate_of is not None],
        "devices": [
            {**{key: one[key] for key in _DEVICE_KEYS}, "place": one.get("place")}
            for one in devices["devices"]
        ],
        "not_blamed": [
            {key: one[key] for key in _NOT_BLAMED_KEYS} for one in devices["not_blamed"]
        ],
        "unattributed": devices["unattributed"]["sightings"],
        "lines_to_look_at": _to_look_at(devices["unattributed"]),
        "indicators": len(totals.indicators.indicators),
        "refused": sum(one.refused for one in totals.indicators.readings),
        "indicators_hit": list(totals.indicators_hit),
    }


def _to_look_at(unattributed: Mapping[str, Any]) -> int:
    """Return how many sightings stand in lines of unknown form, which only a person can read."""
    groups = unattributed.get("groups", ())
    return sum(one["sightings"] for one in groups if one["lack"] == Lack.UNKNOWN_FORM)


def problem_json(problem: Problem) -> dict[str, Any]:
    """Return a problem with its sentences in the language in use, and the facts they name."""
    return {
        "path": problem.where,
        "code": problem.code,
        "what": problem.what(),
        "todo": problem.todo(),
        "facts": {name: str(value) for name, value in problem.facts.items()},
    }


def problem_words(told: Mapping[str, Any]) -> tuple[str, str]:
    """Return what happened and what to do, in the language in use, from what `problem_json` wrote.

    Where the code is unknown here, or an earlier version kept no facts, as it was written.
    """
    entry = CATALOGUE.get(told["code"])
    if entry is None or ("%(" in entry.what + entry.todo and not told.get("facts")):
        return plain(told.get("what", "")), plain(told.get("todo", ""))
    problem = Problem(told["code"], told["path"], told.get("facts", {}))
    return plain(problem.what()), plain(problem.todo())


def exit_code(summary: dict[str, Any]) -> int:
    """Return 0 nothing found, 1 found, 3 finished but not all was read (3 wins)."""
    if summary["unread"] or summary["rejects"]:
        return 3
    return 1 if summary["sightings"] else 0
