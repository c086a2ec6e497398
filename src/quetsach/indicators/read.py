"""Reads lists from files and folders into one set of indicators, each with all its origins."""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec import structs

from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.indicators.compiled.list_file import is_compiled, open_compiled
from quetsach.indicators.formats.contract import FormReading, ListFile, ListFormat, ListRow
from quetsach.indicators.formats.registry import FORMS, forms_asked
from quetsach.indicators.indicator_columns import KEPT_TEXT, IndicatorColumns
from quetsach.indicators.indicator_set import IndicatorTable
from quetsach.indicators.model import (
    Indicator,
    IndicatorKind,
    IndicatorSet,
    ListReading,
    Origin,
    Refusal,
    merge_indicators,
)
from quetsach.indicators.options import ListOptions, RefusalReason
from quetsach.indicators.values import ParsedIndicators, ParsedValue, parse_value, with_port
from quetsach.texts import _

if TYPE_CHECKING:
    from quetsach.indicators.column_building import BulkRows

LARGEST_LIST = 512 * 1024 * 1024
"""The largest list, which is kept in memory while it is read; in bytes."""

_NO_LIST = (
    *(RefusalReason.UNPARSABLE, RefusalReason.MAIL_ADDRESS, RefusalReason.OTHER_KIND),
    RefusalReason.PATH_ONLY,
)
# "/gate.php?x=": one path, as requests write it. "//host/x" is a web address without its scheme.
_PATH = re.compile(r"/[^\s/][^\s]{2,1000}")
_TEXTS = ("prose", "document")
"""Forms of text: a file of such a form without any indicator is not a list."""

MOST_REFUSALS = 100_000
"""How many refused rows are kept with their text; `ListReading` counts all."""


@dataclass
class _Gathered:
    """What has been read so far; the few rows that repeat a key are kept in `again`.

    Shapes: `parts` are the rows of large lists, in the order of the lists.
    """

    forms: Sequence[ListFormat]
    indicators: IndicatorTable = field(default_factory=IndicatorTable)
    again: dict[tuple[IndicatorKind, str], list[Indicator]] = field(default_factory=dict)
    parts: list["BulkRows | IndicatorColumns"] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    readings: list[ListReading] = field(default_factory=list)
    compiled: list[tuple[str, str]] = field(default_factory=list)

    def add(self, indicator: Indicator) -> None:
        if indicator.key in self.indicators.beside(indicator.kind):
            self.again.setdefault((indicator.kind, indicator.key), []).append(indicator)
        else:
            self.indicators.put(indicator)

    def put_together(self) -> IndicatorTable:
        """Return all, the rows of a key merged into one indicator in the order of the lists."""
        places: dict[tuple[str, str], int] = {}
        for place, reading in enumerate(self.readings):
            places.setdefault((reading.list_name, reading.sha256), place)

        def order(indicator: Indicator) -> tuple[int, int]:
            origin = indicator.origins[0]
            # A release names the lists it was made from, which are not read here.
            return places.get((origin.list_name, origin.list_sha256), len(places)), origin.row

        columns = self._columns()
        table = IndicatorTable(columns=columns)
        for kind in IndicatorKind:
            for key, first in self.indicators.beside(kind).items():
                rows = [first, *self.again.get((kind, key), ())]
                stored = None if columns is None else columns.find(kind, key)
                if columns is not None and stored is not None:
                    rows = [*columns.separate(stored), *rows]
                table.put(first if len(rows) == 1 else _merged(sorted(rows, key=order)))
        return table

    def _columns(self) -> IndicatorColumns | None:
        if not self.parts:
            return None
        if len(self.parts) == 1 and isinstance(self.parts[0], IndicatorColumns):
            return self.parts[0]
        from quetsach.indicators.column_building import build_columns

        for part in self.parts:
            if isinstance(part, IndicatorColumns):
                for indicator in part.detailed():
                    self.add(indicator)
        return build_columns(self.parts)


def _merged(rows: Sequence[Indicator]) -> Indicator:
    # The same row comes twice where a release and its own list are both given.
    origins = tuple(dict.fromkeys(origin for indicator in rows for origin in indicator.origins))
    return structs.replace(reduce(merge_indicators, rows), origins=origins)


def read_lists(
    paths: Sequence[Path], options: ListOptions, forms: Sequence[ListFormat] = FORMS
) -> IndicatorSet:
    """Return the indicators of all lists under `paths`; a folder means every file in it.

    A file of a folder in which no row is an indicator (a SOURCES.md beside the list) is a reading
    of form "other".
    Errors: QuetsachError E202 for a path that cannot be read; E410 to E419 for a document, named
    by itself, of which nothing can be read.
    """
    gathered = _Gathered(forms)
    for file in given_files(paths):
        if file.leads_out:
            gathered.readings.append(_not_followed(file.name))
        else:
            _read_file(file.path, file.name, gathered, options, named=file.is_named)
    gathered.readings.extend(_unused_maps(gathered.readings, options))
    table = gathered.put_together()
    return IndicatorSet(
        table, tuple(gathered.refusals), tuple(gathered.readings), tuple(gathered.compiled)
    )


class GivenFile(NamedTuple):
    """A file that lists are read from: its name for people, and whether a person named it.

    A link in a folder that leads out of it is not followed.
    """

    path: Path
    name: str
    is_named: bool
    leads_out: bool = False


def given_files(paths: Iterable[Path]) -> Iterator[GivenFile]:
    """Yield the files of `paths`, and those of each folder, in the order in which they are read.

    Errors: E113 for a pipe.
    """
    for path in paths:
        if path.is_fifo():
            # A list is read more than once: the second time a pipe would be empty.
            raise QuetsachError("E113", str(path))
        if not path.is_dir():
            yield GivenFile(path, path.name, is_named=True)
            continue
        for file in files_of(path):
            name = file.relative_to(path).as_posix()
            yield GivenFile(file, name, is_named=False, leads_out=_leads_out(file, path))


def list_problems(indicator_set: IndicatorSet) -> list[Problem]:
    """Return what went wrong with lists: unread parts, and E203 for one without a valid row."""
    problems: list[Problem] = []
    for reading in indicator_set.readings:
        if reading.problems:
            problems.extend(reading.problems)
        elif not reading.taken and reading.form != "other":
            problems.append(Problem("E203", reading.list_name))
    return problems


def files_of(folder: Path) -> list[Path]:
    """Return every file below `folder`, in order, without hidden ones."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [path for path in files if not path.name.startswith(".")]


def _leads_out(path: Path, folder: Path) -> bool:
    """Return whether a link in a folder, which may be from an untrusted archive, leads outside."""
    return not path.resolve().is_relative_to(folder.resolve())


def _not_followed(name: str) -> ListReading:
    shown = os.fsencode(name).decode("utf-8", "replace")
    problem = Problem("E202", shown, {"reason": _("it is a link that leads out of the folder")})
    return ListReading(shown, "", "link", "", 0, 0, 0, (problem,))


def _read_file(
    path: Path, name: str, gathered: _Gathered, options: ListOptions, *, named: bool
) -> None:
    if is_compiled(path):
        _take_compiled(path, name, gathered, options)
        return
    raw = read_raw(path)
    list_name = os.fsencode(name).decode("utf-8", "replace")
    sha256 = hashlib.sha256(raw).hexdigest()
    file = ListFile(list_name, sha256, raw, path.suffix.lower(), named, options)
    form_reading = _form_of(file, gathered.forms)
    if form_reading is None:
        if named:
            raise QuetsachError("E202", list_name, reason=_("it is not a text file"))
        gathered.readings.append(ListReading(list_name, sha256, "binary", "", 0, 0, 0))
        return
    form, reading = form_reading
    if form == "document" and named and reading.problems and reading.rows == ():
        broken = reading.problems[0]
        raise QuetsachError(broken.code, broken.where, **broken.facts)
    refusals_before = len(gathered.refusals)
    if reading.bulk is not None:
        gathered.parts.append(reading.bulk)
    row_count, taken_count = _gather(reading.rows, file, gathered)
    if reading.bulk is not None:
        row_count, taken_count = row_count + len(reading.bulk), taken_count + len(reading.bulk)
    refused = gathered.refusals[refusals_before:]
    is_no_list = form in _TEXTS or all(refusal.reason in _NO_LIST for refusal in refused)
    if not taken_count and not named and is_no_list and not reading.problems:
        form = "other"
    gathered.readings.append(
        ListReading(
            list_name,
            sha256,
            form,
            reading.column,
            row_count,
            taken_count,
            row_count - taken_count,
            reading.problems,
            reading.sender,
        )
    )


def _take_compiled(path: Path, name: str, gathered: _Gathered, options: ListOptions) -> None:
    """Take the lists in a compiled file as if they were read here."""
    from quetsach.indicators.compiled.compiling import check_options

    compiled = open_compiled(path)
    check_options(compiled, options, name)
    gathered.parts.append(compiled.columns)
    gathered.readings += compiled.readings
    gathered.refusals += compiled.refusals
    gathered.compiled.append((name, compiled.sha256))


def _unused_maps(readings: Sequence[ListReading], options: ListOptions) -> list[ListReading]:
    """Return a reading with E217 for each given map that recognised no list."""
    used = {column_map.sender for column_map in readings}
    return [
        ListReading(
            column_map.sender, "", "column-map", "", 0, 0, 0, (Problem("E217", column_map.sender),)
        )
        for column_map in options.column_maps
        if column_map.sender not in used
    ]


def _form_of(file: ListFile, forms: Sequence[ListFormat]) -> tuple[str, FormReading] | None:
    for form in forms_asked(file, forms):
        reading = form.read(file)
        if reading is not None:
            return form.name, reading
    return None


def read_raw(path: Path) -> bytes:
    """Return the bytes of the list `path`.

    Errors: QuetsachError E202 where it cannot be read.
    """
    try:
        if path.stat().st_size > LARGEST_LIST:
            raise QuetsachError("E202", str(path), reason=_("it is larger than 512 MiB"))
        return path.read_bytes()
    except FileNotFoundError as err:
        raise QuetsachError("E202", str(path), reason=_("the file does not exist")) from err
    except OSError as err:
        raise QuetsachError("E202", str(path), reason=err.strerror or str(err)) from err


def _gather(rows: Iterable[ListRow], file: ListFile, gathered: _Gathered) -> tuple[int, int]:
    row_count = taken_count = 0
    for list_row in rows:
        row_count += 1
        if list_row.ready is not None:
            taken_count += 1
            gathered.add(list_row.ready)
            continue
        origin = Origin(
            file.name,
            file.sha256,
            list_row.number,
            list_row.text[:KEPT_TEXT],
            list_row.place,
            list_row.letter,
            list_row.claim,
            list_row.rule,
        )
        parsed = _judged(list_row, file.options)
        if parsed.reason is not None:
            if len(gathered.refusals) < MOST_REFUSALS:
                refused = "" if list_row.value == list_row.text else list_row.value[:KEPT_TEXT]
                gathered.refusals.append(Refusal(origin, parsed.reason, refused))
            continue
        taken_count += 1
        for parsed_value in parsed.values:
            gathered.add(_indicator(parsed_value, list_row, origin))
    return row_count, taken_count


def _judged(list_row: ListRow, options: ListOptions) -> ParsedIndicators:
    refused = list_row.refused
    if refused is RefusalReason.NOT_FOR_DETECTION and options.take_unmarked:
        refused = None
    if refused is None and _PATH.fullmatch(list_row.value):
        refused = RefusalReason.PATH_ONLY
    if refused is RefusalReason.PATH_ONLY and options.path_hosts:
        return _under_hosts(list_row.value, options)
    if refused is not None:
        return ParsedIndicators(reason=refused)
    parsed = parse_value(list_row.value, options)
    if list_row.rule is not None and any(
        parsed_value.kind is not IndicatorKind.NAME for parsed_value in parsed.values
    ):
        return ParsedIndicators(reason=RefusalReason.UNPARSABLE)
    return parsed


def _under_hosts(path: str, options: ListOptions) -> ParsedIndicators:
    """Return the web addresses that a path is on the hosts that a person named."""
    readings = [parse_value(f"http://{host}{path}", options) for host in options.path_hosts]
    values = tuple(parsed for reading in readings for parsed in reading.values)
    return ParsedIndicators(values) if values else readings[0]


def _indicator(parsed: ParsedValue, list_row: ListRow, origin: Origin) -> Indicator:
    whole = with_port(parsed, list_row.port)
    rule = whole.rule if list_row.rule is None else list_row.rule
    return Indicator(
        whole.key, whole.shown, whole.kind, rule, whole.port, list_row.claim, (origin,)
    )
