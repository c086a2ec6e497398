"""Many counters moved at once: gathered per node first, then written in few statements."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import F

from quetsach_portal.campaigns.models import NodeTally, SlotTally
from quetsach_portal.campaigns.tallies import keep_beginning, keep_today

Item = TypeVar("Item")

_MOST = 900

NODE_FIGURES = tuple(one.attname for one in NodeTally._meta.concrete_fields if not one.primary_key)


def chain(path: str) -> list[int]:
    """Return the ids of the nodes on `path`, the root first."""
    return [int(one) for one in path.strip("/").split("/")]


def pieces(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Yield `items` in pieces that every database takes in one query."""
    for start in range(0, len(items), _MOST):
        yield items[start : start + _MOST]


@dataclass
class Shifts:
    """Additions to NodeTally by node, and to SlotTally by phase and node."""

    nodes: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    slots: dict[tuple[int, int], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, path: str, by: Mapping[str, int], sign: int = 1) -> None:
        """Add `by` to the counters of all nodes on `path`."""
        for node in chain(path):
            for name, number in by.items():
                self.nodes[node][name] += sign * number

    def add_slot(self, path: str, phase: int, by: Mapping[str, int], sign: int = 1) -> None:
        """Add `by` to the counters of one phase of all nodes on `path`."""
        for node in chain(path):
            for name, number in by.items():
                self.slots[phase, node][name] += sign * number

    def write(self) -> None:
        """Write what was gathered, and begin anew. Cost: a statement for each distinct addition."""
        for by, ids in _same(self.nodes.items()).items():
            for some in pieces(ids):
                rows = NodeTally.objects.filter(node_id__in=some)
                rows.update(**{name: F(name) + number for name, number in by})
        phases: dict[int, list[tuple[int, Counter[str]]]] = defaultdict(list)
        for (phase, node), counter in self.slots.items():
            phases[phase].append((node, counter))
        for phase, counters in phases.items():
            moved = _same(counters)
            for some in pieces([one for ids in moved.values() for one in ids]):
                keep_beginning(SlotTally.objects.filter(phase_id=phase, node_id__in=some))
            for by, ids in moved.items():
                for some in pieces(ids):
                    tallies = SlotTally.objects.filter(phase_id=phase, node_id__in=some)
                    tallies.update(**{name: F(name) + number for name, number in by})
            for some in pieces([one for ids in moved.values() for one in ids]):
                keep_today(SlotTally.objects.filter(phase_id=phase, node_id__in=some))
        self.nodes.clear()
        self.slots.clear()


def _same(
    counters: Iterable[tuple[int, Counter[str]]],
) -> dict[tuple[tuple[str, int], ...], list[int]]:
    """Return the nodes by what is added to them; those to which nothing is added are left out."""
    found: dict[tuple[tuple[str, int], ...], list[int]] = defaultdict(list)
    for node, counter in counters:
        by = tuple(sorted((name, number) for name, number in counter.items() if number))
        if by:
            found[by].append(node)
    return found
