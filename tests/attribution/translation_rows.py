"""Records of translation for tests, in short: a table of TRANSLATION from plain rows."""

from collections.abc import Iterable
from typing import NamedTuple

import pyarrow as pa

from quetsach.clocks import MICROSECONDS
from quetsach.schema import TRANSLATION

PUBLIC, BAD = "198.51.100.5", "203.0.113.77"


class Nat(NamedTuple):
    """One row of TRANSLATION; times are seconds since 1970."""

    inside_ip: str | None = "10.0.0.5"
    start: float | None = None
    end: float | None = None
    when: float | None = None
    public_port: int | None = 40112
    inside_port: int | None = 51544
    remote_ip: str | None = BAD
    remote_port: int | None = 443
    transport: str | None = "tcp"
    last_port: int | None = None
    public_ip: str | None = PUBLIC
    rough: bool | None = False
    file: int = 0
    offset: int = 0


def table(records: Iterable[Nat]) -> pa.Table:
    """Return the records as a table."""
    rows = []
    for one in records:
        row = one._asdict()
        for name in ("start", "end", "when"):
            told = row.pop(name)
            row[f"{name}_us"] = None if told is None else round(told * MICROSECONDS)
        rows.append(row | {"action": "created"})
    return pa.Table.from_pylist(rows, schema=TRANSLATION)
