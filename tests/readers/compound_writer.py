"""Writes OLE compound files ([MS-CFB], version 3), for the tests alone: any tree of streams."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SECTOR, MINI = 512, 64
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


@dataclass
class _Node:
    name: str
    data: bytes | None
    kids: list[int] = field(default_factory=list)
    start: int = END
    child: int = FREE
    right: int = FREE


def compound(tree: Mapping[str, Any]) -> bytes:
    """Return a compound file with `tree`: name -> bytes of a stream, or a tree of a storage."""
    nodes = [_Node("Root Entry", None)]
    _grow(nodes, 0, tree)
    sectors: list[bytes] = []
    fat: list[int] = []

    def put(data: bytes) -> int:
        if not data:
            return END
        first = len(sectors)
        count = -(-len(data) // SECTOR)
        for at in range(count):
            sectors.append(data[at * SECTOR : (at + 1) * SECTOR].ljust(SECTOR, b"\0"))
            fat.append(first + at + 1 if at + 1 < count else END)
        return first

    # Streams below 4096 bytes live in the "mini stream" of the root.
    mini, mini_fat = b"", []
    for node in nodes[1:]:
        if node.data is None:
            continue
        if len(node.data) >= 4096:
            node.start = put(node.data)
        elif node.data:
            node.start = len(mini) // MINI
            count = -(-len(node.data) // MINI)
            mini_fat += [node.start + at + 1 for at in range(count - 1)] + [END]
            mini += node.data.ljust(count * MINI, b"\0")
    nodes[0].start = put(mini)
    directory = b"".join(_entry(node, len(mini)) for node in nodes)
    directory += b"".join(_entry(None, 0) for _ in range(-len(nodes) % 4))
    first_directory = put(directory)
    first_mini = put(b"".join(struct.pack("<I", one) for one in mini_fat))
    count_mini = -(-len(mini_fat) * 4 // SECTOR)
    tables = 1
    while (len(fat) + tables) * 4 > tables * SECTOR:
        tables += 1
    where = list(range(len(sectors), len(sectors) + tables))
    whole = (fat + [FAT] * tables + [FREE] * SECTOR)[: tables * SECTOR // 4]
    table = struct.pack(f"<{len(whole)}I", *whole)
    head = struct.pack(
        "<8s16x6H10I",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        *(0x3E, 3, 0xFFFE, 9, 6, 0),
        *(0, 0, tables, first_directory, 0, 4096),
        *(first_mini if mini_fat else END, count_mini, END, 0),
    )
    places = where + [FREE] * (109 - tables)
    return head + struct.pack("<109I", *places) + b"".join(sectors) + table


def _grow(nodes: list[_Node], parent: int, tree: Mapping[str, Any]) -> None:
    # Kids hang as a chain to the right, in the order that the format compares names in.
    before = None
    for name in sorted(tree, key=lambda one: (len(one), one.upper())):
        inner = tree[name]
        nodes.append(_Node(name, inner if isinstance(inner, bytes) else None))
        number = len(nodes) - 1
        if before is None:
            nodes[parent].child = number
        else:
            nodes[before].right = number
        before = number
        if not isinstance(inner, bytes):
            _grow(nodes, number, inner)


def _entry(node: _Node | None, mini_size: int) -> bytes:
    if node is None:
        return struct.pack("<64sHBB3I36xIQ", b"", 0, 0, 0, FREE, FREE, FREE, 0, 0)
    name = (node.name + "\0").encode("utf-16-le")
    root = node.name == "Root Entry"
    kind = 5 if root else 1 if node.data is None else 2
    size = mini_size if root else len(node.data or b"")
    start = 0 if kind == 1 else node.start
    return struct.pack(
        "<64sHBB3I36xIQ", name, len(name), kind, 1, FREE, node.right, node.child, start, size
    )
