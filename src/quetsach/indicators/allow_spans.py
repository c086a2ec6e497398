"""Addresses and networks of many lists in one table: which lists does a span touch."""

import socket
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from quetsach.addresses import bounds, parse_address, parse_network

Span = tuple[int, int, int]
"""IP version, first and last address as numbers."""


def span_of(text: str) -> Span | None:
    """Return the span that an address or network writes, or None."""
    address, slash, length = text.partition("/")
    try:  # nearly all entries are plain IPv4; the long way gives the same answer
        first = int.from_bytes(socket.inet_pton(socket.AF_INET, address))
        if not slash:
            return 4, first, first
        if length.isdecimal() and len(length) <= 2 and int(length) <= 32:
            free = 32 - int(length)
            first = first >> free << free
            return 4, first, first + (1 << free) - 1
    except (OSError, ValueError):
        pass
    one = parse_network(text) if slash else parse_address(text)
    span = one[0] if isinstance(one, tuple) else one
    return None if span is None else (span.version, *bounds(span))


class SpanTable:
    """Finds the lists that hold an address or touch a network. Cost: one binary search."""

    def __init__(self, lists: Sequence[Iterable[Span]]) -> None:
        edges: dict[int, list[tuple[int, int, int]]] = {4: [], 6: []}
        for number, spans in enumerate(lists):
            for version, first, last in spans:
                edges[version].append((first, 1, number))
                edges[version].append((last + 1, -1, number))
        self._starts: dict[int, list[int]] = {}
        self._holding: dict[int, list[tuple[int, ...]]] = {}
        for version, found in edges.items():
            self._starts[version], self._holding[version] = _segments(sorted(found))

    def touching(self, span: Span) -> set[int]:
        """Return the numbers of the lists that have an address in common with `span`."""
        version, first, last = span
        starts, holding = self._starts[version], self._holding[version]
        place = max(bisect_right(starts, first) - 1, 0)
        found: set[int] = set()
        while place < len(starts) and starts[place] <= last:
            if place + 1 == len(starts) or starts[place + 1] > first:
                found.update(holding[place])
            place += 1
        return found


def _segments(edges: list[tuple[int, int, int]]) -> tuple[list[int], list[tuple[int, ...]]]:
    """Return where the lists in force change, and those in force from there on."""
    depth: dict[int, int] = {}
    starts: list[int] = []
    holding: list[tuple[int, ...]] = []
    for at, step, number in edges:
        depth[number] = depth.get(number, 0) + step
        if not depth[number]:
            del depth[number]
        if starts and starts[-1] == at:
            holding[-1] = tuple(depth)
        else:
            starts.append(at)
            holding.append(tuple(depth))
    return starts, holding
