"""Columns of texts as a table writes them, turned into values at once where that is sure."""

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from quetsach.clocks import EARLIEST_US, LATEST_US, Zone
from quetsach.formats.shared import values
from quetsach.formats.shared.event_columns import Column, converted, spread, with_nulls

_PLAIN = bytes(byte for byte in range(0x20, 0x7F) if byte != 0x5C) + b"\t"
_FIRST = r"^[0-9A-Za-z]"
_PLAIN_LINE = r"^[0-9A-Za-z][\t\x20-\x5b\x5d-\x7e]*$"
_SECONDS = r"^[0-9]{9,10}\.[0-9]{6}$"
_LENGTH = r"^[0-9]{1,9}\.[0-9]{6}$"
_NUMBER = r"^[0-9]{1,18}$"
_NUMBER_OF_FOUR = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_CANONICAL_FOUR = rf"^{_NUMBER_OF_FOUR}(?:\.{_NUMBER_OF_FOUR}){{3}}$"
_INT = pa.int64()
_LAST_PORT = 65_535


def plain_lines(lines: Sequence[bytes], separator: str, width: int) -> pa.Array:
    """Return which of `lines` are plain ASCII, begin with a value and have `width` columns."""
    written = pa.array(lines, pa.binary())
    pattern = _FIRST if not b"".join(lines).translate(None, _PLAIN) else _PLAIN_LINE
    is_plain = pc.match_substring_regex(written, pattern)
    return pc.and_(is_plain, pc.equal(pc.count_substring(written, separator), width - 1))


def table_columns(
    lines: Sequence[bytes], separator: str, width: int, numbers: Sequence[int]
) -> list[pa.StringArray]:
    """Return the `numbers` columns, by number, of `lines` of `width` columns without any quotes."""
    from pyarrow import csv

    block = b"\n".join(lines) + b"\n"
    names = [str(number) for number in range(width)]
    kept = [names[number] for number in numbers]
    table = csv.read_csv(
        pa.py_buffer(block),
        csv.ReadOptions(use_threads=False, block_size=len(block) + 1, column_names=names),
        csv.ParseOptions(
            delimiter=separator, quote_char=False, double_quote=False, ignore_empty_lines=False
        ),
        csv.ConvertOptions(
            include_columns=kept,
            column_types=dict.fromkeys(kept, pa.string()),
            strings_can_be_null=False,
            check_utf8=False,
        ),
    )
    return [column.combine_chunks() for column in table.columns]


def without(texts: pa.StringArray, absent: Sequence[str]) -> pa.DictionaryArray:
    """Return `texts` as a dictionary, null where a text is one of `absent`."""
    coded = texts.dictionary_encode()
    different = coded.dictionary
    is_absent = pc.is_in(different, value_set=pa.array(absent, pa.string()))
    kept = pc.if_else(is_absent, pa.scalar(None, pa.string()), different)
    return with_nulls(coded.indices, kept)


def times(texts: pa.StringArray, zone: Zone) -> tuple[Column, Column | None]:
    """Return the times that `texts` write, as `values.moment` reads them, and the zones applied."""
    if pc.all(pc.match_substring_regex(texts, _SECONDS)).as_py():
        when = pc.replace_substring(texts, ".", "").cast(_INT)
        # Nine digits before the point are the years before 2001.
        extremes = pc.min_max(when).as_py()
        if extremes["min"] >= EARLIEST_US and extremes["max"] < LATEST_US:
            return when, None
    coded = texts.dictionary_encode()
    read = [values.moment(one, zone) for one in coded.dictionary.to_pylist()]
    when = spread("@timestamp", [one for one, _ in read], coded.indices)
    if not any(is_applied for _, is_applied in read):
        return when, None
    zones = [str(zone) if is_applied and one is not None else None for one, is_applied in read]
    return when, spread("event.timezone", zones, coded.indices)


def typed(name: str, texts: pa.DictionaryArray, convert: Callable[[Any], Any]) -> Column:
    """Return the column of the field `name` that `convert`, one of values.py, makes of `texts`.

    No text is empty or "-", which say that there is no value.
    """
    different = texts.dictionary
    if convert is values.text:
        return texts
    if convert in (values.parse_port, values.count) and _all(different, _NUMBER):
        numbers = different.cast(_INT)
        highest = pc.max(numbers).as_py()
        if convert is values.count or highest is None or highest <= _LAST_PORT:
            return numbers.take(texts.indices)
    elif convert is values.address and _all(different, _CANONICAL_FOUR):
        return texts
    elif convert is values.nanoseconds and _all(different, _LENGTH):
        numbers = pc.multiply(pc.replace_substring(different, ".", "").cast(_INT), 1000)
        return numbers.take(texts.indices)
    return converted(name, texts, lambda text: None if text is None else convert(text))


def several(texts: pa.DictionaryArray, separator: str, absent: Sequence[str]) -> Column:
    """Return lists of the parts of `texts` that `separator` joins, but for those `absent`."""
    lists = pc.split_pattern(texts.dictionary.take(texts.indices), separator)
    parts = pc.is_in(lists.flatten(), value_set=pa.array([*absent, "", "-"], pa.string()))
    if not pc.any(parts).as_py():
        return lists
    odd = frozenset((*absent, "", "-"))
    return pa.array(
        [
            None if one is None else [part for part in one if part not in odd] or None
            for one in lists.to_pylist()
        ],
        pa.list_(pa.string()),
    )


def _all(texts: pa.Array, pattern: str) -> bool:
    return bool(pc.all(pc.match_substring_regex(texts, pattern)).as_py())
