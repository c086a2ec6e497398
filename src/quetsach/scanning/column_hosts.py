"""Columns of hosts: which texts are plain, and for each row the number of what is known of it."""

from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from quetsach.scanning.batch_matching import KnownHost

# How long they may be is asked apart: a pattern that counts takes long to compile, each time.
_PLAIN_NAME = r"^[A-Za-z0-9_\-.]+$"
_LONGEST_NAME = 253
_PLAIN_V6 = r"^[0-9a-f:]+$"
_LONGEST_V6 = 45
_NUMBER = pa.int32()

Slot: TypeAlias = tuple[KnownHost, ...]
"""The hosts with a key in one row of a column."""


def are_plain(texts: pa.StringArray) -> pa.Array:
    """Return for which hosts the sieve, shown them alone, finds a key wherever one is listed."""
    lengths = pc.binary_length(texts)
    is_name = pc.and_(
        pc.match_substring_regex(texts, _PLAIN_NAME),
        pc.and_(pc.match_substring(texts, "."), pc.less_equal(lengths, _LONGEST_NAME)),
    )
    if not pc.any(pc.match_substring(texts, ":")).as_py():
        return is_name.fill_null(False)
    is_v6 = pc.and_(
        pc.match_substring_regex(texts, _PLAIN_V6),
        pc.and_(pc.greater(pc.count_substring(texts, ":"), 1), pc.less_equal(lengths, _LONGEST_V6)),
    )
    is_v6 = pc.and_(is_v6, pc.invert(pc.match_substring(texts, "::ffff:")))
    return pc.or_(is_name, is_v6).fill_null(False)


def parts_of(lists: pa.ListArray) -> pa.DictionaryArray:
    """Return what the lists of a column hold, one after the other."""
    return lists.flatten().dictionary_encode()


def numbered_hosts(
    column: pa.DictionaryArray, hosts: dict[int, KnownHost]
) -> tuple[pa.Array, list[Slot]]:
    """Return for each row the number of its host, and the hosts; `hosts` are by place."""
    slots: list[Slot] = [(), *((host,) for host in hosts.values())]
    numbers = [0] * len(column.dictionary)
    for number, place in enumerate(hosts, 1):
        numbers[place] = number
    return pa.array(numbers, _NUMBER).take(column.indices).fill_null(0), slots


def numbered_lists(
    column: pa.ListArray, parts: pa.DictionaryArray, hosts: dict[int, KnownHost]
) -> tuple[pa.Array, list[Slot]]:
    """Return for each row the number of the hosts in its list, and these; see above."""
    is_keyed = pa.array([place in hosts for place in range(len(parts.dictionary))], pa.bool_())
    mask = is_keyed.take(parts.indices).fill_null(False)
    owners = pc.list_parent_indices(column).filter(mask).to_pylist()
    met: dict[int, tuple[int, ...]] = {}
    for row, place in zip(owners, parts.indices.filter(mask).to_pylist(), strict=True):
        met[row] = (*met.get(row, ()), place)
    numbers_of: dict[tuple[int, ...], int] = {(): 0}
    numbers = [0] * len(column)
    for row, places in met.items():
        numbers[row] = numbers_of.setdefault(places, len(numbers_of))
    return pa.array(numbers, _NUMBER), [tuple(hosts[place] for place in key) for key in numbers_of]
