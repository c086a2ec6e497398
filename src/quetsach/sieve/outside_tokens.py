"""The distinct outside tokens of a text: what a later list may still be asked about.

The kernel lists them while it sieves; here they are read in plain Python, and joined.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from quetsach.sieve import twin
from quetsach.sieve.address_sets import packed, unpacked
from quetsach.sieve.contract import OutsideTokens, Sieve, TokenWants
from quetsach.sieve.kernel import RustSieve

_LONGEST_NAME = 255
_NAME_BYTES = 64
_ADDRESS6_BYTES = 16


@dataclass
class LineTokens:
    """What lines say, in each way that a sieve reads them: names and hashes in lower case."""

    names: set[bytes] = field(default_factory=set)
    addresses: set[int] = field(default_factory=set)
    addresses6: set[int] = field(default_factory=set)
    hashes: set[bytes] = field(default_factory=set)

    def add(self, line: bytes, *, wire: bool) -> None:
        """Add what `line` says; `wire` reads names of DNS, too, as they go over the wire."""
        texts = {line, twin.decoded(line)}
        if wire:
            texts.add(b" ".join(twin.wire_names(line)))
        for text in texts:
            self.names.update(twin.find_names(text))
            self.addresses.update(twin.find_addresses(text))
            self.addresses6.update(twin.addresses6(text))
            self.hashes.update(twin.hashes(text))


def tokens_of(sieve: Sieve, block: bytes, wants: TokenWants) -> OutsideTokens:
    """Return the outside tokens of `block`, whatever `sieve` looks for; see `OutsideTokens`."""
    if isinstance(sieve, RustSieve):
        return sieve.tokens_of(block, wants)
    inside = twin.NetworkSet(sieve.keys.inside if isinstance(sieve, twin.PythonSieve) else ())
    distinct = LineTokens()
    for line in block.split(b"\n"):
        distinct.add(line, wire=True)
    distinct.names = {_last_labels(name) for name in distinct.names} - {b""}
    distinct.addresses = {address for address in distinct.addresses if address not in inside}
    if not wants.hashes:
        distinct.hashes.clear()
    return _within(distinct, wants)


def joined(several: Iterable[OutsideTokens], wants: TokenWants) -> OutsideTokens:
    """Return the tokens of several texts, each once, as those of one."""
    distinct, is_complete = LineTokens(), True
    for tokens in several:
        distinct.names.update(tokens.names.splitlines())
        distinct.addresses.update(unpacked(tokens.addresses))
        distinct.addresses6.update(unpacked6(tokens.addresses6))
        distinct.hashes.update(tokens.hashes.splitlines())
        is_complete = is_complete and tokens.is_complete
    return _within(distinct, wants, is_complete=is_complete)


def suffixes(name: bytes) -> Iterator[bytes]:
    """Yield the last label of `name`, the last two, and so on up to an empty one."""
    place = len(name)
    while place > 0 and name[place - 1 : place] != b".":
        place = name.rfind(b".", 0, place)
        yield name[place + 1 :]


def unpacked6(addresses: bytes) -> list[int]:
    """Return packed IPv6 addresses as numbers."""
    places = range(0, len(addresses), _ADDRESS6_BYTES)
    return [int.from_bytes(addresses[place : place + _ADDRESS6_BYTES]) for place in places]


def _within(distinct: LineTokens, wants: TokenWants, *, is_complete: bool = True) -> OutsideTokens:
    """Return the tokens packed, as many as are wanted."""
    most = wants.most
    names = sorted(distinct.names)
    bytes_left = most * _NAME_BYTES
    kept = names[:most]
    for place, name in enumerate(kept):
        bytes_left -= len(name)
        if bytes_left < 0:
            kept = kept[:place]
            break
    addresses = sorted(distinct.addresses)[: most - len(kept)]
    addresses6 = sorted(distinct.addresses6)[: most - len(kept) - len(addresses)]
    hashes = sorted(distinct.hashes)[: most - len(kept) - len(addresses) - len(addresses6)]
    count = len(kept) + len(addresses) + len(addresses6) + len(hashes)
    whole = (
        len(distinct.names)
        + len(distinct.addresses)
        + len(distinct.addresses6)
        + len(distinct.hashes)
    )
    return OutsideTokens(
        b"".join(name + b"\n" for name in kept),
        packed(addresses),
        b"".join(address.to_bytes(_ADDRESS6_BYTES) for address in addresses6),
        b"".join(text + b"\n" for text in hashes),
        is_complete and count == whole,
    )


def _last_labels(name: bytes) -> bytes:
    """Return the last labels of `name` that have no more bytes together than a host may have."""
    if len(name) <= _LONGEST_NAME:
        return name
    return name[-_LONGEST_NAME - 1 :].partition(b".")[2].lstrip(b".")
