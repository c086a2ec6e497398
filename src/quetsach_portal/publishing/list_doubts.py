"""What an owner is told of listed addresses before taking them over: rows that look wrong."""

from bisect import bisect_right
from collections.abc import Iterable

from quetsach_portal.publishing.lists import Rows
from quetsach_public.addresses import Caller, caller_of, span_of

Doubt = tuple[str, int, str]
"""Why, how many, and the first of them."""

# As Google, Cloudflare, Quad9, OpenDNS and AdGuard publish them: whoever is behind asks for
# everybody, so a list that has one was most likely made of the wrong column.
_RESOLVERS = frozenset(
    caller_of(one)
    for one in (
        *("8.8.8.8", "8.8.4.4", "2001:4860:4860::8888"),
        *("1.1.1.1", "1.0.0.1", "2606:4700:4700::1111"),
        *("9.9.9.9", "149.112.112.112", "2620:fe::fe"),
        *("208.67.222.222", "208.67.220.220", "2620:119:35::35", "2620:119:53::53"),
        *("94.140.14.14", "94.140.15.15", "2a10:50c0::ad1:ff"),
    )
)


def doubts_of(rows: Rows, ranges: Iterable[str]) -> list[Doubt]:
    """Return what is doubtful in the `rows` of listed addresses; without `ranges` none is outside.

    Cost: one binary search a row.
    """
    spans = sorted(span_of(one) for one in ranges)
    found: dict[str, tuple[int, str]] = {}
    for address in (row[0] for row in rows):
        caller = caller_of(address)
        if caller is None:
            continue
        for why, is_so in (
            ("public-resolver", caller in _RESOLVERS),
            ("outside-ranges", bool(spans) and not _is_within(spans, caller)),
        ):
            if is_so:
                many, first = found.get(why, (0, address))
                found[why] = many + 1, first
    return [(why, *held) for why, held in sorted(found.items())]


def _is_within(spans: list[tuple[int, int, int]], caller: Caller) -> bool:
    at = bisect_right(spans, (caller.version, caller.number, 1 << 128)) - 1
    if at < 0:
        return False
    version, first, last = spans[at]
    return version == caller.version and first <= caller.number <= last
