"""Sightings in columns, as the fold counts them: each with what it met and who is behind it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from quetsach.arrays import Numbers, np
from quetsach.attribution.questions import Attribution
from quetsach.findings.met_indicator import MentionedLine, SightedIndicator

NOTHING = int(np.iinfo(np.int64).min)
"""In a column of numbers: none is told."""


@dataclass(frozen=True)
class SightingColumns:
    """Some sightings, one in each row of the columns, in the order of the evidence.

    Shapes: `numbers` are those of the sightings; `who` and `what` are keys of `answers` and places
    in `indicators`; `ranks` those of the grades; `connections` 1 where the line is one of a
    connection, else 0; `windows`, `programs` and `files` places in `texts`. A key and a place mean
    the same in all columns of one sweep. NOTHING stands where none is told.
    `text_of` returns what the line of a row says, and its data set.
    Units: `when_us` since 1970, UTC; `offsets` in bytes of the unpacked evidence.
    """

    numbers: Numbers
    who: Numbers
    what: Numbers
    ranks: Numbers
    connections: Numbers
    ports: Numbers
    when_us: Numbers
    windows: Numbers
    confidences_then: Numbers
    programs: Numbers
    files: Numbers
    offsets: Numbers
    answers: Mapping[int, Attribution]
    indicators: Sequence[SightedIndicator]
    texts: Sequence[str]
    text_of: Callable[[int], tuple[str, str]]

    def place_of(self, row: int) -> MentionedLine:
        """Return where the line of a row is, and what it says."""
        text, dataset = self.text_of(row)
        return MentionedLine(
            self.texts[int(self.files[row])], int(self.offsets[row]), text, dataset
        )
