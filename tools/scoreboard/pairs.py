"""A pair: a message as a product wrote it, and what somebody else read in it.

The data lie beside the repository, never in it; where they are absent there is no scoreboard.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

Value: TypeAlias = str | int | datetime | frozenset[str]
Fields: TypeAlias = Mapping[str, Value]
"""Judged fields by their ECS name, in the normal form of `normal.py`; absent is not there."""

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Expectation:
    """One event that somebody else read: its fields, and the addresses of who wrote the log."""

    fields: Fields
    observers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Pair:
    """One message (or one document), and the events that are expected of it.

    `source` is the folder of the pair, `product` the product's short name, `test` the name of the
    pair in its product, `file` the file that the expectation stands in. A document that is `alone`
    never stands among other messages in a file.
    """

    source: str
    product: str
    test: str
    message: bytes
    expected: tuple[Expectation, ...]
    file: Path = field(compare=False)
    alone: bool = False

    @property
    def name(self) -> str:
        """Source and product, as in `sekoia/bind`."""
        return f"{self.source}/{self.product}"

    @property
    def year(self) -> int | None:
        """The year of the first time that is expected: a message without year does not say it."""
        times = (one.fields.get("@timestamp") for one in self.expected)
        return next((time.year for time in times if isinstance(time, datetime)), None)


def data_folder() -> Path | None:
    """Return the folder of the data set, beside the repository or above it; None without one."""
    places = (folder / "shared" / "data" for folder in REPOSITORY.parents)
    return next((place for place in places if (place / "expected").is_dir()), None)
