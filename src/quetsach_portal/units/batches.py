"""Long lists in pieces that every database takes."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")

MOST = 900
"""Fewer than SQLite's oldest limit of 999 values in a query."""


def in_batches(items: Sequence[Item], size: int = MOST) -> Iterator[Sequence[Item]]:
    """Yield `items` in pieces of `size`."""
    for at in range(0, len(items), size):
        yield items[at : at + size]
