"""From a public address and port to the inside address, by port block rules and translations.

The rule alone answers; no log is needed, and none is kept where it is in use.
Source: RFC 7422, 2.2, the sequential assignment.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address

from quetsach.addresses import Network, parse_address, parse_network
from quetsach.attribution.model import (
    CERTAINTIES,
    Certainty,
    InsideEndpoint,
    OutsideEndpoint,
    weaker,
)
from quetsach.attribution.translations import SLACK_US, TranslationHistory
from quetsach.decoding import decode
from quetsach.errors.exceptions import Problem
from quetsach.formats.port_blocks import (
    LONGEST_ROW,
    PortBlockColumn,
    by_column,
    columns_of,
    is_rules,
)

MOST_RULES = 10_000
"""How many rules of one table are read."""

_PORTS = 65_536
_MOST_PROBLEMS = 50


@dataclass(frozen=True)
class PortBlockRule:
    """Machines of `inside`, in order, have `ports_per_host` ports each, from `first_port` up.

    Once the ports of an address of `public` are used up, its next address follows. Every address
    of both networks counts, their first and last too.
    """

    inside: Network
    public: Network
    first_port: int
    ports_per_host: int

    @property
    def hosts_per_address(self) -> int:
        """How many machines share one public address."""
        return (_PORTS - self.first_port) // self.ports_per_host

    def inside_of(self, public_address: str, port: int) -> str | None:
        """Return the inside address that has `port` of `public_address`, None where none has."""
        address = parse_address(public_address)
        if address is None or address.version != self.public.version or address not in self.public:
            return None
        block = (port - self.first_port) // self.ports_per_host
        if not 0 <= block < self.hosts_per_address or port >= _PORTS:
            return None
        place = int(address) - int(self.public.network_address)
        number = place * self.hosts_per_address + block
        if number >= self.inside.num_addresses:
            return None
        return str(ip_address(int(self.inside.network_address) + number))


def read_block_rules(raw: bytes, where: str) -> tuple[list[PortBlockRule], list[Problem]]:
    """Return the rules of a table of them, and what was wrong with it.

    Shapes: CSV with headings such as inside network, public network, first port, ports per host,
    in English or Vietnamese. Errors: none are raised; E260 for no such table, E261 for a row.
    """
    text = decode(raw)
    rows = [] if text is None else text.splitlines()
    begin = next((at for at, row in enumerate(rows) if row.strip() and row[0] != "#"), None)
    heading = None if begin is None else columns_of(rows[begin])
    if begin is None or heading is None or not is_rules(heading[1]):
        return [], [Problem("E260", where)]
    delimiter, columns = heading
    rules: list[PortBlockRule] = []
    problems: list[Problem] = []
    for number, row in enumerate(rows[begin + 1 :], begin + 2):
        if not row.strip() or row.startswith("#"):
            continue
        cells = by_column(row[:LONGEST_ROW], delimiter, columns)
        rule = _rule(cells) if len(rules) < MOST_RULES else None
        if rule is not None:
            rules.append(rule)
        elif len(problems) < _MOST_PROBLEMS:
            problems.append(Problem("E261", where, {"row": number}))
    return rules, problems


def _rule(cells: dict[PortBlockColumn, str]) -> PortBlockRule | None:
    inside = parse_network(cells.get(PortBlockColumn.INSIDE_NETWORK, ""))
    public = parse_network(cells.get(PortBlockColumn.PUBLIC_NETWORK, ""))
    first, each = (
        _number(cells.get(PortBlockColumn.FIRST)),
        _number(cells.get(PortBlockColumn.PER_HOST)),
    )
    if inside is None or public is None or first is None or not each or first + each > _PORTS:
        return None
    rule = PortBlockRule(inside[0], public[0], first, each)
    # With too few public addresses some machines would have no ports: the rule is misread.
    room = rule.public.num_addresses * rule.hosts_per_address
    # Host bits that were cut off would shift every machine to its neighbour's ports.
    cut = inside[1] or public[1]
    return None if cut or room < rule.inside.num_addresses else rule


def _number(text: str | None) -> int | None:
    if text is None or not (text.isascii() and text.isdigit() and len(text) <= 5):
        return None
    return int(text) if int(text) < _PORTS else None


DEEPEST = 4
"""How many translations in a row are followed: of a provider, a building, an office, a room."""

MOST = 64
"""How many ways are followed from one address."""

Chain = tuple[InsideEndpoint, ...]
"""The inside addresses on the way from outside to the machine; the last is the machine's."""


def resolve(
    endpoint: OutsideEndpoint, histories: Sequence[TranslationHistory], *, slack_us: int = SLACK_US
) -> list[Chain]:
    """Return the ways from `endpoint` to machines, the surest first; none if no record knows it.

    An inside address that is itself the public side of another translation is followed; no
    address is met twice on one way. A way is as sure as its weakest step, and where several ways
    are left none is certain.
    """
    ways: list[Chain] = []
    _follow(endpoint, _Way(histories, slack_us, ways), (), frozenset((endpoint.address,)))
    ways.sort(key=lambda chain: CERTAINTIES.index(sureness(chain)))
    return ways


def sureness(chain: Chain) -> Certainty:
    """Return how sure a way is: as its weakest step."""
    return max((inner.grade for inner in chain), key=CERTAINTIES.index, default=Certainty.CERTAIN)


@dataclass(frozen=True)
class _Way:
    """What stays the same while ways are followed, and those that were found."""

    histories: Sequence[TranslationHistory]
    slack_us: int
    found: list[Chain]


def _follow(endpoint: OutsideEndpoint, way: _Way, before: Chain, passed: frozenset[str]) -> None:
    for inner in _inside(endpoint, way.histories, way.slack_us):
        if len(way.found) >= MOST:
            return
        chain = (*before, inner)
        if inner.address in passed:
            # A translation that changes nothing is an end; what leads back is a loop, and none.
            if inner.address == endpoint.address:
                way.found.append(chain)
            continue
        count = len(way.found)
        if len(chain) < DEEPEST and any(one.knows(inner.address) for one in way.histories):
            after = replace(endpoint, address=inner.address, port=inner.port)
            _follow(after, way, chain, passed | {inner.address})
        if len(way.found) == count:
            way.found.append(chain)


def _inside(
    seen: OutsideEndpoint, histories: Sequence[TranslationHistory], slack_us: int
) -> list[InsideEndpoint]:
    """Return what all histories say, each inside address once, by its surest record."""
    every = [inner for history in histories for inner in history.inside(seen, slack_us=slack_us)]
    by_address: dict[str, InsideEndpoint] = {}
    for inner in sorted(every, key=lambda inner: CERTAINTIES.index(inner.grade)):
        by_address.setdefault(inner.address, inner)
    if len(by_address) > 1:
        return [
            replace(inner, grade=weaker(inner.grade, Certainty.AMBIGUOUS))
            for inner in by_address.values()
        ]
    return list(by_address.values())
