"""Notices as JSON objects: n6, IntelMQ and XARF, each known by the names of its fields.

Sources: the fields of n6 (CERT Polska), IntelMQ's harmonization, XARF 1 to 3 (Abusix) and 4.
"""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from quetsach.errors.catalogue import N_
from quetsach.notices.formats.contract import NoticeRecord, NoticeSource
from quetsach.notices.headings import NoticeField

_MOST_TEXT = 2_000
_MOST_OF_ONE = 1_000
"""So many addresses of one event are read."""

_N6 = {
    NoticeField.PORT: "sport",
    NoticeField.TRANSPORT: "proto",
    NoticeField.TIME: "time",
    NoticeField.END: "until",
    NoticeField.REMOTE: "dip",
    NoticeField.REMOTE_PORT: "dport",
    NoticeField.REMOTE_NAME: "fqdn",
    NoticeField.FAMILY: "name",
    NoticeField.SOURCE: "source",
    NoticeField.REFERENCE: "id",
    NoticeField.COUNT: "count",
}
_INTELMQ = {
    NoticeField.ADDRESS: "source.ip",
    NoticeField.PORT: "source.port",
    NoticeField.TRANSPORT: "protocol.transport",
    NoticeField.TIME: "time.source",
    NoticeField.REMOTE: "destination.ip",
    NoticeField.REMOTE_PORT: "destination.port",
    NoticeField.REMOTE_NAME: "destination.fqdn",
    NoticeField.FAMILY: "malware.name",
    NoticeField.SOURCE: "feed.name",
    NoticeField.REFERENCE: "raw_id",
}
_XARF_OLD = {
    NoticeField.ADDRESS: "SourceIp",
    NoticeField.PORT: "SourcePort",
    NoticeField.TRANSPORT: "Protocol",
    NoticeField.TIME: "Date",
    NoticeField.END: "DateEnd",
    NoticeField.REMOTE: "DestinationIp",
    NoticeField.REMOTE_PORT: "DestinationPort",
    NoticeField.REMOTE_NAME: "DestinationHost",
    NoticeField.FAMILY: "BotnetName",
    NoticeField.REFERENCE: "ReportID",
}
_XARF = {
    NoticeField.ADDRESS: "source_identifier",
    NoticeField.PORT: "source_port",
    NoticeField.TRANSPORT: "protocol",
    NoticeField.TIME: "timestamp",
    NoticeField.REMOTE: "destination_ip",
    NoticeField.REMOTE_PORT: "destination_port",
    NoticeField.REMOTE_NAME: "c2_server",
    NoticeField.FAMILY: "malware_family",
    NoticeField.REFERENCE: "report_id",
}


def _n6(event: dict[str, Any]) -> list[NoticeRecord] | None:
    """Return a record for each address of an event of n6."""
    addresses = event.get("address")
    if "time" not in event or "category" not in event or not isinstance(addresses, list | str):
        return None
    if isinstance(addresses, str):
        addresses = [{"ip": addresses}]
    rest = _fields(_N6, event)
    records = []
    for part in addresses[:_MOST_OF_ONE]:
        ip = part.get("ip") if isinstance(part, dict) else part
        records.append(NoticeRecord({**rest, NoticeField.ADDRESS: _text(ip)}))
    return records or [NoticeRecord(reason="no-address")]


def _intelmq(one: dict[str, Any]) -> list[NoticeRecord] | None:
    flat = {**one, **_flat(one)}
    if "source.ip" not in flat and "classification.type" not in flat:
        return None
    return [NoticeRecord(_fields(_INTELMQ, flat))]


def _xarf_old(event: dict[str, Any]) -> list[NoticeRecord] | None:
    report = event.get("Report")
    if not isinstance(report, dict) or "ReporterInfo" not in event:
        return None
    fields = _fields(_XARF_OLD, report)
    for other in ("MalwareName", "MalwareFamily", "Malware"):
        fields.setdefault(NoticeField.FAMILY, _text(report.get(other)))
    who = event["ReporterInfo"]
    fields[NoticeField.SOURCE] = _text(who.get("ReporterOrg")) if isinstance(who, dict) else ""
    return [NoticeRecord({name: text for name, text in fields.items() if text})]


def _xarf(event: dict[str, Any]) -> list[NoticeRecord] | None:
    if "xarf_version" not in event or "source_identifier" not in event:
        return None
    fields = _fields(_XARF, event)
    if not fields.get(NoticeField.FAMILY):
        fields[NoticeField.FAMILY] = _text(event.get("botnet_name") or event.get("bot_type"))
    who = event.get("reporter")
    fields[NoticeField.SOURCE] = _text(who.get("org")) if isinstance(who, dict) else ""
    return [NoticeRecord({name: text for name, text in fields.items() if text})]


def _fields(names: dict[NoticeField, str], one: dict[str, Any]) -> dict[NoticeField, str]:
    found = {field: _text(one.get(name)) for field, name in names.items()}
    return {field: text for field, text in found.items() if text}


def _flat(event: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a nested event by dotted names, two levels deep."""
    return {
        f"{outer}.{inner}": value
        for outer, part in event.items()
        if isinstance(part, dict)
        for inner, value in part.items()
    }


def _text(cell: Any) -> str:
    """Return a plain value as text; what is nested says nothing that is asked for."""
    if cell is None or isinstance(cell, bool | dict | list):
        return ""
    return str(cell)[:_MOST_TEXT].strip()


class JsonForm:
    """Notices as JSON of one sender's form."""

    def __init__(
        self, name: str, title: str, records: Callable[[dict[str, Any]], list[NoticeRecord] | None]
    ) -> None:
        self.name = name
        self.title = title
        self._records = records

    def read(self, source: NoticeSource) -> Iterator[NoticeRecord] | None:
        """Return a record for each event, or None where none is of this form."""
        if source.values is None:
            return None
        known = any(self._read_one(one) is not None for _row, one in source.values)
        return self._read_all(source.values) if known else None

    def _read_all(self, values: list[tuple[int | None, Any]]) -> Iterator[NoticeRecord]:
        for number, event in values:
            records = self._read_one(event)
            raw = _raw(event)
            if records is None:
                reason = "unreadable" if isinstance(event, str) else "other-kind"
                yield NoticeRecord(reason=reason, excerpt=str(event)[:400], row=number)
                continue
            for record in records:
                yield NoticeRecord(
                    record.fields, record.reason, str(raw)[:400], row=number, raw=raw
                )

    def _read_one(self, one: Any) -> list[NoticeRecord] | None:
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


# The values of a JSON text: those of a list, one object, or one a line.

_KEPT_TEXT = 200


def json_values(text: str | None) -> list[tuple[int | None, Any]] | None:
    """Return the values of a JSON list, object or JSON lines; None for what is no JSON."""
    if text is None or text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        value = msgspec.json.decode(text)
    except (msgspec.MsgspecError, RecursionError):
        return _json_lines(text)
    return [(None, one) for one in value] if isinstance(value, list) else [(None, value)]


def _json_lines(text: str) -> list[tuple[int | None, Any]] | None:
    events: list[tuple[int | None, Any]] = []
    is_any = False
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            events.append((number, msgspec.json.decode(line)))
            is_any = True
        except (msgspec.MsgspecError, RecursionError):
            events.append((number, line[:_KEPT_TEXT]))
    return events if is_any else None
