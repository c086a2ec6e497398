"""What `TrafficPairs` takes out of events, taken out of columns: the same pairs and tallies."""

from collections.abc import Iterator
from typing import cast

import pyarrow as pa
import pyarrow.compute as pc

from quetsach.attribution.questions import PROXY_PORTS
from quetsach.formats.shared.ecs_fields import WHO_IT_WAS
from quetsach.formats.shared.event_columns import Column, EventColumns, is_there, numbered
from quetsach.scanning.activity import TrafficPairs
from quetsach.scanning.public_resolvers import (
    ADDRESSES,
    LOOK_AT,
    NAME_FIELDS,
    NAMES,
    PORTS,
    TLS_PORT,
    resolver_called,
)
from quetsach.schema import Event

_ENDS = ("source.ip", "destination.ip", "destination.port", "host.ip")
_ASKED = (*NAME_FIELDS, *_ENDS, "event.type", "@timestamp")
# How a resolver's name ends; none is shorter. What else may be one has to be read first.
_END = 6
_ENDINGS = pa.array(sorted({name[-_END:] for name in NAMES}), pa.string())
_IS_NOT_PLAIN = r"[^A-Za-z0-9_.\-]"


def add_columns(traffic: TrafficPairs, columns: EventColumns) -> None:
    """Take the facts out of `columns`, whose lines are all of a form that is known."""
    fields, count = columns.fields, len(columns.lines)
    if "@timestamp" in fields:
        period = pc.min_max(fields["@timestamp"]).as_py()
        traffic.add_period(period["min"], period["max"])
    zones = fields.get("event.timezone")
    if zones is not None and zones.null_count < count:
        traffic.zone_applied = True
        traffic.zone = zones.drop_null()[-1].as_py()
    kinds, firsts = numbered(_what_it_tells(fields), count)
    tallies = pc.value_counts(kinds)
    heads = columns.events(firsts, ("event.dataset", "event.type", "@timestamp", *WHO_IT_WAS))
    for kind, event in enumerate(heads):
        traffic.tally(cast("Event", event), tallies[kind]["counts"].as_py())
    _add_pairs(traffic, columns)


def _what_it_tells(fields: dict[str, Column]) -> list[pa.Array]:
    return [
        *(fields[name] for name in ("event.dataset", "event.type") if name in fields),
        *(is_there(fields[name]) for name in ("@timestamp", *WHO_IT_WAS) if name in fields),
    ]


def _add_pairs(traffic: TrafficPairs, columns: EventColumns) -> None:
    """Take the pairs of client and server."""
    fields, count = columns.fields, len(columns.lines)
    if not traffic.has_room(count):
        # Which of them are kept, and whether any was not, depends on each.
        rows = pa.array(range(count), pa.int32())
        for event in columns.events(rows, (*_ENDS, "event.dataset")):
            traffic.add_ends(cast("Event", event))
    elif "source.ip" in fields and "destination.ip" in fields:
        client, server = fields["source.ip"], fields["destination.ip"]
        is_pair = pc.and_(is_there(client), is_there(server))
        port = fields.get("destination.port")
        if port is not None:
            to_a_proxy = pc.is_in(port, value_set=pa.array(sorted(PROXY_PORTS), pa.int64()))
            traffic.relays.update(_pairs(client, server, pc.and_(is_pair, to_a_proxy)))
        traffic.asks.update(_pairs(client, server, pc.and_(is_pair, _are_questions(fields))))
    encrypted = _may_ask_unseen(fields, count)
    for event in columns.events(pc.indices_nonzero(encrypted), _ASKED):
        traffic.add_encrypted(cast("Event", event))


def _pairs(client: Column, server: Column, is_meant: pa.Array) -> Iterator[tuple[str, str]]:
    if not pc.any(is_meant).as_py():
        return iter(())
    is_meant = is_meant.fill_null(False)
    ends = (client.filter(is_meant), server.filter(is_meant))
    firsts = numbered(ends, len(ends[0]))[1]
    # Values of a dictionary become objects of Python one by one: four times as slow.
    return zip(*(end.take(firsts).cast(pa.string()).to_pylist() for end in ends), strict=True)


def _are_questions(fields: dict[str, Column]) -> pa.Array:
    dataset = fields["event.dataset"]
    are_ours = pc.ends_with(dataset.dictionary, ".dns").take(dataset.indices)
    if "host.ip" in fields:
        are_ours = pc.and_(are_ours, pc.invert(is_there(fields["host.ip"])))
    port = fields.get("destination.port")
    return are_ours if port is None else pc.and_(are_ours, pc.equal(port, 53).fill_null(True))


def _may_ask_unseen(fields: dict[str, Column], count: int) -> pa.Array:
    """Return which events may show a client that asks a public resolver unseen."""
    may = pa.repeat(pa.scalar(False), count)
    for name in NAME_FIELDS:
        if name in fields:
            may = pc.or_(may, _is_resolver(fields[name]))
    port, server = fields.get("destination.port"), fields.get("destination.ip")
    if port is None or server is None:
        return may
    is_port = pc.is_in(port, value_set=pa.array(sorted(PORTS), pa.int64()))
    if not pc.any(is_port).as_py():
        return may
    known = pc.is_in(server.dictionary, value_set=pa.array(sorted(ADDRESSES)))
    by_address = pc.or_(known.take(server.indices).fill_null(False), pc.equal(port, TLS_PORT))
    return pc.or_(may, pc.and_(is_port, by_address).fill_null(False))


def _is_resolver(names: pa.DictionaryArray) -> pa.Array:
    texts = names.dictionary
    ends = pc.utf8_slice_codeunits(pc.ascii_rtrim(pc.ascii_lower(texts), "."), -_END)
    is_odd = pc.or_(
        pc.match_substring_regex(texts, _IS_NOT_PLAIN),
        pc.greater_equal(pc.binary_length(texts), LOOK_AT),
    )
    may_be = pc.or_(pc.is_in(ends, value_set=_ENDINGS), is_odd).fill_null(False)
    places = pc.indices_nonzero(may_be)
    named = texts.take(places).to_pylist()
    ours = [
        place
        for place, one in zip(places.to_pylist(), named, strict=True)
        if resolver_called(one[:LOOK_AT])
    ]
    if not ours:
        return pa.repeat(pa.scalar(False), len(names))
    return pc.is_in(names.indices, value_set=pa.array(ours, names.indices.type))
