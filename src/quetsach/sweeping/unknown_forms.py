"""What could not be known of evidence that was read: unknown forms, records without time or client.

Each is a problem that names the file and what would help, so that "no device" never stands alone.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from quetsach.errors.exceptions import Problem
from quetsach.evidence.find import MANIFEST
from quetsach.findings.coverage import CONNECTION, DNS, WEB, SourceCoverage, kind_of
from quetsach.formats.promises import promises_of
from quetsach.scanning.heads import FileSetAside
from quetsach.sweeping.mapped_tables import columns_of, shown_columns

_PROMISING = frozenset({DNS, CONNECTION, WEB})
"""Of data sets that no form declares, those of these kinds tell when, and who."""

_BOTH: frozenset[str] = frozenset({"time", "client"})


def _folder(path: str) -> str:
    """Return what stands before the name of a file, in a folder or in an archive."""
    return path[: max(path.rfind("/"), path.rfind("!")) + 1]


def unknown_forms(
    sources: Sequence[SourceCoverage], locations: Sequence[Path]
) -> Iterator[Problem]:
    """Yield E125 for each file that looks like a log and is of a form that is not read.

    So is a line of unknown form, in whatever file, that names an indicator. E132 for a table.
    Order: `locations` are where the lines of the sources lie, in the same order.
    """
    tables = {_folder(one.path) for one in sources if one.format.startswith("host-")}
    collected = tables & {
        _folder(one.path)
        for one in sources
        if one.path.endswith(MANIFEST) and one.path == _folder(one.path) + MANIFEST
    }
    for source, location in zip(sources, locations, strict=True):
        forms = source.forms
        # What our collector writes of a machine beside its tables is no log.
        if collected and not forms.named and _folder(source.path) in collected:
            continue
        if source.duplicate_of is None and forms.is_unread_log:
            names = columns_of(location, source.codec)
            if names:
                yield Problem("E132", source.path, {"columns": shown_columns(names)})
            else:
                yield Problem("E125", source.path, {"named": forms.named})


@cache
def _promised(dataset: str) -> frozenset[str]:
    promised = promises_of(dataset)
    if promised is None:
        return _BOTH if kind_of(dataset) in _PROMISING else frozenset()
    return promised


def broken_forms(sources: Sequence[SourceCoverage]) -> Iterator[Problem]:
    """Yield E126, E127 for records that lack the time or the client which their form has.

    Some records of a DNS server name no client, so that only where none does it is lacking.
    """
    for source in sources:
        if source.duplicate_of is not None:
            continue
        for dataset, tally in sorted(source.records.items()):
            promised = _promised(dataset)
            facts = {"dataset": dataset}
            if "time" in promised and tally.timed * 2 < tally.records:
                yield Problem("E126", source.path, facts)
            if "client" in promised and not tally.with_client:
                yield Problem("E127", source.path, facts)


def files_set_aside(
    planned: Sequence[FileSetAside], sources: Sequence[SourceCoverage]
) -> list[FileSetAside]:
    """Return all files that are no log, in the order of their paths."""
    texts = [FileSetAside(one.path, "text") for one in sources if one.is_set_aside]
    return sorted([*planned, *texts], key=lambda one: one.path)


def no_log_at_all(
    evidence: Sequence[str], sources: Sequence[SourceCoverage], problems: Sequence[Problem]
) -> Iterator[Problem]:
    """Yield E130 where nothing of what was given is a log, and nothing said so yet."""
    if not problems and all(one.is_set_aside for one in sources):
        yield Problem("E130", ", ".join(evidence[:3]))
