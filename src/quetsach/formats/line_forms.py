"""The form of one line, whatever file it is in: peeled, then shown to each form of single lines.

A central syslog mixes firewalls, proxies and servers; a collector wraps all of them in JSON.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from quetsach.clocks import Zone
from quetsach.formats import loading
from quetsach.formats.contract import Format, Line, ParsedLines
from quetsach.formats.dialects.indexing import DialectEntry, shipped_index
from quetsach.formats.form_needs import FormNeeds
from quetsach.formats.shared.ecs_fields import says_nothing
from quetsach.formats.shared.line_fronts import is_in_anothers
from quetsach.formats.shared.peeling import LineLayer, peel
from quetsach.formats.shared.text_lines import UNKNOWN

if TYPE_CHECKING:
    from quetsach.formats.dialects.dialect import Dialect
    from quetsach.formats.dialects.shipped_dialects import DialectFormat

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
    name: str
    """The name of the format of a file that holds such lines alone."""

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
        self,
        name: str,
        make: Callable[[], Format],
        literals: Sequence[str],
        order: int = 40,
        begins: str = "",
    ) -> None:
        self.name, self.order, self.literals = name, order, tuple(literals)
        self._make, self._pattern = make, begins

    @cached_property
    def format(self) -> Format:
        """The format, loaded once a line may be of it."""
        return self._make()

    @cached_property
    def _begins(self) -> re.Pattern[str] | None:
        return re.compile(self._pattern) if self._pattern else None

    def takes(self, layer: LineLayer) -> bool:
        """Return whether the layer of a line is of this form."""
        text = layer.whole
        if not any(map(text.__contains__, self.literals)):
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
    """A dialect, asked for one line; it is read from its file once a line may be of it."""

    def __init__(self, entry: DialectEntry) -> None:
        self.name, self.order = entry.name, entry.order
        self.entry = entry

    @cached_property
    def format(self) -> "DialectFormat":
        """The dialect as the format of a file."""
        from quetsach.formats.dialects.shipped_dialects import dialect_format

        return dialect_format(self.name)

    @property
    def dialect(self) -> "Dialect":
        """The dialect itself."""
        return self.format.dialect

    def takes(self, layer: LineLayer) -> bool:
        """Return whether the layer of a line is of this form."""
        return self.format.takes(layer)

    def read(self, layer: LineLayer, zone: Zone, taken_us: int | None) -> Record | None:
        """Return the fields of the layer's event."""
        return self.format.read_layer(layer, zone, taken_us)


class OfferedLine:
    """A dialect of another package, asked for one line."""

    def __init__(self, form: "DialectFormat", order: int) -> None:
        self.name, self.order, self.format = form.name, order, form

    def takes(self, layer: LineLayer) -> bool:
        """Return whether the layer of a line is of this form."""
        return self.format.takes(layer)

    def read(self, layer: LineLayer, zone: Zone, taken_us: int | None) -> Record | None:
        """Return the fields of the layer's event."""
        return self.format.read_layer(layer, zone, taken_us)


class WindowsLine:
    """A Windows event, asked for one line: as JSON, as XML, or as a row with the names of one."""

    order, name = 30, "windows-events"

    def takes(self, layer: LineLayer) -> bool:
        """Return whether the layer of a line is of this form."""
        if layer.document is None and not any(sign in layer.text for sign in _WINDOWS_SIGNS):
            return False
        from quetsach.formats.windows_events import record_in

        return record_in(layer.text, layer.document) is not None

    def read(self, layer: LineLayer, zone: Zone, taken_us: int | None) -> Record | None:  # noqa: ARG002
        """Return the fields of the layer's event, None where it says nothing of a contact."""
        from quetsach.formats.shared.windows_fields import event_of
        from quetsach.formats.windows_events import record_in

        record = record_in(layer.text, layer.document)
        event = None if record is None else event_of(record, zone)
        return None if event is None or says_nothing(event) else {**event}


_WINDOWS_SIGNS = ("MSWinEventLog", "<EventID")


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
        CodedLine("suricata-eve", loading.suricata_eve, ('"event_type"',), begins="{"),
        CodedLine(
            "azure-flows",
            loading.azure_flows,
            ('"flow.', '"flowTuples"', '"flowTuple'),
            begins="{",
        ),
        CodedLine("zeek-json", loading.zeek_json, ('"id.orig_h"', '"ts"'), begins="{"),
        CodedLine("fortigate", loading.fortigate, ("subtype=",)),
        CodedLine(
            "cisco-asa",
            loading.cisco_asa,
            ("%ASA-", "%FTD-", "%PIX-", "%FWSM-"),
            begins="%(?:ASA|FTD|PIX|FWSM)-",
        ),
        CodedLine("paloalto", loading.paloalto, PALO_ALTO_KINDS, begins=r"\d?,[\d/]{6,10} "),
        CodedLine("ios-nat", loading.ios_nat, ("NAT-6-",), begins="%(?:IP)?NAT-6-"),
        CodedLine("windows-dns", loading.windows_dns, (" PACKET ",)),
        CodedLine("mikrotik", loading.mikrotik, ("proto ",), begins=r"[\w\-]{1,64}:? in:"),
        CodedLine("conntrack", loading.conntrack, (" dport=",)),
        CodedLine("natlog", loading.natlog, ("NAT", "nat"), begins=r"\b[Ff]rom "),
        CodedLine("squid", loading.squid, ("/",), order=60),
        CodedLine(
            "dhcp-syslog",
            loading.dhcp_syslog,
            ("DHCP", "assigned ", "SLAAC", " address "),
            order=60,
        ),
        CodedLine("netfilter", loading.netfilter, ("SRC=",), order=60),
        CodedLine("web-log", loading.web_log, ('] "',), order=70),
        CodedLine("ecs-json", loading.foreign_ecs_json, ("@timestamp",), order=90, begins="{"),
        WindowsLine(),
    )
    dialects: tuple[LineForm, ...] = tuple(map(DialectLine, shipped_index().dialects))
    return tuple(sorted(coded + dialects, key=lambda form: form.order))


_Tables: TypeAlias = tuple[FormNeeds, FormNeeds, FormNeeds]


@cache
def _tables() -> _Tables:
    """Return what coded forms need in a whole line, and dialects in a text and in a document."""
    coded, plain, json = FormNeeds(), FormNeeds(), FormNeeds()
    for place, form in enumerate(line_forms()):
        if isinstance(form, DialectLine):
            entry = form.entry
            (json if entry.is_json else plain).add(place, entry.literals, entry.keys)
        else:
            coded.add(place, form.literals if isinstance(form, CodedLine) else ())
    return coded, plain, json


def tables_for(layers: Iterable[LineLayer]) -> _Tables:
    """Return what is needed by the forms that some of `layers` may be of.

    Cost: one look through all their texts, that spares a look for each text in each of them.
    """
    coded, plain, json = _tables()
    several = [*layers]
    # No literal stands across two lines.
    whole = "\n".join(layer.whole for layer in several)
    text = "\n".join(layer.text for layer in several)
    return coded.narrowed(whole), plain.narrowed(text), json.narrowed(text)


def forms_asked(layer: LineLayer, tables: _Tables | None = None) -> list[LineForm]:
    """Return the forms that the layer of a line may be of, in their order.

    All that take the layer are among them; that spares asking a hundred forms about each line.
    `tables` are those for some lines that this is among.
    """
    coded, plain, json = _tables() if tables is None else tables
    of_dialects = plain if layer.document is None else json
    places = {*coded.places(layer.whole), *of_dialects.places(layer.text, layer.document)}
    forms = line_forms()
    return [forms[place] for place in sorted(places)]


def accounts_of(layer: LineLayer) -> set[str]:
    """Return the accounts that the layer of a line names by the form of a format in Python."""
    from quetsach.formats.windows_events import persons_of

    return persons_of(layer.text, layer.document)


def form_of(layers: Iterable[LineLayer], tables: _Tables | None = None) -> LineForm | None:
    """Return the form of a line by its layers, the innermost first; None for an unknown one."""
    layers = [*layers]
    for layer in layers:
        for form in forms_asked(layer, tables):
            if form.takes(layer):
                return form
    return next((form for layer in layers for form in _offered() if form.takes(layer)), None)


@cache
def _offered() -> tuple[LineForm, ...]:
    """Return the dialects of other packages: they are asked about lines that none of ours takes."""
    from quetsach.formats.plugin_formats import plugin_dialects

    return tuple(OfferedLine(dialect.format, dialect.order) for dialect in plugin_dialects())


def read_layers(
    layers: Iterable[LineLayer], zone: Zone, taken_us: int | None, tables: _Tables | None = None
) -> Record | None:
    """Return the event of a line by its layers, the innermost first; None for an unknown one.

    Where two forms find different ends in one message, one of them is a stranger's text in the
    other: nobody is named by it.
    """
    timed: Record | None = None
    is_taken = False
    layers = [*layers]
    for layer in layers:
        if is_taken and layer.is_doubtful:
            continue
        named: Record | None = None
        for form in forms_asked(layer, tables):
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
                from quetsach.formats.dialects.reading import as_text

                return as_text(named)
        if named is not None:
            return named
    return timed if is_taken else _read_offered(layers, zone, taken_us)


def _read_offered(layers: Sequence[LineLayer], zone: Zone, taken_us: int | None) -> Record | None:
    for layer in layers:
        for form in _offered():
            if form.takes(layer):
                return form.read(layer, zone, taken_us)
    return None


_ENDS = ("source.ip", "destination.ip", "dns.question.name", "destination.domain")


def _contradict(one: Record, other: Record) -> bool:
    return any(one[end] != other[end] for end in _ENDS if end in one and end in other)


def read_line(line: bytes, zone: Zone, taken_us: int | None) -> Record | None:
    """Return the event of a line by the form that the line itself has, None for an unknown one."""
    return read_layers(peel(line, zone, taken_us), zone, taken_us)


_PEELED_AT_ONCE = 512


def second_look(
    rows: ParsedLines, lines: Iterable[Line], zone: Zone, taken_us: int | None
) -> ParsedLines:
    """Return `rows` with the lines that the form of their file did not know read by their own."""
    unknown = {offset for offset, event in rows.events if _is_unknown(event)}
    unknown |= {reject.offset for reject in rows.rejects}
    if not unknown:
        return rows
    looked_at = [(offset, line) for offset, line in lines if offset in unknown]
    read: dict[int, Record] = {}
    for first in range(0, len(looked_at), _PEELED_AT_ONCE):
        batch = looked_at[first : first + _PEELED_AT_ONCE]
        peeled = {offset: peel(line, zone, taken_us) for offset, line in batch}
        tables = tables_for(layer for layers in peeled.values() for layer in layers)
        for offset, layers in peeled.items():
            record = read_layers(layers, zone, taken_us, tables)
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
