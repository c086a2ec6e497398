"""What a form of notices takes and gives: a file's bytes in, one record an item out."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any, Protocol

from quetsach.clocks import Zone
from quetsach.errors.exceptions import Problem
from quetsach.notices.headings import NoticeField
from quetsach.notices.moments import VIETNAM


@dataclass(frozen=True)
class NoticeOptions:
    """How notices are read.

    `local` is the zone of letters that name none; `accept_private` takes private addresses as
    public ones, because somebody said they are meant (laboratories).
    """

    local: Zone = VIETNAM
    accept_private: bool = False


@dataclass(frozen=True)
class NoticeRecord:
    """One item as its form reads it: texts by field, or the reason why it is none.

    Shapes: `zone` applies to times without offset; `raw` (heading, value) is the item as written.
    One with a `problem` is no item: it says that a part of the file could not be read.
    """

    fields: dict[NoticeField, str] = field(default_factory=dict)
    reason: str = ""
    excerpt: str = ""
    zone: Zone = UTC
    place: str = ""
    row: int | None = None
    raw: tuple[tuple[str, str], ...] = ()
    problem: Problem | None = None


@dataclass(frozen=True)
class NoticeSource:
    """A file of notices: its name and bytes, its text where it is one, and its JSON value.

    Shapes: `values` are the objects of a JSON list, of an object or of JSON lines, each with its
    line where it has one; None for what is no JSON. A line that is none is a str.
    """

    name: str
    raw: bytes
    text: str | None
    values: list[tuple[int | None, Any]] | None
    options: NoticeOptions


class NoticeFormat(Protocol):
    """Reads one form of notices."""

    name: str
    title: str

    def read(self, source: NoticeSource) -> Iterator[NoticeRecord] | None:
        """Return a record for each item, or None for what is not of this form."""
