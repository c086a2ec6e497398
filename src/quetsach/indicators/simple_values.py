"""The simple values of a column, told all at once: plain names, IPv4 addresses and hashes.

What is told here is what `parse_value` gives unchanged; anything doubtful is told to be none.
"""

import re
from functools import cache
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from quetsach.addresses import bounds, special_spans
from quetsach.hostnames import LONGEST_NAME, suffix_rules
from quetsach.indicators.options import ListOptions
from quetsach.indicators.values import EMPTY_FILE_HASHES, FILE_ENDINGS

_NAME = r"^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z]{2,63}$"
_BYTE = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_FOUR = rf"^{_BYTE}(?:\.{_BYTE}){{3}}$"
_HASH = r"^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$"


class SimpleValues(NamedTuple):
    """The values of a column: canonical keys, and the place of the kind in SIMPLE_KINDS or null."""

    keys: Any
    kinds: Any


def simple_values(values: Any, options: ListOptions) -> SimpleValues:
    """Return key and kind of each of the `values`, an Arrow array of text.

    Cost: some tenths of a second for a million values.
    """
    # Beyond ASCII Arrow lowers differently from Python ("İ"), which would change names.
    keys = pc.ascii_lower(values)
    is_name = _is_name(keys)
    rest = pc.invert(is_name)
    others = keys.filter(rest)
    kinds = pc.case_when(
        pc.make_struct(_is_address(others, options), _is_hash(others)),
        pa.scalar(1, pa.int8()),
        pa.scalar(2, pa.int8()),
    )
    names = pc.if_else(is_name, pa.scalar(0, pa.int8()), pa.scalar(None, pa.int8()))
    return SimpleValues(keys, pc.replace_with_mask(names, rest, kinds))


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
    doubtful = (
        pc.match_substring(keys, "xn--"),
        pc.match_substring_regex(keys, rf"\.(?:{FILE_ENDINGS})$"),
        pc.is_in(keys, _suffixes()),
        pc.match_substring_regex(keys, _right_below_wildcards()),
    )
    for mask in doubtful:
        shaped = pc.and_not(shaped, mask)
    return shaped


def _is_address(keys: Any, options: ListOptions) -> Any:
    shaped = pc.match_substring_regex(keys, _FOUR)
    as_numbers = numbers(keys.filter(shaped))
    barred = [*special_spans(4), *(bounds(span) for span in options.own if span.version == 4)]
    good: Any = pc.is_valid(as_numbers)
    for first, last in barred:
        inside = pc.and_(pc.greater_equal(as_numbers, first), pc.less_equal(as_numbers, last))
        good = pc.and_not(good, inside)
    return pc.replace_with_mask(shaped, shaped, good)


def _is_hash(keys: Any) -> Any:
    return pc.and_not(
        pc.match_substring_regex(keys, _HASH),
        pc.is_in(keys, pa.array(sorted(EMPTY_FILE_HASHES))),
    )


@cache
def _suffixes() -> Any:
    rules = (rule.removeprefix("*.").removeprefix("!") for rule in suffix_rules())
    return pa.array(sorted(set(rules)))


@cache
def _right_below_wildcards() -> str:
    wildcards = sorted(rule[2:] for rule in suffix_rules() if rule.startswith("*."))
    return rf"^[^.]*\.(?:{'|'.join(map(re.escape, wildcards))})$"
