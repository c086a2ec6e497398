"""Records of address translation as columns by public address and port, beginnings and ends paired.

A record tells less than one wishes. What it proves and what it only suggests:

- begin and end told: the port was this machine's from the one to the other.
- begin only (a new connection, a translation built): it surely was for FRESH after that, and may
  have been for LASTS.
- end only: the same, backwards.
- only seen (a snapshot, or a line whose event is not recorded): FRESH and LASTS both ways.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from quetsach.attribution.columns import TextColumn, flat, numbers, path_order, shifted, worded
from quetsach.attribution.record_notes import NoteKind, OddRecords, odd_records
from quetsach.clocks import LATEST_US, MICROSECONDS

FRESH_US = 60 * MICROSECONDS
"""How long around its record a translation surely lasts: routers keep even one packet so long.

Source: RFC 5382 REQ-5 (4 minutes for a TCP connection that opens or closes) and RFC 4787 REQ-5
(2 minutes for UDP), of which common routers keep half.
"""

LASTS_US = 3600 * MICROSECONDS
"""How long a translation whose other end is not recorded may have lasted."""

ANY = -1
"""The port, or the word, of a record that does not tell it."""

PORTS = 65_536

_WHOLE = ("transport", "inside", "inside_port", "remote", "remote_port")


@dataclass(frozen=True)
class TranslationRows:
    """Translations by (public address, port, earliest time), each in a row of these columns.

    Shapes: `key` is the code of the public address * 65,537 + port + 1; `last_port` is the port
    itself unless it is a block; words are codes, ANY where unknown; `row` leads to `file` and
    `offset`.
    Units: us since 1970: it surely existed from `sure_from` to `sure_to`, and may have from
    `may_from` to `may_to`, all included; ports as numbers.
    """

    publics: TextColumn
    insides: TextColumn
    remotes: TextColumn
    transports: TextColumn
    key: memoryview
    last_port: memoryview
    inside: memoryview
    inside_port: memoryview
    remote: memoryview
    remote_port: memoryview
    transport: memoryview
    sure_from: memoryview
    sure_to: memoryview
    may_from: memoryview
    may_to: memoryview
    rough: memoryview
    row: memoryview
    file: memoryview
    offset: memoryview


def key_of(public: int, port: int) -> int:
    """Return the key of a public address, by its code, and a port, or ANY."""
    return public * (PORTS + 1) + port + 1


def translations_of(
    table: pa.Table, sources: Sequence[str], offsets: Mapping[int, int]
) -> tuple[TranslationRows, list[OddRecords]]:
    """Return the translations of records in any order, and which records are odd.

    Shapes: `table` follows TRANSLATION; `offsets` (us to add) by file.
    Cost: two sorts.
    """
    table, odd = _usable(table)
    words = {name: worded(table[name]) for name in ("public_ip", "inside_ip", "remote_ip")}
    transport, transports = worded(table["transport"])
    port = _port(table["public_port"])
    # A last port without a first one is no block.
    last = pc.if_else(pc.equal(port, ANY), port, pc.coalesce(flat(table["last_port"]), port))
    start, end, when = _times(table, offsets)
    columns = {
        "key": _keys(words["public_ip"][0], port),
        "last_port": pc.max_element_wise(last, port),
        "transport": pc.fill_null(transport, ANY),
        "inside": words["inside_ip"][0],
        "inside_port": _port(table["inside_port"]),
        "remote": pc.fill_null(words["remote_ip"][0], ANY),
        "remote_port": _port(table["remote_port"]),
        "time": pc.coalesce(start, end, when, pa.scalar(0, pa.int64())),
        "path": path_order(table["file"], sources),
        "offset": flat(table["offset"]),
    }
    order = pc.sort_indices(pa.table(columns), sort_keys=[(one, "ascending") for one in columns])
    rough = pc.fill_null(flat(table["rough"]), False).cast(pa.uint8())
    columns |= {"start": start, "end": end, "when": when, "rough": rough}
    for name in ("path", "offset", "time"):
        del columns[name]
    ordered = {name: columns.pop(name).take(order) for name in [*columns]}
    ordered["row"] = order.cast(pa.uint32())
    ordered = _by_time(_with_spans(_paired(ordered)))
    plain = {name: numbers(column) for name, column in ordered.items()}
    rows = TranslationRows(
        publics=words["public_ip"][1],
        insides=words["inside_ip"][1],
        remotes=words["remote_ip"][1],
        transports=transports,
        file=numbers(table["file"]),
        offset=numbers(table["offset"]),
        **plain,
    )
    return rows, odd


def _usable(table: pa.Table) -> tuple[pa.Table, list[OddRecords]]:
    """Return the records that can be used, and count those that cannot."""

    def of_column(name: str) -> pa.ChunkedArray:
        length = pc.utf8_length(table[name].cast(pa.string()))
        return pc.fill_null(pc.greater(length, 0), False)

    addressed = pc.and_(of_column("public_ip"), of_column("inside_ip"))
    in_range = pc.is_valid(table["file"])
    for name in ("public_port", "last_port", "inside_port", "remote_port"):
        port = pc.fill_null(table[name], 0)
        in_range = pc.and_(in_range, pc.and_(pc.greater_equal(port, 0), pc.less(port, PORTS)))
    broken = pc.fill_null(pc.greater(table["start_us"], table["end_us"]), False)
    untimed = pc.invert(_any_time(table))
    odd = [
        odd_records(NoteKind.NO_ADDRESS, pc.invert(addressed), table),
        odd_records(NoteKind.PORT_OUT_OF_RANGE, pc.invert(in_range), table),
        odd_records(NoteKind.END_BEFORE_START, broken, table),
        odd_records(NoteKind.NO_TIME, untimed, table),
    ]
    kept = pc.and_(addressed, in_range)
    if not pc.all(kept, min_count=0).as_py():
        table = table.filter(kept)
    return table, odd


def _any_time(table: pa.Table) -> pa.ChunkedArray:
    start, end, when = (pc.is_valid(table[name]) for name in ("start_us", "end_us", "when_us"))
    return pc.or_(pc.or_(start, end), when)


def _port(column: pa.ChunkedArray) -> pa.Array:
    return pc.fill_null(flat(column), ANY)


def _keys(public: pa.Array, port: pa.Array) -> pa.Array:
    codes = pc.multiply(public.cast(pa.int64()), PORTS + 1)
    return pc.add(codes, pc.add(port.cast(pa.int64()), 1))


def _times(table: pa.Table, offsets: Mapping[int, int]) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Return begin, end and time of each record; an end before its begin is not recorded."""
    start, end, when = (
        _in_time(shifted(flat(table[name]), table["file"], offsets))
        for name in ("start_us", "end_us", "when_us")
    )
    none = pa.scalar(None, pa.int64())
    return start, pc.if_else(pc.fill_null(pc.greater(start, end), False), none, end), when


def _in_time(column: pa.Array) -> pa.Array:
    good = pc.and_(pc.greater_equal(column, 0), pc.less(column, LATEST_US))
    return pc.if_else(good, column, pa.scalar(None, pa.int64()))


def _paired(ordered: dict[str, pa.Array]) -> dict[str, pa.Array]:
    """Return the rows with the end of a connection put into the row of its beginning."""
    count = len(ordered["key"])
    if count < 2:
        return ordered
    start, end = ordered["start"], ordered["end"]
    same = pc.and_(pc.is_null(end.slice(0, count - 1)), pc.is_valid(start.slice(0, count - 1)))
    same = pc.and_(same, pc.and_(pc.is_null(start.slice(1)), pc.is_valid(end.slice(1))))
    for name in ("key", "last_port", *_WHOLE):
        column = ordered[name]
        same = pc.and_(same, pc.equal(column.slice(1), column.slice(0, count - 1)))
    ends = pc.if_else(same, end.slice(1), end.slice(0, count - 1))
    ordered["end"] = pa.concat_arrays([ends, end.slice(count - 1)])
    kept = pa.concat_arrays([pa.array([True]), pc.invert(same)])
    return {name: column.filter(kept) for name, column in ordered.items()}


def _with_spans(rows: dict[str, pa.Array]) -> dict[str, pa.Array]:
    """Return the rows with what they prove and what they suggest in place of their times."""
    start, end, when = (rows.pop(name) for name in ("start", "end", "when"))
    is_dated = pc.is_valid(start), pc.is_valid(end)
    first = pc.coalesce(start, end, when)
    last = pc.coalesce(end, start, when)
    for name, before, after, sign in (
        ("sure_from", is_dated[0], first, -FRESH_US),
        ("may_from", is_dated[0], first, -LASTS_US),
        ("sure_to", is_dated[1], last, FRESH_US),
        ("may_to", is_dated[1], last, LASTS_US),
    ):
        moved = pc.if_else(before, after, pc.add(after, sign))
        # A record without any time may be of any time, and proves nothing of one.
        never = {"sure_from": LATEST_US, "sure_to": 0, "may_from": 0, "may_to": LATEST_US}[name]
        rows[name] = pc.fill_null(moved, never)
    return rows


def _by_time(rows: dict[str, pa.Array]) -> dict[str, pa.Array]:
    names = ("key", "may_from", "may_to", "inside", "inside_port", "remote", "remote_port")
    keys = [(name, "ascending") for name in names]
    order = pc.sort_indices(pa.table({name: rows[name] for name in names}), sort_keys=keys)
    return {name: rows.pop(name).take(order) for name in [*rows]}
