"""Lease records for tests, in short: a table of LEASE from plain rows."""

from collections.abc import Iterable
from typing import NamedTuple

import pyarrow as pa

from quetsach.clocks import MICROSECONDS
from quetsach.schema import LEASE

HOUR = 3600 * MICROSECONDS
MINUTE = 60 * MICROSECONDS
A, B, C = "00-17-A4-00-00-0A", "00-17-A4-00-00-0B", "00-17-A4-00-00-0C"
ADDRESS = "10.0.0.5"


class Record(NamedTuple):
    """One row of LEASE; `hour` is its time in hours since 1970."""

    hour: float
    mac: str | None = A
    act: str = "given"
    hours: float | None = 4
    name: str | None = None
    client_id: str | None = None
    server: str | None = None
    address: str = ADDRESS
    rough: bool | None = False
    file: int = 0
    offset: int = 0


def table(records: Iterable[Record]) -> pa.Table:
    """Return the records as a table."""
    return pa.Table.from_pylist(
        [
            {
                "address": one.address,
                "when_us": round(one.hour * HOUR),
                "act": one.act,
                "mac": one.mac,
                "client_id": one.client_id,
                "host_name": one.name,
                "seconds": None if one.hours is None else round(one.hours * 3600),
                "server": one.server,
                "rough": one.rough,
                "file": one.file,
                "offset": one.offset,
            }
            for one in records
        ],
        schema=LEASE,
    )
