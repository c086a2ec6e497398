"""Notices as JSON objects: n6, IntelMQ and XARF, each known by the names of its fields.

Sources: the fields of n6 (CERT Polska), IntelMQ's harmonization, XARF 1 to 3 (Abusix) and 4.
"""

from collections.abc import Callable, Iterator
from typing import Any

from quetsach.errors import N_
from quetsach.notices.forms.contract import NoticeSource, Record
from quetsach.notices.headings import Field

_MOST_TEXT = 2_000
_MOST_OF_ONE = 1_000
"""So many addresses of one event are read."""

_N6 = {
    Field.PORT: "sport",
    Field.TRANSPORT: "proto",
    Field.TIME: "time",
    Field.END: "until",
    Field.REMOTE: "dip",
    Field.REMOTE_PORT: "dport",
    Field.REMOTE_NAME: "fqdn",
    Field.FAMILY: "name",
    Field.SOURCE: "source",
    Field.REFERENCE: "id",
    Field.COUNT: "count",
}
_INTELMQ = {
    Field.ADDRESS: "source.ip",
    Field.PORT: "source.port",
    Field.TRANSPORT: "protocol.transport",
    Field.TIME: "time.source",
    Field.REMOTE: "destination.ip",
    Field.REMOTE_PORT: "destination.port",
    Field.REMOTE_NAME: "destination.fqdn",
    Field.FAMILY: "malware.name",
    Field.SOURCE: "feed.name",
    Field.REFERENCE: "raw_id",
}
_XARF_OLD = {
    Field.ADDRESS: "SourceIp",
    Field.PORT: "SourcePort",
    Field.TRANSPORT: "Protocol",
    Field.TIME: "Date",
    Field.END: "DateEnd",
    Field.REMOTE: "DestinationIp",
    Field.REMOTE_PORT: "DestinationPort",
    Field.REMOTE_NAME: "DestinationHost",
    Field.FAMILY: "BotnetName",
    Field.REFERENCE: "ReportID",
}
_XARF = {
    Field.ADDRESS: "source_identifier",
    Field.PORT: "source_port",
    Field.TRANSPORT: "protocol",
    Field.TIME: "timestamp",
    Field.REMOTE: "destination_ip",
    Field.REMOTE_PORT: "destination_port",
    Field.REMOTE_NAME: "c2_server",
    Field.FAMILY: "malware_family",
    Field.REFERENCE: "report_id",
}


def _n6(one: dict[str, Any]) -> list[Record] | None:
    """Return a record for each address of an event of n6."""
    addresses = one.get("address")
    if "time" not in one or "category" not in one or not isinstance(addresses, list | str):
        return None
    if isinstance(addresses, str):
        addresses = [{"ip": addresses}]
    rest = _fields(_N6, one)
    found = []
    for part in addresses[:_MOST_OF_ONE]:
        ip = part.get("ip") if isinstance(part, dict) else part
        found.append(Record({**rest, Field.ADDRESS: _text(ip)}))
    return found or [Record(reason="no-address")]


def _intelmq(one: dict[str, Any]) -> list[Record] | None:
    flat = {**one, **_flat(one)}
    if "source.ip" not in flat and "classification.type" not in flat:
        return None
    return [Record(_fields(_INTELMQ, flat))]


def _xarf_old(one: dict[str, Any]) -> list[Record] | None:
    report = one.get("Report")
    if not isinstance(report, dict) or "ReporterInfo" not in one:
        return None
    fields = _fields(_XARF_OLD, report)
    for other in ("MalwareName", "MalwareFamily", "Malware"):
        fields.setdefault(Field.FAMILY, _text(report.get(other)))
    who = one["ReporterInfo"]
    fields[Field.SOURCE] = _text(who.get("ReporterOrg")) if isinstance(who, dict) else ""
    return [Record({name: text for name, text in fields.items() if text})]


def _xarf(one: dict[str, Any]) -> list[Record] | None:
    if "xarf_version" not in one or "source_identifier" not in one:
        return None
    fields = _fields(_XARF, one)
    if not fields.get(Field.FAMILY):
        fields[Field.FAMILY] = _text(one.get("botnet_name") or one.get("bot_type"))
    who = one.get("reporter")
    fields[Field.SOURCE] = _text(who.get("org")) if isinstance(who, dict) else ""
    return [Record({name: text for name, text in fields.items() if text})]


def _fields(names: dict[Field, str], one: dict[str, Any]) -> dict[Field, str]:
    found = {field: _text(one.get(name)) for field, name in names.items()}
    return {field: text for field, text in found.items() if text}


def _flat(one: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a nested event by dotted names, two levels deep."""
    return {
        f"{outer}.{inner}": value
        for outer, part in one.items()
        if isinstance(part, dict)
        for inner, value in part.items()
    }


def _text(value: Any) -> str:
    """Return a plain value as text; what is nested says nothing that is asked for."""
    if value is None or isinstance(value, bool | dict | list):
        return ""
    return str(value)[:_MOST_TEXT].strip()


class JsonForm:
    """Notices as JSON of one sender's form."""

    def __init__(
        self, name: str, title: str, records: Callable[[dict[str, Any]], list[Record] | None]
    ) -> None:
        self.name = name
        self.title = title
        self._records = records

    def read(self, source: NoticeSource) -> Iterator[Record] | None:
        """Return a record for each event, or None where none is of this form."""
        if source.values is None:
            return None
        known = any(self._read_one(one) is not None for _row, one in source.values)
        return self._read_all(source.values) if known else None

    def _read_all(self, values: list[tuple[int | None, Any]]) -> Iterator[Record]:
        for row, one in values:
            found = self._read_one(one)
            raw = _raw(one)
            if found is None:
                reason = "unreadable" if isinstance(one, str) else "other-kind"
                yield Record(reason=reason, excerpt=str(one)[:400], row=row)
                continue
            for record in found:
                yield Record(record.fields, record.reason, str(raw)[:400], row=row, raw=raw)

    def _read_one(self, one: Any) -> list[Record] | None:
        return self._records(one) if isinstance(one, dict) else None


def _raw(one: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(one, dict):
        return ()
    pairs = ((name, _text(value)) for name, value in {**one, **_flat(one)}.items())
    return tuple((name[:80], text[:200]) for name, text in pairs if text)[:60]


N6 = JsonForm("n6", N_("events of n6 (CERT Polska) as JSON"), _n6)
INTELMQ = JsonForm("intelmq", N_("events of IntelMQ as JSON"), _intelmq)
XARF_OLD = JsonForm("xarf-3", N_("XARF reports, versions 1 to 3"), _xarf_old)
XARF = JsonForm("xarf", N_("XARF reports, version 4"), _xarf)
