"""Lines to look at: they name an indicator, and nothing in them proves a contact of anybody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from quetsach.attribution.questions import MissingEvidence
from quetsach.findings.steps import lack_text

MOST_LINES = 1000
"""How many lines are listed with their text; all are counted, and sightings.parquet has them."""

LINE_SIGNS = 1000
"""How much of a line is listed, in characters."""

MOST_INDICATORS = 20
"""How many indicators of one line are named."""

MOST_FILES = 1000


@dataclass(frozen=True)
class MentionedLine:
    """Where a line is, and what it says.

    Units: `offset` in bytes of the unpacked evidence.
    """

    path: str
    offset: int
    text: str
    dataset: str


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

    def add(self, place: MentionedLine, key: str, listed: Mapping[str, Any]) -> None:
        """Count a sighting of the indicator `key`; `listed` is what the list tells beside it."""
        self.sightings += 1
        self._indicators.setdefault(key, listed["indicator"])
        if listed.get("tlp"):
            self._markings[listed["indicator"]] = listed["tlp"]
        here = (place.path, place.offset)
        if here == self._last:
            known = self._listed[-1] if self._listed else None
            # Past the bound the last line that is listed is another one.
            if known is not None and (known["path"], known["offset"]) == here:
                shown = known["indicators"]
                if len(shown) < MOST_INDICATORS and listed["indicator"] not in shown:
                    shown.append(listed["indicator"])
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
                    "sighting": listed["sighting"],
                    "indicators": [listed["indicator"]],
                    "why": listed["why"],
                }
            )

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
