"""Sightings as lines for the Acme console: indicator, grade and moment, with a bar between."""

from collections.abc import Iterable, Iterator

from quetsach.plugins import Export, ExportFacts, Sighting, iso_us


def _write(sightings: Iterable[Sighting], head: ExportFacts) -> Iterator[bytes]:
    yield f"# {head.source} {head.findings[:12]}\n".encode()
    for sighting in sightings:
        moment = iso_us(sighting["@timestamp"])
        words = (sighting["threat.indicator.name"], sighting["quetsach.grade"], moment)
        yield ("|".join(words) + "\n").encode()


LINES = Export(
    "acme-lines", "Acme console", "Load it in the console.", ".acme", _write, needs_time=True
)
