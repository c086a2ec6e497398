"""Machines that contradict each other, rows that say the same, and keys that tell all apart."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from quetsach.inventory.machines import asset_of
from quetsach.inventory.model import Machine, Row
from quetsach.inventory.names import bare_name
from quetsach.inventory.problems import Flaw, InventoryProblem


def joined(machines: Iterable[Machine]) -> tuple[list[Machine], list[InventoryProblem]]:
    """Return the machines with those that stand there twice joined, and where they stood.

    Two rows are one machine when name and hardware addresses are the same, and no unit, asset
    number or fixed address differs.
    """
    kept: list[Machine] = []
    places: dict[tuple[str, tuple[str, ...]], list[int]] = defaultdict(list)
    problems: list[InventoryProblem] = []
    for one in machines:
        known = places[(bare_name(one.name), tuple(sorted(one.macs)))]
        # A few looks are enough: who writes a machine a hundred times is told so each time.
        same = next((at for at in known[:8] if one.macs and _agree(kept[at], one)), None)
        if same is None:
            known.append(len(kept))
            kept.append(one)
        else:
            problems.append(_problem(one, Flaw.REPEATED, one.name or one.key, kept[same]))
            kept[same] = _both(kept[same], one)
    return kept, problems


def contradictions(machines: Sequence[Machine]) -> Iterator[InventoryProblem]:
    """Yield each hardware address, name, fixed address and asset number of two machines.

    Names and fixed addresses may recur in another unit: each school has its 192.168.1.10.
    """
    yield from _twice(machines, Flaw.MAC_TWICE, lambda one: [(mac, "") for mac in one.macs])
    yield from _twice(
        machines,
        Flaw.NAME_TWICE,
        lambda one: [(bare_name(one.name), one.unit.casefold())] if one.name else [],
    )
    yield from _twice(
        machines,
        Flaw.ADDRESS_TWICE,
        lambda one: [(address, one.unit.casefold()) for address in one.addresses],
    )
    yield from _twice(
        machines,
        Flaw.ASSET_TWICE,
        lambda one: [(asset_of(one).casefold(), "")] if asset_of(one) else [],
    )


def keyed_apart(machines: Sequence[Machine]) -> tuple[Machine, ...]:
    """Return the machines with keys of which each occurs once, whatever its case.

    A key that recurs gets the unit behind it, or else the hardware address, or else the row.
    """
    found = list(machines)
    for behind in (_unit, _mac, _row):
        times = Counter(one.key.casefold() for one in found)
        found = [
            replace(one, key=f"{one.key} ({behind(one)})")
            if times[one.key.casefold()] > 1 and behind(one) not in ("", one.key)
            else one
            for one in found
        ]
    return tuple(found)


def _unit(machine: Machine) -> str:
    return machine.unit


def _mac(machine: Machine) -> str:
    return next(iter(machine.macs), "")


def _row(machine: Machine) -> str:
    row = machine.row
    return "" if row is None else f"{row.path}, {row.sheet} {row.number}"


def _twice(
    machines: Sequence[Machine], flaw: Flaw, values: Callable[[Machine], list[tuple[str, str]]]
) -> Iterator[InventoryProblem]:
    first: dict[tuple[str, str], Machine] = {}
    for one in machines:
        for value in values(one):
            other = first.setdefault(value, one)
            if other is not one:
                yield _problem(one, flaw, value[0], other)


def _problem(one: Machine, flaw: Flaw, excerpt: str, other: Machine) -> InventoryProblem:
    row = Row("", "", 0) if one.row is None else one.row
    return InventoryProblem(row, flaw, excerpt[:80], other.row)


def _agree(one: Machine, other: Machine) -> bool:
    alike = all(
        not mine or not theirs or mine == theirs
        for mine, theirs in (
            (one.unit.casefold(), other.unit.casefold()),
            (asset_of(one), asset_of(other)),
        )
    )
    return alike and (not one.addresses or not other.addresses or one.addresses == other.addresses)


def _both(one: Machine, other: Machine) -> Machine:
    """Return what both rows say; the first counts where they differ, the rest is kept beside."""
    texts = {
        name: getattr(one, name) or getattr(other, name)
        for name in ("addresses", "client_ids", "unit", "room", "kind", "desk", "system", "remarks")
    }
    return replace(
        one,
        key=one.key if asset_of(one) or not asset_of(other) else other.key,
        shared=one.shared or other.shared,
        extra=tuple(dict.fromkeys((*one.extra, *other.extra))),
        **texts,
    )
