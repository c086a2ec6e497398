"""Rows of sightings become columns of numbers, are folded and filled: what is null is nothing."""

from ipaddress import ip_network
from typing import Any

import pyarrow as pa

from quetsach.attribution.devices import Attributor
from quetsach.attribution.identity import Identities
from quetsach.attribution.lease_history import LeaseHistory
from quetsach.attribution.questions import NetworkContext
from quetsach.findings.aggregate import Aggregator
from quetsach.findings.sighting_columns import NOTHING, SightingColumns
from quetsach.schema import SIGHTING
from quetsach.sweeping.group_naming import ColumnReader, GroupNamer
from quetsach.sweeping.naming import SightingNamer
from quetsach.sweeping.row_naming import READ
from quetsach.sweeping.spools import NumberedBatch
from tests.attribution.lease_rows import table

PLAIN = {
    "log.file.path": "a.log",
    "log.offset": 0,
    "threat.indicator.name": "bad.example",
    "threat.indicator.type": "name",
    "quetsach.indicator.key": "bad.example",
    "quetsach.match.field": "dns.question.name",
    "quetsach.grade": "asked",
}


def _columns(*rows: dict[str, Any]) -> SightingColumns:
    records = [PLAIN | row for row in rows]
    read = pa.Table.from_pylist(records, SIGHTING).select(READ).combine_chunks()
    numbers = b"".join(place.to_bytes(8, "big") for place in range(len(rows)))
    who = pa.array([0] * len(rows)).to_numpy()
    return ColumnReader(str.upper).columns(read, numbers, who, {})


def test_what_a_row_does_not_tell_is_nothing() -> None:
    one = _columns({})
    for column in (one.ports, one.when_us, one.windows, one.confidences_then, one.programs):
        assert column.tolist() == [NOTHING]
    (indicator,) = one.indicators
    assert (indicator.label, indicator.allow, indicator.claimed.tlp) == ("BAD.EXAMPLE", (), None)


def test_a_program_counts_where_the_record_is_of_the_machine_that_is_meant() -> None:
    said = {"process.executable": "/bin/x", "process.name": "y"}
    batch = _columns(
        said,
        {"process.name": "y"},
        said | {"quetsach.host.end": "destination"},
        said | {"quetsach.host.end": "destination", "network.direction": "inbound"},
        {"process.executable": "", "process.name": "y"},
    )
    programs = [None if one == NOTHING else batch.texts[one] for one in batch.programs.tolist()]
    assert programs == ["/bin/x", "y", None, "/bin/x", "y"]


def test_a_connection_is_one_by_its_data_set() -> None:
    batch = _columns({"event.dataset": "zeek.conn"}, {"event.dataset": "zeek.dns"}, {})
    assert batch.connections.tolist() == [1, 0, 0]


def test_the_line_is_there_where_it_is_asked_for() -> None:
    batch = _columns({}, {"event.original": "the line", "event.dataset": "text"})
    assert batch.text_of(1) == ("the line", "text")
    assert batch.text_of(0) == ("", "")


def test_each_row_of_a_group_is_filled() -> None:
    attributor = Attributor(
        LeaseHistory(table([]), []),
        NetworkContext((ip_network("10.0.0.0/8"),)),
        lambda _address: False,
        names=Identities(None),
    )
    fold = Aggregator()
    namer = GroupNamer(SightingNamer(lambda _file: attributor, str), fold)
    rows = [
        PLAIN | {"source.ip": address, "network.direction": "outbound", "log.offset": offset}
        for offset, address in enumerate(["10.0.0.5", "10.0.0.6", "10.0.0.5"])
    ]
    batches = [pa.RecordBatch.from_pylist(each, SIGHTING) for each in (rows[:1], rows[1:])]
    group = [NumberedBatch(file, one, bytes(8 * len(one))) for file, one in enumerate(batches)]
    filled = namer.named(group)
    assert filled["quetsach.device"].to_pylist() == ["10.0.0.5", "10.0.0.6", "10.0.0.5"]
    assert fold.keys_met() == ["bad.example"]
