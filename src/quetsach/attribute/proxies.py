"""Which inside addresses are web proxies for others, told from who connects to whom."""

from collections import defaultdict
from collections.abc import Callable, Iterable

PROXY_PORTS = frozenset({3128, 8080, 8118, 8888})
"""Where web proxies listen by habit."""

USED_BY_MANY = 3
"""So many other inside addresses must use an address before it counts as a proxy."""


def find_proxies(
    relays: Iterable[tuple[str, str]], is_inside: Callable[[str], bool]
) -> dict[str, tuple[str, ...]]:
    """Return the proxies among the pairs (client, server on a proxy port), with their clients."""
    clients: dict[str, set[str]] = defaultdict(set)
    for client, server in relays:
        if client != server and is_inside(client) and is_inside(server):
            clients[server].add(client)
    return {
        address: tuple(sorted(asking))
        for address, asking in sorted(clients.items())
        if len(asking) >= USED_BY_MANY
    }
