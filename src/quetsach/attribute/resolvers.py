"""Which inside addresses are name servers for others, told from who asks whom."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

ASKED_BY_MANY = 2
"""So many other inside addresses must ask an address before it counts as a resolver."""


@dataclass(frozen=True)
class Resolver:
    """An inside address that answers others and itself asks on: its clients and its servers."""

    address: str
    clients: tuple[str, ...]
    servers: tuple[str, ...]


def find_resolvers(
    asks: Iterable[tuple[str, str]], is_inside: Callable[[str], bool]
) -> dict[str, Resolver]:
    """Return the resolvers among the pairs (client, server) of DNS questions, by address.

    An address is one only if it is asked by many and itself asks: a machine that merely asks is a
    client, and a server that never asks on answers from its own data.
    """
    clients: dict[str, set[str]] = defaultdict(set)
    servers: dict[str, set[str]] = defaultdict(set)
    for client, server in asks:
        if client != server:
            clients[server].add(client)
            servers[client].add(server)
    return {
        address: Resolver(address, tuple(sorted(asking)), tuple(sorted(servers[address])))
        for address, asking in sorted(clients.items())
        if len(asking) >= ASKED_BY_MANY and address in servers and is_inside(address)
    }
