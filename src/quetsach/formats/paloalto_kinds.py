"""The kinds of Palo Alto lines that name a machine but tell of no session, by their columns.

Columns are known by their place, the first (unused) one being 0.
Source: the PAN-OS Administrator's Guide, "GlobalProtect Log Fields", "User-ID Log Fields", "HIP
Match Log Fields", "Config Log Fields", "System Log Fields", "Authentication Log Fields", "IP-Tag
Log Fields" and "Correlated Events Log Fields".
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from quetsach.formats.shared import values
from quetsach.formats.shared.leases import host_name

Record: TypeAlias = dict[str, Any]

_ADDRESS = r"((?:\d{1,3}\.){3}\d{1,3}|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]{1,40})"
# Login from: 192.0.2.7, logged in via Web from 192.0.2.7, When authenticating .. from '192.0.2.7'
_CLIENT = re.compile(rf"(?i:\blogin from:?|\bfrom:?) '?{_ADDRESS}(?![\w:])")
_FAILED = frozenset({"failure", "failed", "auth-fail"})


def read_kind(kind: str, columns: Sequence[str]) -> Record | None:
    """Return the fields of a line of `kind`, as `SYSTEM`; None where it names no machine."""
    read = _READERS.get(kind)
    if read is None:
        return None
    record: Record = {"event.dataset": f"paloalto.{kind.lower()}", "event.type": "info"}
    read(record, lambda place: columns[place].strip() if place < len(columns) else "")
    record = {field: value for field, value in record.items() if value is not None}
    return record if "source.ip" in record else None


_Columns: TypeAlias = Callable[[int], str]


def _globalprotect(record: Record, column: _Columns) -> None:
    record["source.ip"] = _first_of(column(15), column(16))
    # The address that it has inside, as long as it is connected.
    record["source.nat.ip"] = _first_of(column(17), column(18))
    record["host.name"] = host_name(column(14))
    record["event.action"] = values.text(column(8))
    if column(28) in _FAILED:
        record["event.outcome"] = "failure"
    record["observer.name"] = values.text(column(47))


def _user_id(record: Record, column: _Columns) -> None:
    record["source.ip"] = _first_of(column(8))
    record["event.action"] = values.text(column(4))


def _hip_match(record: Record, column: _Columns) -> None:
    record["source.ip"] = _first_of(column(11), column(26))
    record["host.name"] = host_name(column(9))
    record["source.mac"] = values.hardware(column(29))
    record["observer.name"] = values.text(column(24))


def _config(record: Record, column: _Columns) -> None:
    record["source.ip"] = _first_of(column(7))
    record["event.action"] = values.text(column(9))


def _system(record: Record, column: _Columns) -> None:
    client = _CLIENT.search(column(14)[:2000])
    record["source.ip"] = None if client is None else _first_of(client[1])
    record["event.action"] = values.text(column(8))
    if column(8) in _FAILED:
        record["event.outcome"] = "failure"
    record["observer.name"] = values.text(column(22))


def _authentication(record: Record, column: _Columns) -> None:
    record["source.ip"] = _first_of(column(8))


def _correlation(record: Record, column: _Columns) -> None:
    record["source.ip"] = _first_of(column(7))


def _first_of(*written: str) -> str | None:
    return next(filter(None, map(values.assignable_address, written)), None)


_READERS: Mapping[str, Callable[[Record, _Columns], None]] = {
    "GLOBALPROTECT": _globalprotect,
    "USERID": _user_id,
    "HIPMATCH": _hip_match,
    "CONFIG": _config,
    "SYSTEM": _system,
    "AUTHENTICATION": _authentication,
    "IPTAG": _authentication,
    "CORRELATION": _correlation,
}
