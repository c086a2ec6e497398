"""The tree over the rows of a portal's audit trail, and the way from a row to a published head.

The rows of a trail are the leaves of a tree of digests (RFC 6962, 2.1), in their order. An anchor
signs the digest of the row at the head and that of the tree over all rows. From one row to the
tree lead as many digests as the number of rows has binary digits: nothing else of the trail is
told.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

# The tree.


def leaf_of(digest: str) -> bytes:
    """Return the leaf of a row by its digest in hex."""
    return hashlib.sha256(b"\0" + bytes.fromhex(digest)).digest()


def node_of(left: bytes, right: bytes) -> bytes:
    """Return the node above two others."""
    return hashlib.sha256(b"\1" + left + right).digest()


class GrowingTree:
    """The tree over the leaves so far. Cost: memory for as many digests as the count has bits."""

    def __init__(self) -> None:
        self.size = 0
        self._whole: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Add the next leaf."""
        self.size += 1
        node, rest = leaf, self.size
        while rest % 2 == 0:
            node = node_of(self._whole.pop(), node)
            rest //= 2
        self._whole.append(node)

    def root(self) -> str:
        """Return the digest of the whole tree in hex."""
        if not self._whole:
            return hashlib.sha256(b"").hexdigest()
        node = self._whole[-1]
        for left in reversed(self._whole[:-1]):
            node = node_of(left, node)
        return node.hex()


def sides(number: int, size: int) -> Iterator[tuple[int, int, bool]]:
    """Yield the parts of the tree beside the way down to leaf `number`, the nearest first.

    Shapes: first leaf and end of each, counted from 0, and whether it lies to the left.
    """
    ways, first, end = [], 0, size
    while end - first > 1:
        middle = first + (1 << (end - first - 1).bit_length() - 1)
        if number < middle:
            ways.append((middle, end, False))
            end = middle
        else:
            ways.append((first, middle, True))
            first = middle
    yield from reversed(ways)


def root_by(digest: str, number: int, size: int, path: Sequence[str]) -> str | None:
    """Return the tree to which a row leads by `path`; None where that is no way in such a tree.

    Shapes: `number` counts from 0.
    """
    if not 0 <= number < size:
        return None
    ways = list(sides(number, size))
    if len(ways) != len(path):
        return None
    node = leaf_of(digest)
    for (_first, _end, is_left), beside in zip(ways, map(bytes.fromhex, path), strict=True):
        node = node_of(beside, node) if is_left else node_of(node, beside)
    return node.hex()


# What is signed, and what a row is.


def anchor_digest(facts: Mapping[str, Any]) -> str:
    """Return what the signature of an anchor is made of: `sha256:` of its canonical JSON."""
    names = ("at", "chain", "digest", "portal", "seq")
    signed = {name: facts.get(name, "") for name in names}
    if facts.get("tree"):
        signed["tree"] = facts["tree"]
    return f"sha256:{_digest(signed)}"


def row_digest(row: Mapping[str, Any]) -> str:
    """Return the digest that a row of the trail has to carry."""
    return _digest(row)


def _digest(facts: Mapping[str, Any]) -> str:
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
