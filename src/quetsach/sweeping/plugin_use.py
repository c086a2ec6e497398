"""What packages of others read in a sweep, and where they failed at it."""

from collections.abc import Iterator, Sequence
from typing import Any

from quetsach.entry_points import PluginGroup, PluginOffer, all_offers, take_problems
from quetsach.errors.exceptions import Problem
from quetsach.findings.coverage import SourceCoverage
from quetsach.indicators.formats.registry import offered_lists
from quetsach.indicators.model import IndicatorSet

MOST_NAMED = 1000
"""How many files are named that one plugin read; all are counted."""

_READS = (PluginGroup.FORMATS, PluginGroup.DIALECTS, PluginGroup.LIST_FORMS)


def plugin_problems(sources: Sequence[SourceCoverage]) -> Iterator[Problem]:
    """Yield E652 for each file with lines that a package of others failed at, and what it did."""
    if not all_offers():
        # A package that is damaged as a whole offers nothing, and is named all the same.
        yield from take_problems(*_READS)
        return
    from quetsach.formats.plugin_formats import REASONS, plugin_dialects

    # What cannot be loaded is known once it was tried.
    plugin_dialects()
    offered_lists()
    yield from take_problems(*_READS)
    for source in sources:
        lines = sum(source.reject_reasons.get(reason, 0) for reason in REASONS)
        if lines and source.duplicate_of is None:
            yield Problem("E652", source.path, {"lines": lines, "format": source.format})


def plugins_json(
    sources: Sequence[SourceCoverage], indicators: IndicatorSet
) -> dict[str, list[dict[str, Any]]]:
    """Return which entry point of which package and version read which files; {} for none."""
    if not all_offers():
        return {}
    from quetsach.formats.plugin_formats import plugin_dialects, plugin_formats

    rows = [_row(form.offer, _of_format(sources, form.name)) for form in plugin_formats()]
    for dialect in plugin_dialects():
        files = [
            source.path
            for source in sources
            if source.format == dialect.name or not dialect.datasets.isdisjoint(source.records)
        ]
        rows.append(_row(dialect.offer, files))
    for form in offered_lists():
        lists = [one.list_name for one in indicators.readings if one.form == form.name]
        rows.append(_row(form.offer, lists))
    used = [row for row in rows if row["count"]]
    return {"plugins": used} if used else {}


def _of_format(sources: Sequence[SourceCoverage], name: str) -> list[str]:
    return [source.path for source in sources if source.format == name]


def _row(offer: PluginOffer, files: Sequence[str]) -> dict[str, Any]:
    return {**offer.to_json(), "read": list(files[:MOST_NAMED]), "count": len(files)}
