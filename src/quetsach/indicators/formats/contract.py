"""The interface of a list format, and the file and rows it works with."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import msgspec

from quetsach.decoding import decode, decode_utf8
from quetsach.errors.exceptions import Problem
from quetsach.indicators.model import NO_CLAIM, Claim, Indicator, MatchRule
from quetsach.indicators.options import ListOptions, RefusalReason

if TYPE_CHECKING:
    from quetsach.indicators.column_building import BulkRows


class ListRow(NamedTuple):
    """One row that may give an indicator.

    Shapes: `number` counts the lines, records or values of the file from 1; `value` is the one
    value as it is written there, defanged or not; `rule` is set where the form itself says how
    its names are met; `claim` is what the row says beside the value. `refused` is set where the
    form knows that the row is none of ours (a file name, a pattern too complex, an exception).
    `place` says where in a document it stands, for people; `letter` names the letter. `ready` is
    the indicator itself where the file is a release, which keeps its own origins.
    """

    number: int
    text: str
    value: str
    port: int | None = None
    rule: MatchRule | None = None
    claim: Claim = NO_CLAIM
    refused: RefusalReason | None = None
    place: str = ""
    letter: str = ""
    ready: Indicator | None = None


SAMPLE_LINES = 200
"""The number of lines from which a form is detected."""

SAMPLE_WIDTH = 2000
"""How much of each of these lines is examined, in characters."""

HEAD = 16_384
"""How much of a list is searched for marks in its first comments, in characters."""

FEWEST_BYTES = 100_000
"""In a smaller file reading row by row is as fast as a column at a time."""

MOST_VALUES = 10_000_000
"""How many values of JSON are decoded at once; each needs up to a hundred bytes of memory."""

_JSON = re.compile(rb"[ \t\n\r]*[{\[]")


@dataclass(frozen=True)
class ListFile:
    """A list file, read once for all forms that examine it.

    Shapes: `name` is for people, relative to the folder given; `suffix` is in lower case with its
    dot; `named` is whether the user named this file, and not a folder with it.
    """

    name: str
    sha256: str
    raw: bytes = field(repr=False)
    suffix: str = ""
    named: bool = True
    options: ListOptions = field(default_factory=ListOptions)

    @cached_property
    def text(self) -> str | None:
        """The text with `\\n` between its lines, or None for data that are no text."""
        return decode(self.raw)

    @cached_property
    def utf8(self) -> bytes | None:
        """The same as UTF-8, mostly the bytes as they were read; a great list is read from it."""
        return decode_utf8(self.raw)

    @property
    def is_text(self) -> bool:
        """Whether the data are text."""
        return self.utf8 is not None

    @cached_property
    def sample(self) -> list[str]:
        """The first lines that are neither blank nor begin with `#`, each cut at SAMPLE_WIDTH."""
        filled = (line for line in self.lines() if line.strip() and not line.startswith("#"))
        return [line[:SAMPLE_WIDTH] for line in islice(filled, SAMPLE_LINES)]

    @cached_property
    def head(self) -> list[str]:
        """The lines of the first HEAD characters unchanged, with comments."""
        # A character has four bytes at most; the last one may be cut.
        return (self.utf8 or b"")[: 4 * HEAD].decode(errors="ignore")[:HEAD].split("\n")

    @cached_property
    def json(self) -> Any:
        """The whole file as one JSON value, or None where it is none."""
        if self.utf8 is None or not _JSON.match(self.utf8) or _has_too_many_values(self.raw):
            return None
        try:
            return msgspec.json.decode(self.utf8)
        except (msgspec.DecodeError, RecursionError):
            return None

    def lines(self) -> Iterator[str]:
        """Return the lines of the text, each with its end."""
        # str.splitlines() also cuts at form feeds and other signs that end no line in a list;
        # io.StringIO holds four bytes a sign, which of a great list is more than a PC has.
        text = self.utf8 or b""
        start = 0
        while start < len(text):
            end = text.find(b"\n", start) + 1 or len(text)
            yield text[start:end].decode()
            start = end


def _has_too_many_values(raw: bytes) -> bool:
    # Each value but the first follows one of these characters; in strings they count as well.
    return len(raw) > MOST_VALUES and sum(map(raw.count, (b",", b"[", b"{"))) > MOST_VALUES


@dataclass(frozen=True)
class FormReading:
    """The rows of a list, in order, read as they are asked for; `column` names the one taken.

    `sender` is that of the saved column map the list was read by, if it was read by one.
    `problems` are those of the file as a whole: a page that could not be read, a locked part.
    `bulk` holds the rows of a great list that were taken all at once; they are not in `rows`.
    """

    rows: Iterable[ListRow]
    column: str = ""
    problems: tuple[Problem, ...] = ()
    sender: str = ""
    bulk: "BulkRows | None" = None


class ListFormat(Protocol):
    """One form of list. `name` never changes; `title` and `reads` are for the docs, in English."""

    name: str
    title: str
    reads: str

    def read(self, file: ListFile) -> FormReading | None:
        """Return the rows of `file`, or None when it is not of this form.

        It opens nothing, looks at no other file and never raises for what stands in the file.
        """
