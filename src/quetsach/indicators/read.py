"""Reads lists from files and folders into one set of indicators, each with all its origins."""

import hashlib
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from msgspec import structs

from quetsach.errors import Problem, QuetsachError
from quetsach.indicators.csv_list import SAMPLE_LINES, csv_rows, sniff
from quetsach.indicators.decode import decode
from quetsach.indicators.hosts_file import hosts_rows, looks_like_hosts
from quetsach.indicators.model import (
    Indicator,
    IndicatorSet,
    Kind,
    ListReading,
    Origin,
    Refusal,
    Rule,
)
from quetsach.indicators.options import ListOptions, Reason
from quetsach.indicators.parse_value import Parsed, Value, parse_value, with_port
from quetsach.indicators.plain_list import plain_rows
from quetsach.indicators.rows import ListRow
from quetsach.texts import _

LARGEST_LIST = 512 * 1024 * 1024
"""A list is held in memory while it is read; in bytes."""

KEPT_TEXT = 200
"""How much of a row is kept with its indicator or refusal, in characters."""

_TABLES = (".csv", ".tsv")
_PROSE = (".md", ".adoc", ".rst", ".html", ".htm")


MOST_REFUSALS = 100_000
"""How many refused rows are kept with their text; `ListReading` counts all."""


@dataclass
class _Gathered:
    """What has been read so far; extra origins stand apart, for few indicators have any."""

    indicators: dict[Kind, dict[str, Indicator]] = field(
        default_factory=lambda: {kind: {} for kind in Kind}
    )
    more_origins: dict[tuple[str, Kind], list[Origin]] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    readings: list[ListReading] = field(default_factory=list)

    def add(self, indicator: Indicator, origin: Origin) -> None:
        of_kind = self.indicators[indicator.kind]
        known = of_kind.setdefault(indicator.key, indicator)
        if known is not indicator:
            of_kind[indicator.key] = _wider(known, indicator)
            self.more_origins.setdefault((indicator.key, indicator.kind), []).append(origin)


def read_lists(paths: Sequence[Path], options: ListOptions) -> IndicatorSet:
    """Return the indicators of all lists under `paths`; a folder stands for every file in it.

    A file of a folder in which no row is an indicator (a SOURCES.md beside the list) is a reading
    of form "other".
    Errors: QuetsachError E202 for a path that cannot be read.
    """
    gathered = _Gathered()
    for path in paths:
        if path.is_dir():
            for one in files_of(path):
                _read_file(one, one.relative_to(path).as_posix(), gathered, options, named=False)
        else:
            _read_file(path, path.name, gathered, options, named=True)
    for (key, kind), origins in gathered.more_origins.items():
        known = gathered.indicators[kind][key]
        gathered.indicators[kind][key] = structs.replace(
            known, origins=known.origins + tuple(origins)
        )
    every = (one for of_kind in gathered.indicators.values() for one in of_kind.values())
    ordered = sorted(every, key=lambda one: (one.key, one.kind))
    return IndicatorSet(tuple(ordered), tuple(gathered.refusals), tuple(gathered.readings))


def list_problems(indicator_set: IndicatorSet) -> list[Problem]:
    """Return E203 for each list that was meant as one and has no valid row."""
    return [
        Problem("E203", reading.list_name)
        for reading in indicator_set.readings
        if not reading.taken and reading.form != "other"
    ]


def files_of(folder: Path) -> list[Path]:
    """Return every file below `folder`, in order, without hidden ones."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return [path for path in found if not path.name.startswith(".")]


def _read_file(
    path: Path, name: str, gathered: _Gathered, options: ListOptions, *, named: bool
) -> None:
    raw = read_raw(path)
    list_name = os.fsencode(name).decode("utf-8", "replace")
    sha256 = hashlib.sha256(raw).hexdigest()
    text = decode(raw)
    del raw
    if text is None:
        if named:
            raise QuetsachError("E202", list_name, reason=_("it is not a text file"))
        gathered.readings.append(ListReading(list_name, sha256, "binary", "", 0, 0, 0))
        return
    form, column, rows = _rows(text, path.suffix.lower(), options)
    known = len(gathered.refusals)
    seen, taken = _gather(rows, (list_name, sha256), gathered, options)
    refused = gathered.refusals[known:]
    if not taken and not named and all(one.reason == Reason.UNPARSABLE for one in refused):
        form = "other"
    gathered.readings.append(
        ListReading(list_name, sha256, form, column, seen, taken, seen - taken)
    )


def read_raw(path: Path) -> bytes:
    """Return the bytes of the list `path`.

    Errors: QuetsachError E202 where it cannot be read.
    """
    try:
        if path.stat().st_size > LARGEST_LIST:
            raise QuetsachError("E202", str(path), reason=_("it is larger than 512 MiB"))
        return path.read_bytes()
    except FileNotFoundError as err:
        raise QuetsachError("E202", str(path), reason=_("there is no such file")) from err
    except OSError as err:
        raise QuetsachError("E202", str(path), reason=err.strerror or str(err)) from err


def _rows(text: str, suffix: str, options: ListOptions) -> tuple[str, str, Iterable[ListRow]]:
    """Return form, column and rows of a list."""

    def lines() -> Iterator[str]:
        return iter(io.StringIO(text))

    filled = (line for line in lines() if line.strip() and not line.startswith("#"))
    sample = [line[: KEPT_TEXT * 10] for line in islice(filled, SAMPLE_LINES)]
    if looks_like_hosts(sample):
        return "hosts", "", hosts_rows(lines())
    table = None
    if suffix not in _PROSE:
        table = sniff(sample, lambda cell: _is_value(cell, options), named_csv=suffix in _TABLES)
    if table is None or (table.value is None and suffix not in _TABLES):
        return "plain", "", plain_rows(lines())
    # "203.0.113.0/24 ; SBL1": the same sign begins a comment, and the plain list knows that.
    if table.delimiter == ";" and suffix not in _TABLES:
        good = sum(_is_value(row.value, options) for row in plain_rows(iter(sample)))
        if good >= table.good:
            return "plain", "", plain_rows(lines())
    return "csv", table.shown, csv_rows(lines(), table, options.zone)


def _is_value(cell: str, options: ListOptions) -> bool:
    # A private address or a public suffix is still what such a column holds.
    return parse_value(cell, options).reason not in (Reason.UNPARSABLE, Reason.EMPTY)


def _gather(
    rows: Iterable[ListRow],
    source: tuple[str, str],
    gathered: _Gathered,
    options: ListOptions,
) -> tuple[int, int]:
    seen = taken = 0
    for row in rows:
        seen += 1
        origin = Origin(*source, row.number, row.text[:KEPT_TEXT])
        parsed = _judged(row, options)
        if parsed.reason is not None:
            if len(gathered.refusals) < MOST_REFUSALS:
                gathered.refusals.append(Refusal(origin, parsed.reason))
            continue
        taken += 1
        for value in parsed.values:
            gathered.add(_indicator(value, row, origin), origin)
    return seen, taken


def _judged(row: ListRow, options: ListOptions) -> Parsed:
    if row.of_other_kind:
        return Parsed(reason=Reason.UNPARSABLE)
    parsed = parse_value(row.value, options)
    if row.rule is not None and any(one.kind is not Kind.NAME for one in parsed.values):
        return Parsed(reason=Reason.UNPARSABLE)
    return parsed


def _indicator(value: Value, row: ListRow, origin: Origin) -> Indicator:
    whole = with_port(value, row.port)
    return Indicator(
        whole.key,
        whole.shown,
        whole.kind,
        whole.rule if row.rule is None else row.rule,
        whole.port,
        row.label,
        row.valid_from_us,
        row.valid_until_us,
        (origin,),
    )


def _wider(known: Indicator, other: Indicator) -> Indicator:
    """Return `known` as wide as both: what one list says must not narrow another."""
    spans = (known.valid_from_us, known.valid_until_us), (other.valid_from_us, other.valid_until_us)
    if spans[0] == spans[1] and known.rule is other.rule and (known.label or not other.label):
        return known
    starts, ends = (
        (known.valid_from_us, other.valid_from_us),
        (known.valid_until_us, other.valid_until_us),
    )
    return structs.replace(
        known,
        rule=Rule.BELOW if other.rule is Rule.BELOW else known.rule,
        label=known.label or other.label,
        valid_from_us=None if None in starts else min(one for one in starts if one is not None),
        valid_until_us=None if None in ends else max(one for one in ends if one is not None),
    )
