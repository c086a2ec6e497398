"""The engine of the dialects: a peeled line and a dialect in, the fields of an event out."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC
from typing import Any

from quetsach.clocks import MICROSECONDS, Zone, zone_from_offset
from quetsach.formats.dialects import tokens as cutting
from quetsach.formats.dialects.dialect import Dialect, TimeRule, Variant
from quetsach.formats.dialects.tokens import Tokens
from quetsach.formats.shared import leases, values
from quetsach.formats.shared.ecs_fields import CONVERT, says_nothing
from quetsach.formats.shared.line_fronts import is_in_anothers
from quetsach.formats.shared.peeling import LineLayer
from quetsach.formats.shared.text_lines import UNKNOWN
from quetsach.formats.shared.times import NO_TIME, TimeRead, read_time

_SIDES = ("source", "destination")
_OF_AN_END = ("ip", "port", "mac", "bytes", "nat.ip", "nat.port")
_NO_VARIANT = Variant(())
_CUT_ANYWHERE = frozenset({"pairs", "columns", "json"})
_MOST_VALUES = 64
_ANY_DAY = 1_788_225_322 * MICROSECONDS
WHOLE = "@line"
"""The name under which a derivation takes the whole text."""


def is_ours(dialect: Dialect, layer: LineLayer) -> bool:
    """Return whether `layer` has the signature of `dialect`."""
    sign = dialect.signature
    if (layer.document is None) == (dialect.kind == "json"):
        return False
    text = layer.text
    if sign.program and layer.program not in sign.program:
        return False
    for literal in sign.all:
        if literal not in text:
            return False
    for literal in sign.none:
        if literal in text:
            return False
    if sign.any and not any(literal in text for literal in sign.any):
        return False
    if sign.keys:
        document = cutting.DocumentTokens(layer.document or {})
        if any(document.get(key) is None for key in sign.keys):
            return False
    if sign.regex is None:
        return True
    found = sign.regex.search(text)
    if found is None or dialect.kind in _CUT_ANYWHERE:
        return found is not None
    return not is_in_anothers(text, found.start(), has_program=bool(layer.program))


def read_layer(
    dialect: Dialect, layer: LineLayer, zone: Zone, taken_us: int | None
) -> dict[str, Any] | None:
    """Return the fields that `layer` gives in `dialect`, None where it has none of its tokens.

    Where it names nobody and nothing it counts as text, which knows its time by the dialect.
    `zone` applies where the line has no zone and the dialect says that the device's own holds.
    """
    tokens = tokens_of(dialect, layer)
    variant = _variant_of(dialect, tokens)
    record: dict[str, Any] = {
        "event.dataset": variant.dataset or dialect.dataset,
        "event.type": variant.type or dialect.type,
    }
    _set_time(record, dialect.time, tokens, layer, zone, taken_us)
    if layer.host:
        record["observer.name"] = layer.host
    _set_fields(record, dialect, _fields_of(dialect, variant), tokens, zone, taken_us)
    for field, rule in dialect.find.items():
        several = rule.regex.findall(_text_of(tokens, rule.source))
        if several and field not in record:
            record[field] = [part.removesuffix(".") for part in several[:_MOST_VALUES]]
    _set_page(record, dialect, tokens)
    for field, constant in (*dialect.const.items(), *variant.const.items()):
        record.setdefault(field, constant)
    for field in variant.drop:
        record.pop(field, None)
    _turn(record, dialect, tokens)
    _drop_own_address(record, dialect.own if variant.own is None else variant.own, tokens, layer)
    _drop_false_translations(record)
    _set_verdict(record, dialect, tokens)
    return as_text(record) if variant.no_contact or says_nothing(record) else record


def _fields_of(dialect: Dialect, variant: Variant) -> Mapping[str, tuple[str, ...]]:
    return {**dialect.fields, **variant.fields} if variant.fields else dialect.fields


def as_text(record: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the time of a record that names nobody as that of a line of text; None without one."""
    if "@timestamp" not in record:
        return None
    timed = {key: record[key] for key in ("@timestamp", "event.timezone") if key in record}
    return {"event.dataset": UNKNOWN, "event.type": "info", **timed}


def best_of(records: Iterable[dict[str, Any] | None]) -> dict[str, Any] | None:
    """Return the first record that names something, else the first that knows a time, else None."""
    timed: dict[str, Any] | None = None
    for record in records:
        if record is not None and record["event.dataset"] != UNKNOWN:
            return record
        timed = record if timed is None else timed
    return timed


def leaves_out_its_year(dialect: Dialect, layer: LineLayer) -> bool:
    """Return whether the time of `layer` can only be read by who knows its year."""
    tokens = tokens_of(dialect, layer)
    told = _first_time(dialect.time, tokens, UTC, None).when_us
    return told is None and _first_time(dialect.time, tokens, UTC, _ANY_DAY).when_us is not None


def time_tokens(dialect: Dialect, layer: LineLayer) -> list[str] | None:
    """Return the tokens that hold the time of `layer` as they are written; None without a time."""
    tokens = tokens_of(dialect, layer)
    for parts in dialect.time.tokens:
        written = [_text_of(tokens, part) for part in parts]
        whole = " ".join(written)
        if all(written) and read_time(whole, UTC, _ANY_DAY, dialect.time.order).when_us is not None:
            return written
    return None


def tokens_of(dialect: Dialect, layer: LineLayer) -> Tokens:
    """Return the tokens of `layer`, those derived from others among them; {} where none are."""
    cut = _cut(dialect, layer)
    if not dialect.derived:
        return cut
    more: dict[str, Any] = {}
    for rule in dialect.derived:
        value = more.get(
            rule.source, cut.get(rule.source, layer.text if rule.source == WHOLE else None)
        )
        match = rule.regex.search(value) if isinstance(value, str) else None
        if match is not None:
            more.update({k: v for k, v in match.groupdict().items() if v is not None})
    if isinstance(cut, dict):
        return {**cut, **more}
    return _Overlaid(cut, more)


class _Overlaid(Mapping[str, Any]):
    """Tokens with derived ones over them."""

    def __init__(self, below: Tokens, above: Tokens) -> None:
        self._below, self._above = below, above

    def get(self, key: str, default: Any = None) -> Any:
        """Return the derived token of this name, else the one that stands in the line."""
        return self._above[key] if key in self._above else self._below.get(key, default)

    def __getitem__(self, key: str) -> Any:
        return self._above[key] if key in self._above else self._below[key]

    def __iter__(self) -> Iterator[str]:
        yield from self._above
        yield from self._below

    def __len__(self) -> int:
        return len(self._above) + len(self._below)


def _cut(dialect: Dialect, layer: LineLayer) -> Tokens:
    if dialect.kind == "json":
        return cutting.DocumentTokens(layer.document or {})
    if dialect.kind == "cef":
        return cutting.cef(layer.text)
    if dialect.kind == "leef":
        return cutting.leef(layer.text)
    if dialect.kind == "columns":
        return cutting.columns(layer.text, dialect.separator, dialect.columns)
    if dialect.kind == "regex":
        return cutting.groups(layer.text, dialect.patterns)
    return cutting.pairs(layer.text, dialect.assign, dialect.separator)


def _variant_of(dialect: Dialect, tokens: Tokens) -> Variant:
    for variant in dialect.variants:
        if all(pattern.match(_text_of(tokens, key)) for key, pattern in variant.when):
            return variant
    return _NO_VARIANT


def _text_of(tokens: Tokens, key: str) -> str:
    value = tokens.get(key)
    return value if isinstance(value, str) else "" if value is None else str(value)


def _set_time(
    record: dict[str, Any],
    rule: TimeRule,
    tokens: Tokens,
    layer: LineLayer,
    zone: Zone,
    taken_us: int | None,
) -> None:
    """Put the line's own time into `record`, else that of the nearest wrapper."""
    used, in_line = zone, False
    if rule.zone == "utc":
        used, in_line = UTC, True
    elif rule.zone_token:
        own = zone_from_offset(_text_of(tokens, rule.zone_token).strip("\"' ()"))
        used, in_line = (zone, False) if own is None else (own, True)
    read = _first_time(rule, tokens, used, layer.when_us if taken_us is None else taken_us)
    if read.when_us is not None and rule.zone == "in-line" and read.applied and not in_line:
        read = NO_TIME
    if read.when_us is None:
        read, in_line = TimeRead(layer.when_us, layer.applied), False
    if read.when_us is not None:
        record["@timestamp"] = read.when_us
        if read.applied and not in_line:
            record["event.timezone"] = str(zone)


def _first_time(rule: TimeRule, tokens: Tokens, zone: Zone, taken_us: int | None) -> TimeRead:
    for parts in rule.tokens:
        several = [tokens.get(part) for part in parts]
        if any(part is None for part in several):
            continue
        written = several[0] if len(several) == 1 else " ".join(map(str, several))
        read = read_time(written, zone, taken_us, rule.order)
        if read.when_us is not None:
            return read
    return NO_TIME


def _set_fields(
    record: dict[str, Any],
    dialect: Dialect,
    fields: Mapping[str, tuple[str, ...]],
    tokens: Tokens,
    zone: Zone,
    taken_us: int | None,
) -> None:
    for field, names in fields.items():
        for name in names:
            written = tokens.get(name)
            if written is None or (isinstance(written, str) and written in dialect.absent):
                continue
            value = _converted(field, written, dialect, zone, taken_us)
            if value is not None and value != []:
                record[field] = value
                break
    identifier = record.get("quetsach.lease.client_id")
    if identifier is not None:
        leases.set_machine(record, mac=record.get("host.mac"), identifier=identifier)


def _converted(field: str, written: Any, dialect: Dialect, zone: Zone, taken_us: int | None) -> Any:
    convert = CONVERT.get(field)
    if convert is None:
        used = UTC if dialect.time.zone == "utc" else zone
        return read_time(written, used, taken_us, dialect.time.order).when_us
    splitter = dialect.split.get(field)
    if splitter is not None and isinstance(written, str):
        written = [part for part in splitter.split(written) if part and part not in dialect.absent]
    if isinstance(written, list) and field != "dns.answers":
        # A field of one value takes the first of several.
        written = written[0] if written else None
    if isinstance(written, float) and written.is_integer():
        written = int(written)
    value = convert(written)
    if value is not None and field in dialect.milliseconds:
        return value // 1000
    return value


def _set_page(record: dict[str, Any], dialect: Dialect, tokens: Tokens) -> None:
    """Put the requested page together, from a host and a path; fields that are set stay."""
    rule = dialect.url
    if rule.host or rule.path:
        host = next(
            (one for key in rule.host if (one := _text_of(tokens, key)) not in dialect.absent), None
        )
        path = next(
            (one for key in rule.path if (one := _text_of(tokens, key)) not in dialect.absent), None
        )
        if path is None and rule.needs_path:
            host = None
        full, domain = values.page(host, path, rule.scheme)
        if full is not None:
            record.setdefault("url.full", full)
        if domain is not None:
            record.setdefault("url.domain", domain)
    full = record.get("url.full")
    if full is None or "url.domain" in record:
        return
    if "://" not in full:
        # Many write the host and what follows, without the scheme.
        full = f"{rule.scheme}://{full.lstrip('/')}"
    domain = values.page(None, full)[1]
    if domain is not None:
        record["url.domain"] = domain


def _turn(record: dict[str, Any], dialect: Dialect, tokens: Tokens) -> None:
    """Let source and destination change places where the local end was reached."""
    rule = dialect.direction
    if not rule.token or _text_of(tokens, rule.token).strip().lower() not in rule.inbound:
        return
    ends = [
        {part: record.pop(f"{side}.{part}") for part in _OF_AN_END if f"{side}.{part}" in record}
        for side in _SIDES
    ]
    for side, end in zip(_SIDES, reversed(ends), strict=True):
        record.update(
            {
                f"{side}.{part}": value
                for part, value in end.items()
                if part != "mac" or side == "source"
            }
        )


def _drop_own_address(
    record: dict[str, Any], own: tuple[str, ...], tokens: Tokens, layer: LineLayer
) -> None:
    """Drop a source that is the device which wrote the line: it is nobody's client."""
    source = record.get("source.ip")
    if not own or source is None:
        return
    if source in {values.address(one) for one in (layer.host, *map(tokens.get, own))}:
        for field in [field for field in record if field.startswith("source.")]:
            del record[field]


def _drop_false_translations(record: dict[str, Any]) -> None:
    """Drop an address after translation that is the one before it."""
    for side in _SIDES:
        if f"{side}.nat.ip" not in record and f"{side}.nat.port" not in record:
            continue
        same_ip = record.get(f"{side}.nat.ip") in (None, record.get(f"{side}.ip"))
        port = record.get(f"{side}.nat.port")
        if port == 0:
            record.pop(f"{side}.nat.port")
        if same_ip and (not port or port == record.get(f"{side}.port")):
            record.pop(f"{side}.nat.ip", None)
            record.pop(f"{side}.nat.port", None)


def _set_verdict(record: dict[str, Any], dialect: Dialect, tokens: Tokens) -> None:
    rule = dialect.verdict
    for key in rule.tokens:
        word = _text_of(tokens, key).strip().lower()
        if not word or word in dialect.absent:
            continue
        record.setdefault("event.action", word)
        if word in rule.denied:
            record["event.type"], record["event.outcome"] = "denied", "failure"
            return
        if word in rule.failed:
            record["event.outcome"] = "failure"
            return
        if word in rule.passed:
            record["event.outcome"] = "success"
            return
    if record.get("dns.answers") and record.get("event.type") != "denied":
        record.setdefault("event.outcome", "success")
