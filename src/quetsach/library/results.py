"""What the calls of the Python interface give: findings, lists and parsed lines, for notebooks."""

import shutil
import weakref
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Loaded whole, so that tables can go on to pandas and NumPy.
import pyarrow as pa
import pyarrow.parquet as pq

from quetsach.api.findings import Findings
from quetsach.errors.exceptions import QuetsachError
from quetsach.findings.folder import SIGHTINGS
from quetsach.indicators.model import IndicatorSet, Refusal
from quetsach.library.records import DeviceDict, NotBlamedDict, RefusedDict, UnreadDict

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl  # type: ignore[import-not-found, unused-ignore]

MOST_SHOWN = 20
"""So many rows a notebook shows of a table."""

_INDICATORS = pa.schema(
    [
        ("key", pa.string()),
        ("shown", pa.string()),
        ("kind", pa.string()),
        ("rule", pa.string()),
        ("port", pa.int32()),
        ("family", pa.string()),
        ("lists", pa.list_(pa.string())),
    ]
)

_EVENT_COLUMNS = (
    "@timestamp",
    "event.dataset",
    "source.ip",
    "destination.ip",
    "destination.port",
    "dns.question.name",
    "url.full",
)
"""What a notebook shows of an event."""


@dataclass(frozen=True, repr=False)
class FindingsFolder:
    """Findings of a sweep, opened for programs.

    Shapes: `folder` is where they lie; `temporary` the folder that goes with this object, where
    `sweep` was given no `out`.
    """

    findings: Findings
    temporary: Path | None = None

    def __post_init__(self) -> None:
        """See to it that a temporary folder goes with the object."""
        if self.temporary is not None:
            weakref.finalize(self, shutil.rmtree, self.temporary, ignore_errors=True)

    @property
    def folder(self) -> Path:
        """The findings folder."""
        return self.findings.folder

    @property
    def summary(self) -> dict[str, Any]:
        """The counts of the sweep, as `quetsach sweep --json` prints them."""
        summary: dict[str, Any] = self.findings.manifest["summary"]
        return summary

    @cached_property
    def sightings(self) -> pa.Table:
        """One row a record that meets an indicator; docs/schema.md has the columns and units.

        Errors: QuetsachError E305 where the file is damaged.
        """
        path = self.folder / SIGHTINGS
        try:
            return pq.read_table(path)
        except (pa.ArrowException, OSError) as error:
            raise QuetsachError("E305", str(path), reason=type(error).__name__) from error

    @property
    def devices(self) -> list[DeviceDict]:
        """The machines, each with how surely it is named, its steps and indicators."""
        return list(self.findings.devices["devices"])

    @property
    def not_blamed(self) -> list[NotBlamedDict]:
        """Machines that asked for others, or were reached from outside: shown, not blamed."""
        return list(self.findings.devices["not_blamed"])

    @property
    def coverage(self) -> dict[str, Any]:
        """What was looked at, source by source: without it no zero means anything."""
        return self.findings.coverage

    @property
    def unread(self) -> list[UnreadDict]:
        """What could not be read: code, path, what happened and what to do."""
        return list(self.summary["unread"])

    @property
    def is_complete(self) -> bool:
        """Whether all that was given was read; where it is False, nothing found proves little."""
        return not self.unread and not any(source["rejects"] for source in self.coverage["sources"])

    def to_pandas(self) -> "pd.DataFrame":
        """Return the sightings as a pandas DataFrame. Errors: ImportError without pandas."""
        return self.sightings.to_pandas()

    def to_polars(self) -> "pl.DataFrame":
        """Return the sightings as a Polars DataFrame. Errors: ImportError without Polars."""
        return _to_polars(self.sightings)

    def __len__(self) -> int:
        """Return the number of sightings."""
        return int(self.sightings.num_rows)

    def __repr__(self) -> str:
        """Return the counts in a line."""
        unread = "" if self.is_complete else ", not all was read"
        counts = f"{len(self)} sightings, {len(self.devices)} devices"
        return f"<FindingsFolder {str(self.folder)!r}: {counts}{unread}>"

    def _repr_html_(self) -> str:
        """Return the machines as a table for a notebook; every text is escaped."""
        rows = (
            (
                device["device"],
                device["grade"],
                _unit_of(device),
                len(device["indicators"]),
            )
            for device in self.devices
        )
        heads = ("device", "grade", "unit", "indicators")
        return _html_table(repr(self), heads, rows, len(self.devices))


@dataclass(frozen=True, repr=False)
class IndicatorList:
    """Lists as they were read: what became an indicator, and each row that was refused."""

    indicators: IndicatorSet

    @cached_property
    def table(self) -> pa.Table:
        """One row an indicator: key, shown, kind, rule, port, family, lists."""
        rows = [
            {
                "key": indicator.key,
                "shown": indicator.shown,
                "kind": str(indicator.kind),
                "rule": str(indicator.rule),
                "port": indicator.port,
                "family": indicator.label,
                "lists": sorted({origin.list_name for origin in indicator.origins}),
            }
            for indicator in self.indicators.indicators
        ]
        return pa.Table.from_pylist(rows, schema=_INDICATORS)

    @property
    def refused(self) -> list[RefusedDict]:
        """Each row that became no indicator: list, row, reason, text."""
        return [_refused(refusal) for refusal in self.indicators.refusals]

    def to_pandas(self) -> "pd.DataFrame":
        """Return the table as a pandas DataFrame. Errors: ImportError without pandas."""
        return self.table.to_pandas()

    def to_polars(self) -> "pl.DataFrame":
        """Return the table as a Polars DataFrame. Errors: ImportError without Polars."""
        return _to_polars(self.table)

    def __len__(self) -> int:
        """Return the number of indicators."""
        return len(self.indicators.indicators)

    def __iter__(self) -> Iterator[str]:
        """Yield the key of each indicator, in their order."""
        return (indicator.key for indicator in self.indicators.indicators)

    def __contains__(self, key: object) -> bool:
        """Return whether an indicator has this very key."""
        return key in self._keys

    @cached_property
    def _keys(self) -> frozenset[str]:
        return frozenset(self)

    def __repr__(self) -> str:
        """Return the counts in a line."""
        return f"<IndicatorList: {len(self)} indicators, {len(self.refused)} rows refused>"

    def _repr_html_(self) -> str:
        """Return the first rows as a table for a notebook; every text is escaped."""
        first = self.table.slice(0, MOST_SHOWN).to_pylist()
        rows = ((row["shown"], row["kind"], row["family"]) for row in first)
        return _html_table(repr(self), ("indicator", "kind", "family"), rows, len(self))


@dataclass(frozen=True, repr=False)
class ParsedText:
    """Log lines as events: `format` names how they were read.

    Shapes: `events` has the columns of docs/schema.md (an event), and `log.offset`, the byte at
    which the line begins; `rejects` are (offset, reason) of lines that could not be read; `skipped`
    counts blank lines, comments and headers.
    """

    format: str
    events: pa.Table
    rejects: tuple[tuple[int, str], ...]
    skipped: int

    def to_pandas(self) -> "pd.DataFrame":
        """Return the events as a pandas DataFrame. Errors: ImportError without pandas."""
        return self.events.to_pandas()

    def to_polars(self) -> "pl.DataFrame":
        """Return the events as a Polars DataFrame. Errors: ImportError without Polars."""
        return _to_polars(self.events)

    def __len__(self) -> int:
        """Return the number of events."""
        return int(self.events.num_rows)

    def __repr__(self) -> str:
        """Return the counts in a line."""
        counts = f"{len(self)} events, {len(self.rejects)} rejected, {self.skipped} skipped"
        return f"<ParsedText {self.format}: {counts}>"

    def _repr_html_(self) -> str:
        """Return the first events as a table for a notebook; every text is escaped."""
        rows = self.events.select(_EVENT_COLUMNS).slice(0, MOST_SHOWN).to_pylist()
        shown = (
            ["" if row[name] is None else row[name] for name in _EVENT_COLUMNS] for row in rows
        )
        return _html_table(repr(self), _EVENT_COLUMNS, shown, len(self))


def _unit_of(device: DeviceDict) -> str:
    place = device["place"]
    return "" if place is None else place["unit_name"] or place["unit"]


def _to_polars(table: pa.Table) -> "pl.DataFrame":
    import polars as pl

    return pl.DataFrame(table)


def _refused(refusal: Refusal) -> RefusedDict:
    origin = refusal.origin
    return {
        "list": origin.list_name,
        "row": origin.row,
        "reason": str(refusal.reason),
        "text": refusal.value or origin.text,
    }


def _html_table(
    caption: str, heads: Sequence[str], rows: Iterable[Sequence[object]], total: int
) -> str:
    """Return the first of `total` rows as HTML, and how many more there are."""
    shown = [
        f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>"
        for row in islice(rows, MOST_SHOWN)
    ]
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    foot = f"<p>{total - len(shown)} more</p>" if total > len(shown) else ""
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(shown)}</tbody></table>{foot}"
    )
