"""The form of one line, whatever file it is in: peeled, then shown to each form of single lines.

A central syslog mixes firewalls, proxies and servers; a collector wraps all of them in JSON.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Protocol, TypeAlias

from quetsach.clocks import Zone
from quetsach.formats.azure_flows import AzureFlows
from quetsach.formats.cisco_asa import CiscoAsa
from quetsach.formats.conntrack import Conntrack
from quetsach.formats.contract import Format, Line, ParsedLines
from quetsach.formats.dhcp_syslog import DhcpSyslog
from quetsach.formats.dialects.reading import as_text, is_ours, read_layer
from quetsach.formats.dialects.shipped_dialects import DialectFormat, dialect_formats
from quetsach.formats.ecs_json import EcsJson
from quetsach.formats.fortigate import FortiGate
from quetsach.formats.ios_nat import IosNat
from quetsach.formats.mikrotik import MikroTik
from quetsach.formats.natlog import Natlog
from quetsach.formats.netfilter import Netfilter
from quetsach.formats.paloalto import PaloAlto
from quetsach.formats.shared.ecs_fields import says_nothing
from quetsach.formats.shared.line_fronts import is_in_anothers
from quetsach.formats.shared.peeling import LineLayer, peel
from quetsach.formats.shared.text_lines import UNKNOWN
from quetsach.formats.shared.windows_fields import event_of
from quetsach.formats.squid import Squid
from quetsach.formats.suricata_eve import SuricataEve
from quetsach.formats.web_log import WebLog
from quetsach.formats.windows_dns import WindowsDns
from quetsach.formats.windows_events import WindowsEvents, persons_of, record_in
from quetsach.formats.zeek_json import ZeekJson

Record: TypeAlias = dict[str, Any]


PALO_ALTO_KINDS = tuple(
    f",{kind},"
    for kind in (
        "TRAFFIC", "THREAT", "DECRYPTION", "SCTP", "GTP", "TUNNEL", "GLOBALPROTECT", "USERID",
        "HIPMATCH", "CONFIG", "SYSTEM", "AUTHENTICATION", "IPTAG", "CORRELATION",
    )
)  # fmt: skip


class LineForm(Protocol):
    """A form that can tell and read a single line."""

    order: int
    """Smaller is asked earlier."""
    format: Format
    """The format of a file that holds such lines alone."""

    def takes(self, layer: LineLayer) -> bool:
        """Return whether the layer of a line is of this form."""
        ...

    def read(self, layer: LineLayer, zone: Zone, taken_us: int | None) -> Record | None:
        """Return the fields of the layer's event, None where it says nothing of a contact."""
        ...


class CodedLine:
    """A format written in Python, asked for one line.

    Shapes: a line without any of `literals` is none of its own. `begins` is found where a message
    begins; before it there is but a head, never somebody else's words.
    """

    def __init__(
        self, form: Format, literals: Sequence[str], order: int = 40, begins: str = ""
    ) -> None:
        self.format, self.order = form, order
        self._literals = tuple(literals)
        self._begins = re.compile(begins) if begins else None

    def takes(self, layer: LineLayer) -> bool:
        """Return whether the layer of a line is of this form."""
        text = layer.whole
        if not any(map(text.__contains__, self._literals)):
            return False
        if self._begins is not None:
            found = self._begins.search(layer.text)
            if found and is_in_anothers(layer.text, found.start(), has_program=bool(layer.program)):
                return False
        return any(map(self.format.recognise, self._ways(layer)))

    @staticmethod
    def _ways(layer: LineLayer) -> Iterator[bytes]:
        """Yield the line with the heads around it, and without: a relay puts one of its own."""
        yield layer.whole.encode()
        if layer.text != layer.whole:
            yield layer.text.encode()

    def read(self, layer: LineLayer, zone: Zone, taken_us: int | None) -> Record | None:
        """Return the fields of the layer's event; its wrapper gives what it lacks."""
        line = next(filter(self.format.recognise, self._ways(layer)), layer.whole.encode())
        layout = replace(self.format.layout(line), taken_us=taken_us)
        for _, event in self.format.parse([(0, line)], layout, zone).events:
            if event.get("event.dataset") == UNKNOWN or says_nothing(event):
                return None
            return _completed({**event}, layer, zone)
        return None


class DialectLine:
    """A dialect, asked for one line."""

    def __init__(self, form: DialectFormat) -> None:
        self.format: Format = form
        self.order, self.dialect = form.dialect.order, form.dialect

    def takes(self, layer: LineLayer) -> bool:
        """Return whether the layer of a line is of this form."""
        return is_ours(self.dialect, layer)

    def read(self, layer: LineLayer, zone: Zone, taken_us: int | None) -> Record | None:
        """Return the fields of the layer's event."""
        return read_layer(self.dialect, layer, zone, taken_us)


class WindowsLine:
    """A Windows event, asked for one line: as JSON, as XML, or as a row with the names of one."""

    order = 30

    def __init__(self) -> None:
        self.format: Format = WindowsEvents()

    def takes(self, layer: LineLayer) -> bool:
        """Return whether the layer of a line is of this form."""
        return record_in(layer.text, layer.document) is not None

    def read(self, layer: LineLayer, zone: Zone, taken_us: int | None) -> Record | None:  # noqa: ARG002
        """Return the fields of the layer's event, None where it says nothing of a contact."""
        record = record_in(layer.text, layer.document)
        event = None if record is None else event_of(record, zone)
        return None if event is None or says_nothing(event) else {**event}


def _completed(record: Record, layer: LineLayer, zone: Zone) -> Record:
    if "@timestamp" not in record and layer.when_us is not None:
        record["@timestamp"] = layer.when_us
        if layer.applied:
            record["event.timezone"] = str(zone)
    if layer.host:
        record.setdefault("observer.name", layer.host)
    return record


@cache
def line_forms() -> tuple[LineForm, ...]:
    """Return the forms of single lines, in the order in which a line is shown to them."""
    coded: tuple[LineForm, ...] = (
        CodedLine(SuricataEve(), ('"event_type"',), begins="{"),
        CodedLine(AzureFlows(), ('"flow.', '"flowTuples"', '"flowTuple'), begins="{"),
        CodedLine(ZeekJson(), ('"id.orig_h"', '"ts"'), begins="{"),
        CodedLine(FortiGate(), ("subtype=",)),
        CodedLine(
            CiscoAsa(), ("%ASA-", "%FTD-", "%PIX-", "%FWSM-"), begins="%(?:ASA|FTD|PIX|FWSM)-"
        ),
        CodedLine(PaloAlto(), PALO_ALTO_KINDS, begins=r"\d?,[\d/]{6,10} "),
        CodedLine(IosNat(), ("NAT-6-",), begins="%(?:IP)?NAT-6-"),
        CodedLine(WindowsDns(), (" PACKET ",)),
        CodedLine(MikroTik(), ("proto ",), begins=r"[\w\-]{1,64}:? in:"),
        CodedLine(Conntrack(), (" dport=",)),
        CodedLine(Natlog(), ("NAT", "nat"), begins=r"\b[Ff]rom "),
        CodedLine(Squid(), ("/",), order=60),
        CodedLine(DhcpSyslog(), ("DHCP", "assigned ", "SLAAC", " address "), order=60),
        CodedLine(Netfilter(), ("SRC=",), order=60),
        CodedLine(WebLog(), ('] "',), order=70),
        CodedLine(EcsJson(foreign=True), ("@timestamp",), order=90, begins="{"),
        WindowsLine(),
    )
    dialects: tuple[LineForm, ...] = tuple(map(DialectLine, dialect_formats()))
    return tuple(sorted(coded + dialects, key=lambda form: form.order))


def accounts_of(layer: LineLayer) -> set[str]:
    """Return the accounts that the layer of a line names by the form of a format in Python."""
    return persons_of(layer.text, layer.document)


def form_of(layers: Iterable[LineLayer]) -> LineForm | None:
    """Return the form of a line by its layers, the innermost first; None for an unknown one."""
    for layer in layers:
        for form in line_forms():
            if form.takes(layer):
                return form
    return None


def read_layers(layers: Iterable[LineLayer], zone: Zone, taken_us: int | None) -> Record | None:
    """Return the event of a line by its layers, the innermost first; None for an unknown one.

    Where two forms find different ends in one message, one of them is a stranger's text in the
    other: nobody is named by it.
    """
    timed: Record | None = None
    is_taken = False
    for layer in layers:
        if is_taken and layer.is_doubtful:
            continue
        named: Record | None = None
        for form in line_forms():
            if not form.takes(layer):
                continue
            is_taken = True
            record = form.read(layer, zone, taken_us)
            if record is None:
                continue
            if record["event.dataset"] == UNKNOWN:
                timed = record if timed is None else timed
            elif named is None:
                named = record
            elif _contradict(named, record):
                return as_text(named)
        if named is not None:
            return named
    return timed


_ENDS = ("source.ip", "destination.ip", "dns.question.name", "destination.domain")


def _contradict(one: Record, other: Record) -> bool:
    return any(one[end] != other[end] for end in _ENDS if end in one and end in other)


def read_line(line: bytes, zone: Zone, taken_us: int | None) -> Record | None:
    """Return the event of a line by the form that the line itself has, None for an unknown one."""
    return read_layers(peel(line, zone, taken_us), zone, taken_us)


def second_look(
    rows: ParsedLines, lines: Iterable[Line], zone: Zone, taken_us: int | None
) -> ParsedLines:
    """Return `rows` with the lines that the form of their file did not know read by their own."""
    unknown = {offset for offset, event in rows.events if _is_unknown(event)}
    unknown |= {reject.offset for reject in rows.rejects}
    if not unknown:
        return rows
    read: dict[int, Record] = {}
    for offset, line in lines:
        if offset in unknown:
            record = read_line(line, zone, taken_us)
            if record is not None:
                read[offset] = record
    if not read:
        return rows
    result = ParsedLines(skipped=rows.skipped)
    result.rejects = [reject for reject in rows.rejects if reject.offset not in read]
    result.events = [(offset, event) for offset, event in rows.events if offset not in read]
    for offset, record in read.items():
        result.add(offset, record)
    result.events.sort(key=lambda row: row[0])
    return result


def _is_unknown(event: Mapping[str, object]) -> bool:
    return event.get("event.dataset") == UNKNOWN
