"""Lines to look at: they name an indicator, and nothing in them proves a contact of anybody."""

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from quetsach.attribution.questions import MissingEvidence
from quetsach.findings.met_indicator import MentionedLine, SightedIndicator
from quetsach.findings.steps import lack_text

if TYPE_CHECKING:
    from quetsach.arrays import Numbers
    from quetsach.findings.sighting_columns import SightingColumns

MOST_LINES = 1000
"""How many lines are listed with their text; all are counted, and sightings.parquet has them."""

LINE_SIGNS = 1000
"""How much of a line is listed, in characters."""

MOST_INDICATORS = 20
"""How many indicators of one line are named."""

MOST_FILES = 1000


@dataclass
class LinesToLookAt:
    """The growing list of a sweep: each line once, with the indicators that it names.

    Sightings of one line are added one behind the other.
    """

    sightings: int = 0
    lines: int = 0
    files: dict[str, int] = field(default_factory=dict)
    _indicators: dict[str, str] = field(default_factory=dict)
    _markings: dict[str, str] = field(default_factory=dict)
    _listed: list[dict[str, Any]] = field(default_factory=list)
    _last: tuple[str, int] | None = None

    def add(
        self, place: MentionedLine, number: int, met: SightedIndicator, lack: MissingEvidence
    ) -> None:
        """Count the sighting with this number; `lack` says why it names nobody."""
        self.sightings += 1
        self._indicators.setdefault(met.key, met.shown)
        if met.claimed.tlp:
            self._markings[met.shown] = met.claimed.tlp
        here = (place.path, place.offset)
        if here == self._last:
            known = self._listed[-1] if self._listed else None
            # Past the bound the last line that is listed is another one.
            if known is not None and (known["path"], known["offset"]) == here:
                shown = known["indicators"]
                if len(shown) < MOST_INDICATORS and met.shown not in shown:
                    shown.append(met.shown)
            return
        self._last = here
        self.lines += 1
        self.files[place.path] = self.files.get(place.path, 0) + 1
        if len(self._listed) < MOST_LINES:
            self._listed.append(
                {
                    "path": place.path,
                    "offset": place.offset,
                    "line": place.text[:LINE_SIGNS],
                    "dataset": place.dataset,
                    "sighting": f"{number:016x}",
                    "indicators": [met.shown],
                    "why": str(lack),
                }
            )

    def add_columns(self, batch: "SightingColumns", rows: "Numbers") -> None:
        """Count the sightings in these rows of `batch`."""
        for done, line in enumerate(rows.tolist()):
            # Past the bound neither the next line nor more of the last one is listed.
            if self.lines > MOST_LINES:
                self._count(batch, rows[done:])
                return
            met, lack = batch.indicators[batch.what[line]], batch.answers[batch.who[line]].lack
            self.add(batch.place_of(line), int(batch.numbers[line]), met, lack)

    def _count(self, batch: "SightingColumns", rows: "Numbers") -> None:
        from quetsach.findings.grouping import begins, in_order

        self.sightings += len(rows)
        what, files, offsets = batch.what[rows], batch.files[rows], batch.offsets[rows]
        for place in in_order(what):
            indicator = batch.indicators[place]
            self._indicators.setdefault(indicator.key, indicator.shown)
        for place in reversed(in_order(what[::-1])):
            indicator = batch.indicators[place]
            if indicator.claimed.tlp:
                self._markings[indicator.shown] = indicator.claimed.tlp
        new = begins([files, offsets])
        new[0] = (batch.texts[files[0]], int(offsets[0])) != self._last
        self._last = batch.texts[files[-1]], int(offsets[-1])
        self.lines += int(new.sum())
        counts = Counter(files[new].tolist())
        for place, count in counts.items():
            path = batch.texts[place]
            self.files[path] = self.files.get(path, 0) + count

    def to_json(self) -> dict[str, Any]:
        """Return the list under the names of the findings folder.

        Shapes: `lines` counts all, `listed` has the first; `why` of a line is a key of `help`.
        """
        reasons = sorted({one["why"] for one in self._listed})
        return {
            "lines": self.lines,
            "sightings": self.sightings,
            "indicators": [self._indicators[key] for key in sorted(self._indicators)],
            # To whom the lists allow them to be shown (TLP), those that have a marking.
            "markings": dict(sorted(self._markings.items())),
            "files": [
                {"path": path, "lines": count}
                for path, count in list(self.files.items())[:MOST_FILES]
            ],
            "help": {why: lack_text(MissingEvidence(why)) for why in reasons},
            "listed": self._listed,
        }
