"""Flow logs of Azure network security groups and virtual networks: the flows are tuples of text.

A record wraps its tuples, and the time of the wrapper is when it was written, not of a flow. A
security group's tuple ends with the decision and the state, a virtual network's with the state and
what was encrypted; counts of packets and bytes of both sides follow where the version has them.
Source: Microsoft Learn, Azure Network Watcher: "Flow logging for network security groups" (log
format, versions 1 and 2) and "Virtual network flow logs" (log format).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from quetsach.clocks import Zone, us_from_epoch
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import values
from quetsach.formats.shared.text_lines import first_objects, object_of

_TUPLE = re.compile(
    r"(?P<when>\d{10}(?:\d{3})?),(?P<src>[0-9A-Fa-f.:]{2,45}),(?P<dst>[0-9A-Fa-f.:]{2,45}),"
    r"(?P<sport>\d{0,5}),(?P<dport>\d{0,5}),(?P<proto>[A-Za-z]|\d{1,3}),(?P<way>[IO]),"
    r"(?:(?P<decision>[AD])(?:,(?P<phase>[BCE])?)?|(?P<state>[BCED]),(?P<crypt>[A-Z_]{1,20}))"
    r"(?:,(?P<sent_packets>\d*),(?P<sent>\d*),(?P<back_packets>\d*),(?P<back>\d*))?"
)
_SIGN = re.compile(rb'"\d{10}(?:\d{3})?,[0-9A-Fa-f.:]{2,45},[0-9A-Fa-f.:]{2,45},\d{0,5},\d{0,5},')
_PROTOCOLS = {"T": "tcp", "U": "udp", "I": "icmp"}
_DEPTH = 12
_MOST_TUPLES = 100_000


class AzureFlows:
    """Flows of Azure, one event a tuple."""

    name = "azure-flows"
    title = N_("Azure flow log (NSG, virtual network)")
    reads = N_(
        "flows with both ends, bytes and whether they were let through, each at its own time"
    )

    def recognise(self, head: bytes) -> bool:
        """Return whether one of the first lines holds a tuple of a flow, whole or cut off."""
        if _SIGN.search(head) is None:
            return False
        whole = any(_first(one) is not None for one in first_objects(head))
        return whole or b'"flowTuples"' in head

    def layout(self, head: bytes) -> LogLayout:  # noqa: ARG002 - the contract
        """Return the data set; each tuple has a time of its own, which no clock of a line tells."""
        return LogLayout("azure.flow")

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:  # noqa: ARG002
        """Return one event a tuple; a line without one is a reject."""
        rows = ParsedLines()
        for offset, line in rows.filled(lines):
            document = object_of(line)
            if document is None:
                rows.reject(offset, "not-json", line)
                continue
            has_flow = False
            for record in _records(document, "", _DEPTH):
                rows.add(offset, record)
                has_flow = True
            if not has_flow:
                rows.reject(offset, "no-flow", line)
        return rows


def _first(document: Mapping[str, Any]) -> dict[str, Any] | None:
    return next(_records(document, "", _DEPTH), None)


def _records(content: Any, rule: str, depth: int) -> Iterator[dict[str, Any]]:
    """Yield the events of all tuples in `content`; `rule` is the rule that is named above them."""
    if isinstance(content, str):
        match = _TUPLE.fullmatch(content.strip()) if content[:10].isdigit() else None
        if match is not None:
            yield _record(match, rule)
    elif isinstance(content, Mapping) and depth:
        named = content.get("rule", content.get("ruleName"))
        rule = named if isinstance(named, str) else rule
        for inner in content.values():
            yield from _records(inner, rule, depth - 1)
    elif isinstance(content, list) and depth:
        for inner in content[:_MOST_TUPLES]:
            yield from _records(inner, rule, depth - 1)


def _record(match: re.Match[str], rule: str) -> dict[str, Any]:
    record: dict[str, Any] = {"event.dataset": "azure.flow", "event.type": "connection"}
    when = us_from_epoch(f"{match['when'][:10]}.{match['when'][10:] or '0'}")
    if when is not None:
        record["@timestamp"] = when
    values.set_end(record, "source", match["src"], match["sport"])
    values.set_end(record, "destination", match["dst"], match["dport"])
    proto = values.transport(_PROTOCOLS.get(match["proto"], match["proto"]))
    if proto is not None:
        record["network.transport"] = proto
    for side, count in (("source", match["sent"]), ("destination", match["back"])):
        number = values.count(count) if count else None
        if number is not None:
            record[f"{side}.bytes"] = number
    if rule:
        record["rule.name"] = rule[:256]
    if match["decision"] == "D" or match["state"] == "D":
        record["event.type"], record["event.outcome"] = "denied", "failure"
    elif values.count(match["back_packets"]):
        record["event.outcome"] = "success"
    return record
