"""Every address of the portal, by walking its URL patterns."""

from collections import Counter
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def addresses() -> list[str]:
    """Return the name of each address, "cases:show"; its path where it has none.

    Two addresses with one name appear as "name path".
    """
    found = list(_below(get_resolver(), "", "/"))
    often = Counter(name for name, _route in found)
    return [
        route if not name else name if often[name] == 1 else f"{name} {route}"
        for name, route in found
    ]


def _below(resolver: URLResolver, space: str, route: str) -> Iterator[tuple[str, str]]:
    for one in resolver.url_patterns:
        there = route + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _below(one, f"{space}{one.namespace}:" if one.namespace else space, there)
        elif isinstance(one, URLPattern):
            yield f"{space}{one.name}" if one.name else "", there
