"""The manifest of a findings folder, and the list of lines that could not be read."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from quetsach import __version__
from quetsach.findings.coverage import SourceCoverage
from quetsach.findings.folder import FORMAT, digests_of
from quetsach.findings.summary import Totals
from quetsach.formats.contract import Reject
from quetsach.indicators.listed import listed
from quetsach.indicators.model import IndicatorSet, Kind, Origin

MOST_REFUSALS = 1000
"""How many refused rows of lists are named; all are counted."""

MOST_ORIGINS = 20
"""How many rows of lists are named for one indicator that was met; `more` counts the rest."""


def manifest_json(
    totals: Totals,
    options: dict[str, Any],
    summary: dict[str, Any],
    folder: Path,
    own_tables: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the content of `manifest.json`, with the digests of what stands in `folder`.

    `own_tables` is what was read of the office's own tables.

    No time of the run and no name of the machine: the same input gives the same bytes.
    """
    return {
        "format": FORMAT,
        "version": __version__,
        "options": options,
        "own_tables": own_tables,
        "lists": _lists(totals.indicators),
        "refusals": _refusals(totals.indicators),
        "met": list(_met(totals)),
        "indicator_set": {
            "digest": totals.indicators.digest,
            "count": len(totals.indicators.indicators),
        },
        "evidence": [
            {"path": one.path, "sha256": one.sha256, "bytes": one.size} for one in totals.sources
        ],
        "files": digests_of(folder),
        "signature": None,
        "summary": summary,
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


def _met(totals: Totals) -> Iterable[dict[str, Any]]:
    """Return for each indicator that was met the rows it stands in, back to the letter's page."""
    by_kind = listed(totals.indicators)
    for key in totals.keys_met:
        for kind in Kind:
            one = by_kind.get(kind, key)
            if one is not None:
                yield {
                    "key": key,
                    "type": kind,
                    "origins": [_origin(origin) for origin in one.origins[:MOST_ORIGINS]],
                    "more": max(0, len(one.origins) - MOST_ORIGINS),
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
