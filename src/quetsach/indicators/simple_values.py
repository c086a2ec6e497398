"""Tells for a whole column at once which values need no more reading than a look.

Nearly all rows of a great list are names in lower case, plain addresses and hashes. What stands
here takes only what `parse_value` would take unchanged; everything else is left to it.
"""

from functools import cache
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from quetsach.addresses import bounds, special_spans
from quetsach.hostnames import LONGEST_NAME, suffix_rules
from quetsach.indicators.model import Kind
from quetsach.indicators.options import ListOptions
from quetsach.indicators.parse_value import EMPTY_FILE_HASHES, FILE_ENDINGS

_NAME = r"^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z]{2,63}$"
_BYTE = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_FOUR = rf"^{_BYTE}(?:\.{_BYTE}){{3}}$"
_HASH = r"^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$"

KINDS = (Kind.NAME, Kind.ADDRESS, Kind.HASH)
"""The kinds told here; `Simple.kinds` counts them from 0."""


class Simple(NamedTuple):
    """What was told of a column: canonical keys, and the number of the kind in KINDS or null."""

    keys: Any
    kinds: Any


def simple_values(values: Any, options: ListOptions) -> Simple:
    """Return key and kind of each of the `values`, an Arrow array of text.

    Cost: some tenths of a second for a million values.
    """
    # Beyond ASCII Arrow lowers otherwise than Python ("İ"), and names would become other names.
    keys = pc.ascii_lower(values)
    kinds = pc.case_when(
        pc.make_struct(_is_name(keys), _is_address(keys, options), _is_hash(keys)),
        pa.scalar(0, pa.int8()),
        pa.scalar(1, pa.int8()),
        pa.scalar(2, pa.int8()),
    )
    return Simple(keys, kinds)


def numbers(addresses: Any) -> Any:
    """Return IPv4 addresses, canonical text in an Arrow array, as 64-bit integers."""
    parts = pc.split_pattern(addresses, ".")
    total: Any = pa.scalar(0, pa.int64())
    for place in range(4):
        part = pc.cast(pc.list_element(parts, place), pa.int64())
        total = pc.add(pc.multiply(total, 256), part)
    return total


def _is_name(keys: Any) -> Any:
    shaped = pc.and_(
        pc.match_substring_regex(keys, _NAME), pc.less_equal(pc.binary_length(keys), LONGEST_NAME)
    )
    parents = pc.replace_substring_regex(keys, r"^[^.]*\.", "", max_replacements=1)
    doubtful = (
        pc.match_substring(keys, "xn--"),
        pc.match_substring_regex(keys, rf"\.(?:{FILE_ENDINGS})$"),
        pc.is_in(keys, _suffixes()),
        pc.is_in(parents, _wildcards()),
    )
    for one in doubtful:
        shaped = pc.and_not(shaped, one)
    return shaped


def _is_address(keys: Any, options: ListOptions) -> Any:
    shaped = pc.match_substring_regex(keys, _FOUR)
    value = numbers(keys.filter(shaped))
    barred = [*special_spans(4), *(bounds(one) for one in options.own if one.version == 4)]
    good: Any = pc.is_valid(value)
    for first, last in barred:
        inside = pc.and_(pc.greater_equal(value, first), pc.less_equal(value, last))
        good = pc.and_not(good, inside)
    return pc.replace_with_mask(shaped, shaped, good)


def _is_hash(keys: Any) -> Any:
    return pc.and_not(
        pc.match_substring_regex(keys, _HASH), pc.is_in(keys, pa.array(sorted(EMPTY_FILE_HASHES)))
    )


@cache
def _suffixes() -> Any:
    rules = (rule.removeprefix("*.").removeprefix("!") for rule in suffix_rules())
    return pa.array(sorted(set(rules)))


@cache
def _wildcards() -> Any:
    return pa.array(sorted(one[2:] for one in suffix_rules() if one.startswith("*.")))
