"""Saved column maps of evidence: what the columns of an office's own table are.

A map is a TOML file, as docs/captures.md shows. Each row of a table that has all its headings
becomes an event of ours with the row beside it, so that nothing of the row is lost.
"""

import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from quetsach.clocks import Zone
from quetsach.errors.exceptions import QuetsachError
from quetsach.formats.shared.ecs_fields import CONVERT, WHO_IT_WAS
from quetsach.formats.shared.peeling import LineLayer
from quetsach.formats.shared.text_lines import UNKNOWN
from quetsach.formats.shared.times import Order
from quetsach.indicators.options import plain_heading, text_of_evidence_map
from quetsach.texts import _

if TYPE_CHECKING:
    from quetsach.formats.dialects.dialect import Dialect

DATASET = "table."
"""Begins the data set of every row that a map reads; the name of the map follows."""

_WHEN = "@timestamp"
_ROW = "table.row"
_MIDNIGHT = "T00:00:00"


class TableVerdicts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The column that says what was done with a contact, and its words."""

    column: str
    denied: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()


class TableMap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the columns of one kind of table are.

    Shapes: `table` is its name; a table with all `headings` is one of its kind. `fields` are names
    of the schema with the heading that holds each; a time may be in several, which are joined.
    `zone` "" is that of the sweep; `persons` are headings of columns that name a person.
    """

    table: str
    headings: tuple[str, ...]
    fields: dict[str, str | tuple[str, ...]]
    zone: str = ""
    date_order: Order | None = None
    persons: tuple[str, ...] = ()
    verdict: TableVerdicts | None = None


@dataclass(frozen=True)
class ReadyMap:
    """A map, ready to read rows."""

    headings: frozenset[str]
    dialect: "Dialect"
    zone: ZoneInfo | None
    persons: frozenset[str]

    def fits(self, names: Collection[str]) -> bool:
        """Return whether a table with columns called `names` is of this kind."""
        return self.headings <= {_key(name) for name in names}

    def lacking(self, names: Collection[str]) -> list[str]:
        """Return the headings for the time, and those for who it was, that `names` do not have.

        One of several columns for who it was is enough. A column that is empty counts as absent.
        """
        there = {_key(name) for name in names}
        when = [heading for parts in self.dialect.time.tokens for heading in parts]
        who = [each for name in WHO_IT_WAS for each in self.dialect.fields.get(name, ())]
        lost = [heading for heading in when if heading not in there]
        return lost if there.intersection(who) else [*lost, *dict.fromkeys(who)]

    def event_of(self, row: Mapping[str, Any], zone: Zone) -> dict[str, Any] | None:
        """Return the event of a row, None where it names nobody and nothing.

        `zone` applies to times without an offset where the map names no zone.
        """
        from quetsach.formats.dialects.reading import read_layer

        cells = {_key(name): cell for name, cell in row.items()}
        for parts in self.dialect.time.tokens:
            first = cells.get(parts[0])
            if len(parts) > 1 and isinstance(first, str):
                # A cell with a day alone is a time at midnight in some workbooks.
                cells[parts[0]] = first.removesuffix(_MIDNIGHT)
        record = read_layer(
            self.dialect, LineLayer("", "", document=cells), self.zone or zone, None
        )
        if record is None or record["event.dataset"] == UNKNOWN:
            return None
        if self.zone is not None:
            record.pop("event.timezone", None)
        if "host.name" in record:
            record.setdefault("quetsach.host.end", "source")
        shown = {name: cell for name, cell in row.items() if _key(name) not in self.persons}
        persons = [str(cell) for name, cell in row.items() if _key(name) in self.persons]
        return {**record, **({"user.name": persons[0]} if persons else {}), _ROW: shown}

    def untold(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return a row that names nobody and nothing as an event that is looked through."""
        return {"event.dataset": self.dialect.dataset, "event.type": "info", _ROW: dict(row)}


def table_map_of(text: str, name: str) -> TableMap:
    """Return the map that the TOML `text` writes; `name` is that of its file.

    Errors: QuetsachError E133 where it has an unknown key or field, or lacks a heading.
    """
    try:
        table_map = msgspec.convert(tomllib.loads(text), TableMap)
    except (ValueError, msgspec.ValidationError, RecursionError) as err:
        raise QuetsachError("E133", name, reason=str(err)) from err
    unknown = [field for field in table_map.fields if field not in CONVERT and field != _WHEN]
    if unknown:
        reason = _("%(field)s is no field that a column can fill") % {"field": unknown[0]}
        raise QuetsachError("E133", name, reason=reason)
    if not table_map.table.strip() or not table_map.headings:
        raise QuetsachError("E133", name, reason=_("table and headings are needed"))
    try:
        mapped(table_map)
    except (ZoneInfoNotFoundError, ValueError, OSError) as err:
        raise QuetsachError("E133", name, reason=str(err)) from err
    return table_map


def split_maps(paths: Iterable[Path]) -> tuple[list[Path], list[TableMap]]:
    """Return the files among `paths` that are no maps of evidence, and the maps of those that are.

    Shapes: a folder means every `.toml` file in it; one without any stays as it is.
    Order: as named; within a folder by name.
    Errors: QuetsachError E133.
    """
    others: list[Path] = []
    maps: list[TableMap] = []
    for path in paths:
        for file in (sorted(path.glob("*.toml")) or [path]) if path.is_dir() else [path]:
            text = text_of_evidence_map(file)
            if text is None:
                others.append(file)
            else:
                maps.append(table_map_of(text, str(file)))
    return others, maps


def mapped(table_map: TableMap) -> ReadyMap:
    """Return the map ready to read rows. Errors: ZoneInfoNotFoundError, ValueError."""
    fields = {
        field: tuple(map(_key, _several(heading)))
        for field, heading in sorted(table_map.fields.items())
        if field != _WHEN
    }
    from quetsach.formats.dialects.dialect import Dialect, LineSignature, TimeRule, VerdictRule

    when = tuple(map(_key, _several(table_map.fields.get(_WHEN, ()))))
    marks = table_map.verdict
    verdict = VerdictRule()
    if marks is not None:
        words = (marks.denied, marks.failed, marks.passed)
        lower = (frozenset(word.strip().lower() for word in several) for several in words)
        verdict = VerdictRule((_key(marks.column),), *lower)
    dialect = Dialect(
        name=table_map.table,
        title=table_map.table,
        reads="",
        source="",
        dataset=DATASET + table_map.table.strip()[:50],
        kind="json",
        signature=LineSignature(),
        time=TimeRule(tokens=(when,) if when else (), order=table_map.date_order),
        fields=fields,
        verdict=verdict,
    )
    return ReadyMap(
        frozenset(map(_key, table_map.headings)),
        dialect,
        ZoneInfo(table_map.zone) if table_map.zone else None,
        frozenset(map(_key, table_map.persons)),
    )


def _key(heading: str) -> str:
    """Return a heading as it is compared; a dot in it would be a path into a document."""
    return plain_heading(heading).replace(".", "\u00b7")


def _several(heading: str | Sequence[str]) -> Sequence[str]:
    return (heading,) if isinstance(heading, str) else heading
