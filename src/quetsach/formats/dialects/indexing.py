"""The index of the shipped dialects: what a line of each cannot do without, and what each promises.

Reading eighty dialects takes longer than to sweep a small log, so that each is read when a line may
be of it. `make docs` writes the index anew, and a test holds it to the dialects.
"""

from functools import cache
from pathlib import Path

import msgspec

FOLDER = Path(__file__).parent / "shipped"
INDEX = FOLDER / "index.json"


class DialectEntry(msgspec.Struct, frozen=True):
    """What is known of a dialect before it is read.

    Shapes: `file` is its name in the folder; `is_json` says that its layers are documents; one of
    `literals` stands in the text of each of its layers, where there are any; one of `keys` is a key
    of its document, likewise.
    """

    name: str
    file: str
    order: int
    is_json: bool
    literals: tuple[str, ...]
    keys: tuple[str, ...] = ()


class DialectIndex(msgspec.Struct, frozen=True):
    """All shipped dialects, in the order in which a line is shown to them; promises by data set."""

    dialects: tuple[DialectEntry, ...]
    promises: dict[str, tuple[str, ...]]


@cache
def shipped_index() -> DialectIndex:
    """Return the index that comes with quetsach."""
    return msgspec.json.decode(INDEX.read_bytes(), type=DialectIndex)
