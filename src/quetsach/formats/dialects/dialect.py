"""What a dialect is: the content of one TOML file, checked key by key when it is loaded.

The keys are described in docs/dialects.md.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Literal, get_args

from quetsach.formats.dialects.patterns import GuardedPattern
from quetsach.formats.shared.ecs_fields import CONVERT
from quetsach.formats.shared.times import Order
from quetsach.sieve.contract import LineClock

Kind = Literal["pairs", "cef", "leef", "columns", "json", "regex"]
"""How a line is cut into tokens."""

ZoneRule = Literal["utc", "local", "in-line"]
"""Whose clock a time without an offset follows: UTC by definition, the device's own zone; or
each time carries its zone."""

Promise = Literal["time", "client"]
"""What each record of a form tells, unless the log was cut down: when, and who."""

TIME_FIELDS = ("event.start", "event.end")
PLAIN_FIELDS = ("event.type", "event.dataset", "quetsach.lease.act", "quetsach.host.end")


class DialectError(Exception):
    """A dialect file is wrong; the message says where and what."""


@dataclass(frozen=True)
class LineSignature:
    """What tells the dialect: literals that a message holds, a pattern, programs of a head."""

    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    regex: re.Pattern[str] | None = None
    program: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class TimeRule:
    """Where the time is: each of `tokens` is one or more tokens that are joined by a blank."""

    tokens: tuple[tuple[str, ...], ...] = ()
    zone: ZoneRule = "local"
    zone_token: str = ""
    order: Order | None = None


@dataclass(frozen=True)
class DerivedTokens:
    """Tokens that a pattern with named groups takes out of another token."""

    source: str
    regex: GuardedPattern


@dataclass(frozen=True)
class ListRule:
    """A field of several values: what the first group of a pattern finds in a token, each time."""

    source: str
    regex: re.Pattern[str]


@dataclass(frozen=True)
class VerdictRule:
    """What was done with the contact: values, in lower case, of the first token there is."""

    tokens: tuple[str, ...] = ()
    denied: frozenset[str] = frozenset()
    failed: frozenset[str] = frozenset()
    passed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class DirectionRule:
    """Which end is meant where a log writes local and remote: the values for reached from outside.

    Shapes: where `token` has one of `inbound`, source and destination change places.
    """

    token: str = ""
    inbound: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Variant:
    """What holds for some messages only: the first whose conditions all hold applies."""

    when: tuple[tuple[str, re.Pattern[str]], ...]
    dataset: str = ""
    type: str = ""
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    const: Mapping[str, str] = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    no_contact: bool = False
    own: tuple[str, ...] | None = None


@dataclass(frozen=True)
class UrlRule:
    """The tokens of the host and of the path of a request, and the scheme where none is told.

    Shapes: with `needs_path` a host alone is no requested page.
    """

    host: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    scheme: str = "http"
    needs_path: bool = False


@dataclass(frozen=True)
class Dialect:
    """One form of log lines, as data.

    Shapes: `own` are the tokens of the address of the device that wrote the line; where there are
    any, a source that has this address, or that of the head, is none.
    """

    name: str
    title: str
    reads: str
    source: str
    dataset: str
    kind: Kind
    signature: LineSignature
    time: TimeRule = field(default_factory=TimeRule)
    order: int = 50
    type: str = "connection"
    separator: str = ","
    assign: str = "="
    columns: tuple[str, ...] = ()
    patterns: tuple[GuardedPattern, ...] = ()
    derived: tuple[DerivedTokens, ...] = ()
    absent: frozenset[str] = frozenset({"", "-", "N/A", "n/a", "none", "null"})
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    const: Mapping[str, str] = field(default_factory=dict)
    split: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    find: Mapping[str, ListRule] = field(default_factory=dict)
    milliseconds: tuple[str, ...] = ()
    url: UrlRule = field(default_factory=UrlRule)
    verdict: VerdictRule = field(default_factory=VerdictRule)
    direction: DirectionRule = field(default_factory=DirectionRule)
    variants: tuple[Variant, ...] = ()
    persons: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    clock: LineClock | None = None
    marker: bytes | None = None
    translates: bool = False
    promises: tuple[Promise, ...] | None = None


_OF_ANOTHER_FORM = (ValueError, TypeError, AttributeError, OverflowError, RecursionError)
"""What a value that is no text, list or table ends with, where no check has named it before."""


def load(text: str, where: str) -> Dialect:
    """Return the dialect that a TOML file describes.

    Errors: DialectError for a key that is unknown, missing or of another form than it must have.
    """
    try:
        return _Reader(tomllib.loads(text), where).dialect()
    except _OF_ANOTHER_FORM as error:
        raise DialectError(f"{where}: {error}") from error


_PLAIN = ("name", "title", "reads", "source", "dataset", "kind")


class _Reader:
    """One file on its way to a dialect: what is taken is counted, the rest is an error."""

    def __init__(self, table: dict[str, Any], where: str) -> None:
        self.table, self.where = table, where

    def fail(self, what: str) -> DialectError:
        return DialectError(f"{self.where}: {what}")

    def dialect(self) -> Dialect:
        table = self.table
        named: dict[str, Any] = {key: self.text(table, key) for key in _PLAIN}
        if named["kind"] not in get_args(Kind):
            raise self.fail(f"kind: {named['kind']} is none of {', '.join(get_args(Kind))}")
        time = self.section("time")
        verdict, url, direction = (
            self.section("verdict"),
            self.section("url"),
            self.section("direction"),
        )
        absent = table.pop("absent", None)
        parts: dict[str, Any] = {
            "signature": self.signature(self.section("signature")),
            "time": self.time(time),
            "columns": tuple(table.pop("columns", ())),
            "patterns": self.patterns(table.pop("parts", {}), table.pop("patterns", ())),
            "derived": tuple(map(self.derivation, table.pop("derive", ()))),
            "fields": self.fields(table.pop("fields", {})),
            "const": self.constants(table.pop("const", {})),
            "split": {key: self.pattern(one) for key, one in table.pop("split", {}).items()},
            "find": {key: self.list_rule(one) for key, one in table.pop("find", {}).items()},
            "milliseconds": tuple(table.pop("milliseconds", ())),
            "url": UrlRule(
                self.texts(url, "host"),
                self.texts(url, "path"),
                url.pop("scheme", "http"),
                bool(url.pop("needs_path", False)),
            ),
            "verdict": VerdictRule(
                self.texts(verdict, "tokens"),
                *(frozenset(self.texts(verdict, key)) for key in ("denied", "failed", "passed")),
            ),
            "direction": DirectionRule(
                direction.pop("token", ""), frozenset(self.texts(direction, "inbound"))
            ),
            "variants": tuple(map(self.variant, table.pop("variant", ()))),
            "persons": tuple(table.pop("persons", ())),
            "own": self.texts(table, "own"),
            "clock": self.clock(self.section("clock")),
            "promises": self.promises(),
            "marker": table.pop("marker").encode() if "marker" in table else None,
        }
        if absent is not None:
            parts["absent"] = frozenset({"", *absent})
        for key, kind in (
            ("order", int),
            ("type", str),
            ("separator", str),
            ("assign", str),
            ("translates", bool),
        ):
            if key in table:
                parts[key] = table.pop(key)
                if not isinstance(parts[key], kind):
                    raise self.fail(f"{key}: not of the type {kind.__name__}")
        for rest in (table, time, verdict, url, direction):
            if rest:
                raise self.fail(f"unknown key: {', '.join(rest)}")
        return Dialect(**named, **parts)

    def promises(self) -> tuple[str, ...] | None:
        if "promises" not in self.table:
            return None
        promised = self.texts(self.table, "promises")
        if not {*promised} <= {*get_args(Promise)}:
            raise self.fail(f"promises: only {' and '.join(get_args(Promise))} can be promised")
        return promised

    def section(self, key: str) -> dict[str, Any]:
        table = self.table.pop(key, {})
        if not isinstance(table, dict):
            raise self.fail(f"{key}: not a table, [{key}]")
        return table

    def text(self, table: dict[str, Any], key: str) -> str:
        text = table.pop(key, None)
        if not isinstance(text, str) or not text:
            raise self.fail(f"{key} is missing")
        return text

    def texts(self, table: dict[str, Any], key: str) -> tuple[str, ...]:
        several = table.pop(key, ())
        several = [several] if isinstance(several, str) else several
        if not all(isinstance(one, str) for one in several):
            raise self.fail(f"{key}: not a list of texts")
        return tuple(several)

    def pattern(self, text: str, flags: int = 0) -> re.Pattern[str]:
        try:
            return re.compile(text, flags)
        except re.error as error:
            raise self.fail(f"{text}: {error}") from error

    def patterns(self, parts: dict[str, str], texts: list[str]) -> tuple[GuardedPattern, ...]:
        """Return the patterns, in which `<<name>>` stands for the part of that name."""
        filled = []
        for text in texts:
            whole = text
            for name, part in parts.items():
                whole = whole.replace(f"<<{name}>>", part)
            filled.append(GuardedPattern(self.pattern(whole)))
        return tuple(filled)

    def signature(self, table: dict[str, Any]) -> LineSignature:
        regex = table.pop("regex", None)
        lists = {key: self.texts(table, key) for key in ("all", "any", "none", "program", "keys")}
        if table:
            raise self.fail(f"signature: unknown key: {', '.join(table)}")
        signature = LineSignature(regex=None if regex is None else self.pattern(regex), **lists)
        if signature == LineSignature():
            raise self.fail("signature is missing")
        return signature

    def time(self, table: dict[str, Any]) -> TimeRule:
        tokens = tuple(
            (one,) if isinstance(one, str) else tuple(one) for one in table.pop("tokens", ())
        )
        rule = TimeRule(
            tokens,
            table.pop("zone", "local"),
            table.pop("zone_token", ""),
            table.pop("order", None),
        )
        if rule.zone not in get_args(ZoneRule) or rule.order not in (None, *get_args(Order)):
            zones, orders = get_args(ZoneRule), get_args(Order)
            raise self.fail(f"time: zone is one of {', '.join(zones)}; order {' or '.join(orders)}")
        return rule

    def derivation(self, table: dict[str, Any]) -> DerivedTokens:
        source, regex = self.text(table, "from"), self.pattern(self.text(table, "regex"))
        if table or not regex.groupindex:
            raise self.fail("derive: `from` and a `regex` with named groups")
        return DerivedTokens(source, GuardedPattern(regex))

    def list_rule(self, table: dict[str, Any]) -> ListRule:
        rule = ListRule(self.text(table, "from"), self.pattern(self.text(table, "regex")))
        if table or rule.regex.groups != 1:
            raise self.fail("find: `from` and a `regex` with one group")
        return rule

    def fields(self, table: dict[str, Any]) -> dict[str, tuple[str, ...]]:
        fields = {key: self.texts(dict(table), key) for key in table}
        for key in fields:
            if key not in CONVERT and key not in TIME_FIELDS:
                near = get_close_matches(key, [*CONVERT, *TIME_FIELDS], 3)
                raise self.fail(
                    f"fields: {key} is no field of docs/schema.md that a log can fill"
                    + (f"; near it are {', '.join(near)}" if near else "")
                )
        return fields

    def constants(self, table: dict[str, Any]) -> dict[str, str]:
        for key, text in table.items():
            if not isinstance(text, str) or (key not in CONVERT and key not in PLAIN_FIELDS):
                raise self.fail(f"const: {key}")
        return dict(table)

    def variant(self, table: dict[str, Any]) -> Variant:
        conditions = table.pop("when", {})
        variant = Variant(
            tuple((key, self.condition(text)) for key, text in conditions.items()),
            table.pop("dataset", ""),
            table.pop("type", ""),
            self.fields(table.pop("fields", {})),
            self.constants(table.pop("const", {})),
            self.texts(table, "drop"),
            bool(table.pop("no_contact", False)),
            self.texts(table, "own") if "own" in table else None,
        )
        if table:
            raise self.fail(f"variant: unknown key: {', '.join(table)}")
        return variant

    def condition(self, values: str | list[str]) -> re.Pattern[str]:
        """Return the pattern of a value, or of one of several values; `~` begins a pattern."""
        if isinstance(values, str) and values.startswith("~"):
            return self.pattern(values[1:], re.IGNORECASE)
        several = [values] if isinstance(values, str) else values
        return re.compile(rf"(?:{'|'.join(map(re.escape, several))})\Z", re.IGNORECASE)

    def clock(self, table: dict[str, Any]) -> LineClock | None:
        if not table:
            return None
        clock = LineClock(
            table.pop("needle", "").encode(),
            table.pop("epoch", False),
            table.pop("length", 0),
            table.pop("client", "").encode(),
        )
        if table or clock.epoch == bool(clock.length):
            raise self.fail("clock: a needle, and either epoch or a length")
        return clock
