"""Networks by prefix length: which of them hold an address, the longest first."""

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from quetsach.addresses import Address, Network

Value = TypeVar("Value")


class PrefixTable(Generic[Value]):
    """Values by network. Cost: one look-up for each prefix length that occurs."""

    def __init__(self, entries: Iterable[tuple[Network, Value]]) -> None:
        tables: dict[tuple[int, int], dict[int, list[Value]]] = {}
        for network, value in entries:
            shift = network.max_prefixlen - network.prefixlen
            table = tables.setdefault((network.version, shift), {})
            table.setdefault(int(network.network_address) >> shift, []).append(value)
        self._tables = {
            version: [
                (shift, table) for (of, shift), table in sorted(tables.items()) if of == version
            ]
            for version in (4, 6)
        }

    def holding(self, address: Address) -> Iterator[Value]:
        """Yield the values of the networks that hold `address`, the longest prefix first."""
        number = int(address)
        for shift, table in self._tables[address.version]:
            yield from table.get(number >> shift, ())

    def values(self) -> Iterator[Value]:
        """Yield every value, as often as it was entered."""
        for tables in self._tables.values():
            for _shift, table in tables:
                for found in table.values():
                    yield from found
