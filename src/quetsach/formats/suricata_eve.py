"""Suricata EVE: JSON lines with `event_type`; what each of its sections says of who met whom.

Source: the Suricata user guide, "EVE JSON Format", versions 4 to 8 (dns logging 1, 2 and 3).
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

from quetsach.clocks import Zone
from quetsach.errors import N_
from quetsach.formats import eve_sections, values
from quetsach.formats.contract import Layout, Line, Rows
from quetsach.formats.json_lines import first_objects, object_of
from quetsach.schema import Event
from quetsach.sieve.contract import LineClock

_TIME_KEYS = ("timestamp", "timestamp_detected", "@timestamp")
_LONGEST_TYPE = 64
_FLOWS = frozenset({"flow", "netflow"})
_TIMESTAMP = re.compile(rb'"timestamp": ?"')


class SuricataEve:
    """EVE lines of Suricata and of the sensors built on it."""

    name = "suricata-eve"
    title = N_("Suricata EVE JSON")
    reads = N_("dns, http, tls, quic, flow, alert, fileinfo, dhcp and every other event type")

    def recognise(self, head: bytes) -> bool:
        """Return whether one of the first lines is an object with `event_type` and a time."""
        return any(_is_eve(_unwrapped(one)) for one in first_objects(head))

    def layout(self, head: bytes) -> Layout:
        """Return where the time stands; every line names its own kind."""
        found = _TIMESTAMP.search(head)
        clock = LineClock(needle=found[0], length=len("2026-09-01T08")) if found else None
        # Both `"event_type":"dhcp"` and `"event_type": "dhcp"` hold this.
        return Layout(dataset="suricata.eve", clock=clock, marker=b'"dhcp"')

    def relayout(self, line: bytes, layout: Layout) -> Layout | None:  # noqa: ARG002
        """Return None: each line says all of its own names."""
        return None

    def parse(self, lines: Iterable[Line], layout: Layout, zone: Zone) -> Rows:  # noqa: ARG002
        """Return the events of `lines`: one a line, or one a question where dns has several."""
        rows = Rows()
        for offset, line in lines:
            found = object_of(line)
            if found is None:
                if line.strip():
                    rows.reject(offset, "not-json", line)
                else:
                    rows.skipped.append(offset)
                continue
            found = _unwrapped(found)
            kind = values.text(found.get("event_type"))
            if kind is None:
                rows.reject(offset, "no-event-type", line)
                continue
            record = _record(found, kind[:_LONGEST_TYPE], zone)
            for one in eve_sections.questions(record, found):
                rows.events.append((offset, cast("Event", one)))
        return rows


def _record(found: Mapping[str, Any], kind: str, zone: Zone) -> dict[str, Any]:
    record: dict[str, Any] = {"event.dataset": f"suricata.{kind}"}
    eve_sections.ends(record, found, kind)
    flow = kind in _FLOWS
    if "source.ip" in record:
        record["event.type"] = "connection" if flow else "protocol"
    else:
        record["event.type"] = "info"
    eve_sections.fill(record, found, kind)
    if flow:
        # A flow's line is stamped at its end; what counts is when it began.
        eve_sections.span(record, found, zone)
    for key in _TIME_KEYS:
        if "@timestamp" not in record and key in found:
            values.set_time(record, found[key], zone)
    if kind == "drop":
        record["event.type"] = "denied"
    observer = values.text(found.get("host", found.get("gcap")))
    if observer is not None:
        record["observer.name"] = observer
    return record


def _unwrapped(found: dict[str, Any]) -> dict[str, Any]:
    """Return the EVE object inside what a log shipper put around it, else `found` itself."""
    if "event_type" in found:
        return found
    inner = found.get("suricata")
    if isinstance(inner, dict) and isinstance(inner.get("eve"), dict):
        return cast("dict[str, Any]", inner["eve"])
    for key in ("message", "_source", "event", "eve"):
        inner = found.get(key)
        if isinstance(inner, str) and inner.startswith("{"):
            inner = object_of(inner.encode("utf-8", "replace"))
        if isinstance(inner, dict) and "event_type" in inner:
            return cast("dict[str, Any]", inner)
    return found


def _is_eve(found: Mapping[str, Any]) -> bool:
    return isinstance(found.get("event_type"), str) and any(key in found for key in _TIME_KEYS)
