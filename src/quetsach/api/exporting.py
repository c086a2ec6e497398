"""Findings given to other programs: which form, for whom, with or without machines."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from itertools import islice
from pathlib import Path

from quetsach import __version__
from quetsach.api.findings import digest_of_manifest
from quetsach.atomic_files import write_whole
from quetsach.clocks import MICROSECONDS
from quetsach.entry_points import PluginGroup, PluginOffer, demanded, load, offers_of
from quetsach.errors.exceptions import QuetsachError
from quetsach.exports.contract import Export as Export
from quetsach.exports.contract import ExportFacts, Sighting
from quetsach.exports.elastic import index_template
from quetsach.exports.intelmq import INTELMQ_EXPORT
from quetsach.exports.ocsf import OCSF_EXPORT
from quetsach.exports.rows import ALL_COLUMNS, SHARED, sightings_for
from quetsach.exports.rows import ExportCounts as ExportCounts
from quetsach.exports.sharing import SHARING_EXPORTS
from quetsach.exports.tables import TABLE_EXPORTS
from quetsach.findings.folder import read_manifest
from quetsach.indicators.dates import us_now
from quetsach.indicators.restriction import Audience
from quetsach.stuck_calls import CallProgress

EXPORTS: tuple[Export, ...] = (*TABLE_EXPORTS, OCSF_EXPORT, INTELMQ_EXPORT, *SHARING_EXPORTS)
"""All forms, in the order in which people read them."""

_PIECES_AT_ONCE = 256

SOURCE = "quetsach"
"""Who says so, where nobody is named."""


def export_named(name: str) -> Export:
    """Return the form of this name; other packages are looked at where none of ours has it.

    Errors: StopIteration where there is none.
    """
    ours = next((export for export in EXPORTS if export.name == name), None)
    if ours is not None:
        return ours
    return next(export for export, _offer in offered_exports() if export.name == name)


@cache
def offered_exports() -> tuple[tuple[Export, PluginOffer], ...]:
    """Return the forms of other packages, each with where it is from."""
    exports = []
    for offer in offers_of(PluginGroup.EXPORTS, frozenset(export.name for export in EXPORTS)):
        loaded = load(offer, lambda value: isinstance(value, Export))
        if loaded is not None:
            exports.append((_guarded(loaded, offer), offer))
    return tuple(exports)


def _guarded(export: Export, offer: PluginOffer) -> Export:
    """Return the form whose writer raises E651 alone."""

    def write(sightings: Iterable[Sighting], head: ExportFacts) -> Iterator[bytes]:
        progress = CallProgress()

        def rows() -> Iterator[Sighting]:
            for sighting in sightings:
                progress.steps += 1
                yield sighting

        written = demanded(offer, lambda: iter(export.write(rows(), head)), progress)
        while pieces := demanded(offer, lambda: list(islice(written, _PIECES_AT_ONCE)), progress):
            yield from demanded(offer, lambda: [bytes(memoryview(piece)) for piece in pieces])

    return replace(export, name=offer.name, write=write)


@dataclass
class ExportedFindings:
    """The text of an export, made while it is read, and what became of the rows so far."""

    pieces: Iterator[bytes]
    counts: ExportCounts


def export_findings(
    folder: Path,
    form: Export,
    *,
    with_machines: bool = False,
    audience: str | None = None,
    source: str = SOURCE,
    withdraw: bool = False,
    title: str = "",
    since: datetime | None = None,
) -> ExportedFindings:
    """Return the sightings in `folder` in this form.

    Without `with_machines` no machine, person, place or text of a log is in it. `audience` is one
    of Audience, that of the form if not given. `source` is the name under which it is told,
    `title` that of the campaign, where the form has a place for it. With `since`, an aware time,
    what happened before it is left out.
    Errors: E303, E305 for the folder; E601 for `withdraw` where the form cannot take back.
    """
    if withdraw and not form.takes_back:
        raise QuetsachError("E601", "--withdraw", reason=form.name)
    # The manifest alone: a country's devices are megabytes, and no form tells them.
    digest = digest_of_manifest(read_manifest(folder)).removeprefix("sha256:")
    columns = ALL_COLUMNS if with_machines else SHARED
    head = ExportFacts(digest, source, us_now(), __version__, columns, withdraw, title)
    reader = form.audience if audience is None else Audience(audience)
    counts = ExportCounts()
    since_us = None if since is None else round(since.timestamp() * MICROSECONDS)
    rows = sightings_for(folder, form, reader, columns, counts, since_us=since_us)
    return ExportedFindings(form.write(rows, head), counts)


def template_text() -> str:
    """Return the index template of the form ecs as JSON, to load before the first export."""
    return json.dumps(index_template(), indent=1)


def write_export(exported: ExportedFindings, target: Path) -> None:
    """Write the export whole or not at all. Errors: E406."""
    write_whole(target, exported.pieces)
