"""The hosts file: an address of this machine, then the names to be blocked."""

from collections.abc import Iterator, Sequence

from quetsach.addresses import AddressScope, parse_address, standing
from quetsach.indicators.formats.contract import FormReading, ListFile, ListRow
from quetsach.indicators.model import NO_CLAIM, Claim, MatchRule
from quetsach.indicators.options import RefusalReason

# What operating systems themselves write there; these are no indicators.
_OWN_NAMES = frozenset(
    (
        "localhost",
        "localhost.localdomain",
        "localhost4",
        "localhost6",
        "local",
        "broadcasthost",
        "loopback",
        "ip6-localhost",
        "ip6-loopback",
        "ip6-localnet",
        "ip6-mcastprefix",
        "ip6-allnodes",
        "ip6-allrouters",
        "ip6-allhosts",
    )
)


class Hosts:
    """The hosts file of a block list."""

    name = "hosts"
    title = "Hosts file"
    reads = "names that point to 0.0.0.0 or 127.0.0.1, matched exactly"

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each name, or None where most lines block no name."""
        return FormReading(hosts_rows(file.lines())) if looks_like_hosts(file.sample) else None


def looks_like_hosts(sample: Sequence[str]) -> bool:
    """Return whether most lines of `sample` begin with an address that leads nowhere."""
    rows = [parts for line in sample if (parts := line.partition("#")[0].split())]
    leading = sum(len(parts) > 1 and _leads_nowhere(parts[0]) for parts in rows)
    return leading > 0.5 * len(rows)


def hosts_rows(lines: Iterator[str]) -> Iterator[ListRow]:
    """Return one row for each name; a hosts file blocks exactly the name, so the rule is exact."""
    for number, line in enumerate(lines, start=1):
        body, _, comment = line.partition("#")
        parts = body.split()
        if not parts:
            continue
        blocked = _leads_nowhere(parts[0])
        for name in parts[1:] if blocked else parts[:1]:
            if not _is_own(name, blocked=blocked):
                yield ListRow(
                    number,
                    line.strip(),
                    name,
                    rule=MatchRule.EXACT,
                    claim=Claim(label=label) if (label := comment.strip()) else NO_CLAIM,
                    # A name with a real address is not blocked: such a line gives no indicator.
                    refused=None if blocked else RefusalReason.UNPARSABLE,
                )


def _is_own(name: str, *, blocked: bool) -> bool:
    # Many block lists contain "0.0.0.0 0.0.0.0" as a test line.
    return name.lower() in _OWN_NAMES or (blocked and _leads_nowhere(name))


def _leads_nowhere(text: str) -> bool:
    address = parse_address(text)
    return address is not None and standing(address) in (
        AddressScope.PRIVATE,
        AddressScope.RESERVED,
    )
