"""What a form of list is, and what it is given."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any, Protocol

import msgspec

from quetsach.decoding import decode
from quetsach.errors import Problem
from quetsach.indicators.bulk import Bulk
from quetsach.indicators.forms.rows import ListRow
from quetsach.indicators.options import ListOptions

SAMPLE_LINES = 200
"""From how many lines a form is found out."""

SAMPLE_WIDTH = 2000
"""How much of each of them is looked at, in characters."""

HEAD = 16_384
"""How much of a list is looked at for the marks in its first comments, in characters."""

MOST_VALUES = 10_000_000
"""How many values of JSON are made at once; each needs up to a hundred bytes of memory."""

_JSON = re.compile(r"\s*[{\[]")


@dataclass(frozen=True)
class ListFile:
    """A list as it came, read once for all forms that look at it.

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
    def sample(self) -> list[str]:
        """The first lines that are neither blank nor begin with `#`, each cut at SAMPLE_WIDTH."""
        filled = (one for one in self.lines() if one.strip() and not one.startswith("#"))
        return [one[:SAMPLE_WIDTH] for one in islice(filled, SAMPLE_LINES)]

    @cached_property
    def head(self) -> list[str]:
        """The lines of the first HEAD characters as they stand, comments too."""
        return (self.text or "")[:HEAD].split("\n")

    @cached_property
    def json(self) -> Any:
        """The whole file as one JSON value, or None where it is none."""
        if self.text is None or not _JSON.match(self.text) or _has_too_many_values(self.raw):
            return None
        try:
            return msgspec.json.decode(self.text)
        except (msgspec.DecodeError, RecursionError):
            return None

    def lines(self) -> Iterator[str]:
        """Return the lines of the text, each with its end."""
        # str.splitlines() also cuts at form feeds and other signs that end no line in a list;
        # io.StringIO holds four bytes a sign, which of a great list is more than a PC has.
        text = self.text or ""
        start = 0
        while start < len(text):
            end = text.find("\n", start) + 1 or len(text)
            yield text[start:end]
            start = end


def _has_too_many_values(raw: bytes) -> bool:
    # Each value but the first stands behind one of these signs; in strings they count as well.
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
    bulk: Bulk | None = None


class ListForm(Protocol):
    """One form of list. `name` never changes; `title` and `reads` are for the docs, in English."""

    name: str
    title: str
    reads: str

    def read(self, file: ListFile) -> FormReading | None:
        """Return the rows of `file`, or None when it is not of this form.

        It opens nothing, looks at no other file and never raises for what stands in the file.
        """
