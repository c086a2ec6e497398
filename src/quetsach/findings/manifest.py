"""The manifest of a findings folder, the summary in it, and the list of rejected lines."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quetsach import __version__
from quetsach.errors.exceptions import Problem, problem_json
from quetsach.findings.coverage import SourceCoverage
from quetsach.findings.folder import FORMAT, digests_of
from quetsach.findings.streams import streams_json
from quetsach.formats.contract import Reject
from quetsach.indicators.allow.warning_lists import unasked_lists
from quetsach.indicators.indicator_set import indicator_table
from quetsach.indicators.model import IndicatorKind, IndicatorSet, Origin
from quetsach.indicators.options import SET_ASIDE
from quetsach.scanning.heads import FileSetAside
from quetsach.scanning.line_outcomes import LineCounts

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
class SummaryTotals:
    """What a summary is made from, beside the devices."""

    sources: Sequence[SourceCoverage]
    problems: Sequence[Problem]
    indicators: IndicatorSet
    indicators_hit: Sequence[str]
    keys_met: Sequence[str] = ()
    set_aside: Sequence[FileSetAside] = ()


def summary_json(totals: SummaryTotals, devices: dict[str, Any]) -> dict[str, Any]:
    """Return the summary; a file given twice counts once, and what is no log counts nowhere."""
    counted = [one for one in totals.sources if one.duplicate_of is None and not one.is_set_aside]
    counts = LineCounts()
    for source in counted:
        counts.add(source.counts)
    return {
        "bytes_read": sum(one.read_bytes for one in counted),
        **vars(counts),
        "sightings": sum(one.sighting_rows for one in counted),
        "sources": len(counted),
        "unread": [problem_json(one) for one in totals.problems],
        "as_text": [one.path for one in counted if one.forms.is_unread_log],
        "set_aside": [{"path": one.path, "kind": one.kind} for one in totals.set_aside],
        "duplicates": [one.path for one in totals.sources if one.duplicate_of is not None],
        "devices": [
            {**{key: one[key] for key in _DEVICE_KEYS}, "place": one.get("place")}
            for one in devices["devices"]
        ],
        "not_blamed": [
            {key: one[key] for key in _NOT_BLAMED_KEYS} for one in devices["not_blamed"]
        ],
        "unattributed": devices["unattributed"]["sightings"],
        "lines_to_look_at": devices["lines_to_look_at"]["lines"],
        "indicators": len(totals.indicators.indicators),
        "refused": sum(one.refused for one in totals.indicators.readings),
        "indicators_hit": list(totals.indicators_hit),
        "set_aside_rows": _set_aside(totals.indicators),
        **unasked_lists(totals.indicators_hit),
    }


def _set_aside(indicators: IndicatorSet) -> dict[str, int]:
    """Return how many rows of lists a person may take in all the same, by reason."""
    reasons = Counter(str(refusal.reason) for refusal in indicators.refusals)
    return {reason: reasons[reason] for reason in SET_ASIDE if reasons[reason]}


MOST_REFUSALS = 1000
"""How many refused rows of lists are named; all are counted."""

MOST_DEVICES = 1000
"""How many devices of each kind the summary repeats; devices.json has all of them."""

MOST_ORIGINS = 20
"""How many rows of lists are named for one indicator that was met; `more` counts the rest."""


def manifest_json(
    totals: SummaryTotals,
    options: dict[str, Any],
    summary: dict[str, Any],
    folder: Path,
    own_tables: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the content of `manifest.json`, with the digests of what is in `folder`.

    `own_tables` is what was read of the office's own tables.

    No time of the run and no name of the machine: the same input gives the same bytes.
    """
    return {
        "format": FORMAT,
        "version": __version__,
        "options": options,
        "own_tables": own_tables,
        "lists": _lists(totals.indicators),
        **_compiled(totals.indicators),
        "refusals": _refusals(totals.indicators),
        "met": list(_met(totals)),
        "indicator_set": {
            "digest": totals.indicators.digest,
            "count": len(totals.indicators.indicators),
        },
        "evidence": [
            {
                "path": one.path,
                "blake3": one.blake3,
                "chain": one.chain,
                "sha256": one.sha256,
                "bytes": one.size,
            }
            for one in totals.sources
        ],
        "streams": streams_json(totals.sources),
        "files": digests_of(folder),
        "signature": None,
        "summary": _bounded(summary),
    }


def _bounded(summary: dict[str, Any]) -> dict[str, Any]:
    """Return the summary with the first devices of many, and how many are left out."""
    long = [name for name in ("devices", "not_blamed") if len(summary.get(name, ())) > MOST_DEVICES]
    if not long:
        return summary
    return {
        **summary,
        **{name: summary[name][:MOST_DEVICES] for name in long},
        "left_out": {name: len(summary[name]) - MOST_DEVICES for name in long},
    }


def _lists(indicators: IndicatorSet) -> list[dict[str, Any]]:
    return [
        {
            "name": one.list_name,
            "sha256": one.sha256,
            "form": one.form,
            "column": one.column,
            "rows": one.rows,
            "taken": one.taken,
            "refused": one.refused,
        }
        for one in indicators.readings
    ]


def _compiled(indicators: IndicatorSet) -> dict[str, Any]:
    """Return the compiled files that lists came in, where there are any."""
    files = [{"name": name, "sha256": sha256} for name, sha256 in indicators.compiled]
    return {"compiled_lists": files} if files else {}


def _refusals(indicators: IndicatorSet) -> list[dict[str, Any]]:
    return [
        {
            "list": one.origin.list_name,
            "row": one.origin.row,
            "text": one.origin.text[:200],
            "reason": one.reason,
            "value": one.value,
            "place": one.origin.place,
        }
        for one in indicators.refusals[:MOST_REFUSALS]
    ]


def _met(totals: SummaryTotals) -> Iterable[dict[str, Any]]:
    """Return for each indicator that was met the rows it is in, back to the letter's page."""
    by_kind = indicator_table(totals.indicators)
    for key in totals.keys_met:
        for kind in IndicatorKind:
            indicator = by_kind.get(kind, key)
            if indicator is not None:
                yield {
                    "key": key,
                    "type": kind,
                    "origins": [_origin(origin) for origin in indicator.origins[:MOST_ORIGINS]],
                    "more": max(0, len(indicator.origins) - MOST_ORIGINS),
                }


def _origin(origin: Origin) -> dict[str, Any]:
    return {
        "list": origin.list_name,
        "sha256": origin.list_sha256,
        "row": origin.row,
        "place": origin.place,
        "letter": origin.letter,
        "text": origin.text[:200],
    }


def rejects_json(
    sources: Sequence[SourceCoverage], rejects: Iterable[tuple[str, Reject]]
) -> dict[str, Any]:
    """Return the content of `rejects.json`; a file given twice counts once."""
    reasons: dict[str, int] = {}
    for source in sources:
        if source.duplicate_of is None:
            for reason, count in source.reject_reasons.items():
                reasons[reason] = reasons.get(reason, 0) + count
    return {
        "total": sum(reasons.values()),
        "by_reason": reasons,
        "rows": [
            {
                "path": path,
                "offset": reject.offset,
                "reason": reject.reason,
                "excerpt": reject.excerpt.decode("utf-8", "backslashreplace"),
            }
            for path, reject in rejects
        ],
    }
