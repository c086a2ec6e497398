"""The tree over rows is that of RFC 6962, and each row leads to it by its own way alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.signing.trail_proof import (
    GrowingTree,
    anchor_digest,
    leaf_of,
    node_of,
    root_by,
    sides,
)

LEAVES = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]  # fmt: skip
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
"""Vectors that implementations of RFC 6962 share (certificate-transparency, merkle tests)."""


def tree_of(leaves: list[str]) -> str:
    tree = GrowingTree()
    for leaf in leaves:
        tree.add(leaf_of(leaf))
    return tree.root()


def plain_tree(leaves: list[str]) -> bytes:
    """The slow twin, as the RFC writes it."""
    if len(leaves) == 1:
        return leaf_of(leaves[0])
    middle = 1
    while 2 * middle < len(leaves):
        middle *= 2
    return node_of(plain_tree(leaves[:middle]), plain_tree(leaves[middle:]))


def path_to(leaves: list[str], number: int) -> list[str]:
    return [tree_of(leaves[first:end]) for first, end, _left in sides(number, len(leaves))]


@pytest.mark.parametrize("size", ROOTS)
def test_trees_are_those_of_rfc_6962(size: int) -> None:
    assert tree_of(LEAVES[:size]) == ROOTS[size]


@given(st.integers(1, 70), st.data())
def test_every_row_leads_to_its_tree_and_to_no_other(size: int, data: st.DataObject) -> None:
    leaves = [f"{number:064x}" for number in range(size)]
    root = tree_of(leaves)
    assert root == plain_tree(leaves).hex()
    number = data.draw(st.integers(0, size - 1))
    path = path_to(leaves, number)
    assert root_by(leaves[number], number, size, path) == root
    other = data.draw(st.integers(0, size))
    if other != number:
        assert root_by(leaves[number], other, size, path) != root
    assert root_by(f"{size:064x}", number, size, path) != root
    assert root_by(leaves[number], number, size, [*path, root]) is None


def test_an_anchor_without_a_tree_is_signed_as_before() -> None:
    facts = {"at": "a", "chain": "", "digest": "d", "portal": "p", "seq": 1}
    assert anchor_digest(facts) == anchor_digest({**facts, "tree": ""})
    assert anchor_digest(facts) != anchor_digest({**facts, "tree": "t"})
