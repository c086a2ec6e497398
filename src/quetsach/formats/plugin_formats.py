"""Log formats and dialects of other installed packages, each behind a guard.

A format in Python may do anything: what it raises makes its lines rejects, what it returns is held
against the schema, and a line that it lost is a reject, too. A dialect is data and read by our own
engine; it is asked about a line that no built-in form takes, and by nobody else.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from quetsach.clocks import Zone
from quetsach.entry_points import PluginGroup, PluginOffer, guarded, load, offers_of
from quetsach.errors.exceptions import QuetsachError
from quetsach.formats.contract import (
    ChangingFormat,
    Format,
    Line,
    LogLayout,
    ParsedLines,
    Reject,
    relayout,
)
from quetsach.formats.dialects import dialect as dialect_file
from quetsach.formats.dialects.indexing import shipped_index
from quetsach.formats.dialects.making_index import declared_promises
from quetsach.formats.dialects.shipped_dialects import DialectFormat
from quetsach.formats.shared.ecs_fields import CONVERT
from quetsach.formats.shared.text_lines import UNKNOWN
from quetsach.sieve.contract import LineClock

FAILED, BAD_FIELD, LOST = "plugin-failed", "plugin-field", "plugin-lost"
REASONS = (FAILED, BAD_FIELD, LOST)
"""Why a line was not read: the format raised, gave what no field holds, or gave nothing."""

_TIMES = frozenset({"@timestamp", "event.start", "event.end"})
_WORDS: Mapping[str, Collection[str]] = {
    "event.type": ("connection", "denied", "protocol", "info"),
    "quetsach.lease.act": (*("given", "released", "expired", "declined", "reserved", "seen"),),
}
_TEXTS = frozenset({"event.dataset", "event.timezone"})
_LATEST_US = 1 << 53


def _is_plain(columns: object) -> bool:
    if isinstance(columns, tuple):
        return all(map(_is_plain, columns))
    return columns is None or isinstance(columns, str | bytes | int | float)


class PluginFormat:
    """A format of another package as one of ours: it never raises, and loses no line."""

    def __init__(self, inner: Format, offer: PluginOffer) -> None:
        self.offer, self._inner = offer, inner
        self.name, self.title, self.reads = offer.name, str(inner.title), str(inner.reads)
        self._may_change = isinstance(inner, ChangingFormat)

    def recognise(self, head: bytes) -> bool:
        """Return whether the format takes a file that begins so, and tells its layout."""
        return guarded(
            self.offer, lambda: bool(self._inner.recognise(head)) and self._is_laid(head), False
        )

    def _is_laid(self, head: bytes) -> bool:
        self._checked(self._inner.layout(head))
        return True

    def layout(self, head: bytes) -> LogLayout:
        """Return the layout that the head declares; called only when it was recognised."""
        return guarded(
            self.offer, lambda: self._checked(self._inner.layout(head)), LogLayout(UNKNOWN)
        )

    def relayout(self, line: bytes, layout: LogLayout) -> LogLayout | None:
        """Return the layout from `line` on, if this header line changes it, else None."""

        def changed() -> LogLayout | None:
            later = relayout(self._inner, line, layout)
            return None if later is None else self._checked(later)

        # Asked of each line that may be a header; most formats have none.
        return guarded(self.offer, changed, None) if self._may_change else None

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:
        """Return the events of `lines`, each held against the schema."""
        lines_in = list(lines)
        rows = guarded(self.offer, lambda: self._parsed(lines_in, layout, zone), None)
        if rows is None:
            rows = ParsedLines()
            for offset, line in lines_in:
                rows.reject(offset, FAILED, line)
        return rows

    def _checked(self, layout: LogLayout) -> LogLayout:
        """Return the layout without what is kept for our own decoders. Errors: TypeError."""
        if not isinstance(layout, LogLayout) or not isinstance(layout.dataset, str):
            raise TypeError("layout() gave no LogLayout")
        # Workers get it, and files are told apart by it.
        if not (_is_plain(layout.columns) and isinstance(layout.clock, LineClock | None)):
            raise TypeError("a layout holds plain values and tuples of them alone")
        return replace(layout, ours=False)

    def _parsed(self, lines_in: list[Line], layout: LogLayout, zone: Zone) -> ParsedLines:
        parsed = self._inner.parse(iter(lines_in), layout, zone)
        texts, rows = dict(lines_in), ParsedLines()
        refused = {
            one.offset: Reject(one.offset, str(one.reason)[:40], texts[one.offset][:200])
            for one in parsed.rejects
            if one.offset in texts
        }
        events = []
        for offset, event in parsed.events:
            fields = fields_of(event)
            if offset in texts and fields is None:
                refused[offset] = Reject(offset, BAD_FIELD, texts[offset][:200])
            elif offset in texts and fields is not None:
                events.append((offset, fields))
        for offset, fields in events:
            if offset not in refused:
                rows.add(offset, fields)
        rows.events.sort(key=lambda row: row[0])
        read = {offset for offset, _ in rows.events}
        skipped = {offset for offset in parsed.skipped if offset in texts}
        rows.skipped = sorted(skipped - read - {*refused})
        for offset in texts.keys() - read - {*refused} - skipped:
            refused[offset] = Reject(offset, LOST, texts[offset][:200])
        rows.rejects = [refused[offset] for offset in sorted(refused)]
        return rows


def fields_of(event: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return an event in the normal form of each field, None where one holds what it cannot."""
    fields: dict[str, Any] = {}
    for name, written in event.items():
        if written is None:
            continue
        if name in _TIMES:
            is_time = type(written) is int and 0 <= written < _LATEST_US
            fields[name] = written if is_time else None
        elif name in _WORDS:
            fields[name] = written if written in _WORDS[name] else None
        elif name in _TEXTS:
            is_text = isinstance(written, str) and 0 < len(written) <= 64
            fields[name] = written if is_text else None
        elif name in CONVERT:
            fields[name] = CONVERT[name](written)
        else:
            return None
        if fields[name] is None:
            return None
    return fields if "event.dataset" in fields else None


CODED_NAMES = frozenset((
    "received", "zeek-tsv", "zeek-json", "suricata-eve", "azure-flows", "windows-events",
    "ecs-json", "fortigate", "ip-neigh", "lease-table", "arp-table", "host-address",
    "host-velociraptor", "host-ipconfig", "host-listing", "host-tcp-table", "host-dnscache",
    "host-netstat", "host-hosts", "kea-leases", "windows-dhcp", "windows-firewall", "windows-dns",
    "isc-leases", "dnsmasq-leases", "conntrack", "natlog", "cisco-asa", "paloalto", "mikrotik",
    "ios-nat", "port-blocks", "squid", "web-log", "elff", "csv-rows", "dhcp-syslog", "netfilter",
    "mixed-log", "text",
))  # fmt: skip
"""The formats written in Python, whose list cannot be imported here: its forms ask us of lines."""


def built_in_names() -> frozenset[str]:
    """Return the names that no other package may take."""
    return CODED_NAMES | {entry.name for entry in shipped_index().dialects}


def _instance(loaded: Any) -> Any:
    return loaded() if isinstance(loaded, type) else loaded


def _is_format(form: Any) -> bool:
    return all(
        callable(getattr(form, act, None)) for act in ("recognise", "layout", "parse")
    ) and all(isinstance(getattr(form, text, None), str) for text in ("title", "reads"))


@cache
def plugin_formats() -> tuple[PluginFormat, ...]:
    """Return the formats in Python of other packages, in the order in which they are asked."""
    formats = []
    for offer in offers_of(PluginGroup.FORMATS, built_in_names()):
        form = load(offer, _is_format, _instance)
        if form is not None:
            formats.append(PluginFormat(form, offer))
    return tuple(formats)


class PluginDialect:
    """A dialect of another package: a form of single lines, and the format of a file of them."""

    def __init__(self, format_: DialectFormat, offer: PluginOffer) -> None:
        self.name, self.order = offer.name, format_.dialect.order
        self.format, self.offer = format_, offer

    @property
    def datasets(self) -> frozenset[str]:
        """The data sets that its lines are of."""
        dialect = self.format.dialect
        return frozenset((dialect.dataset, *(one.dataset for one in dialect.variants))) - {""}


@cache
def plugin_dialects() -> tuple[PluginDialect, ...]:
    """Return the dialects of other packages, in the order in which a line is shown to them."""
    taken = built_in_names() | {form.name for form in plugin_formats()}
    dialects = []
    for offer in offers_of(PluginGroup.DIALECTS, taken):
        form = load_dialect(offer)
        if form is not None:
            from quetsach.stuck_calls import watch_over

            # Its patterns are applied to each line by our own code.
            watch_over(offer.shown)
            dialects.append(PluginDialect(form, offer))
    return tuple(sorted(dialects, key=lambda one: one.order))


def load_dialect(offer: PluginOffer) -> DialectFormat | None:
    """Return the dialect in the file NAME.toml of the package, None where it cannot be used."""
    form: DialectFormat | None = load(
        offer,
        lambda form: isinstance(form, DialectFormat),
        lambda package: _dialect_of(offer, package),
    )
    return form


def _dialect_of(offer: PluginOffer, package: Any) -> DialectFormat:
    """Return the dialect in the file NAME.toml of `package`. Errors: DialectError, OSError."""
    file = f"{offer.name}.toml"
    text = files(package).joinpath(file).read_text("utf-8")
    dialect = dialect_file.load(text, file)
    if dialect.name != offer.name:
        raise dialect_file.DialectError(f"{file}: its name is {dialect.name}")
    return DialectFormat(dialect)


@cache
def plugin_promises() -> dict[str, frozenset[str]]:
    """Return what the records of these dialects promise to tell, by data set."""
    promises = declared_promises(one.format.dialect for one in plugin_dialects())
    return {dataset: frozenset(map(str, kept)) for dataset, kept in promises.items()}


class UnknownFormatError(QuetsachError, KeyError):
    """E653: no format has this name, such as on a worker without the package that brings it."""


def plugin_format(name: str) -> Format:
    """Return the format or dialect of another package.

    Errors: UnknownFormatError where there is none.
    """
    for form in plugin_formats():
        if form.name == name:
            return form
    for dialect in plugin_dialects():
        if dialect.name == name:
            return dialect.format
    raise UnknownFormatError("E653", name)
