"""Sightings as the fold gets them, made for tests: row by row, and the same in columns."""

from collections.abc import Iterator, Sequence
from typing import Any

from quetsach.arrays import np
from quetsach.attribution.model import (
    AttributionStep,
    Certainty,
    RecordPlace,
    RivalDevice,
    StepKind,
)
from quetsach.attribution.questions import Attribution, SightingRole
from quetsach.findings.met_indicator import ClaimedOfIndicator, MentionedLine, SightedIndicator
from quetsach.findings.row_groups import SightingRow
from quetsach.findings.sighting_columns import NOTHING, SightingColumns
from quetsach.scanning.grades import SightingGrade

SECOND_US = 1_000_000
START_US = 1_662_940_800 * SECOND_US
"""2022-09-12 07:00 at +07:00."""


def number_of(digits: str) -> str:
    """Return the number of a sighting that ends with these hex digits."""
    return digits.rjust(16, "0")


def row(number: str, **more: Any) -> SightingRow:
    """Return a sighting of 203.0.113.77 by 10.0.0.5; `more` says what is otherwise."""
    address = more.pop("address", "10.0.0.5")
    device = more.pop("device", address)
    sure, role = more.pop("sure", Certainty.LIKELY), more.pop("role", SightingRole.CLIENT)
    rivals = tuple(
        RivalDevice(one, "reason", RecordPlace("dhcp.log", int(number, 16)))
        for one in more.pop("rivals", ())
    )
    key = more.pop("key", "203.0.113.77")
    told = {
        name: more.pop(name) for name in ("lack", "override", "evidence_device") if name in more
    }
    met = {
        "shown": key,
        "type": "address",
        "label": "",
        "list_name": "list.txt",
        "list_row": 1,
        "allow": (),
        "claimed": ClaimedOfIndicator(),
    }
    values: dict[str, Any] = {
        "number": int(number, 16),
        "attribution": Attribution(
            device, address, "", "", sure, rivals, role, _steps(number), **told
        ),
        "met": SightedIndicator(key=key, **{name: more.pop(name, met[name]) for name in met}),
        "grade": SightingGrade.CONNECTED,
        "is_connection": True,
        "port": 443,
        "when_us": START_US,
        "window": "",
        "confidence_then": None,
        "program": "",
        "place": MentionedLine("a.log", int(number, 16), "", "zeek.conn"),
    }
    return SightingRow(**{**values, **more})


def _steps(number: str) -> tuple[AttributionStep, ...]:
    place = RecordPlace("dhcp.log", int(number, 16))
    return (AttributionStep(StepKind.LEASE, "10.0.0.5", "PC", Certainty.LIKELY, place=place),)


class RowsInColumns:
    """Gives rows as columns, batch after batch of one sweep."""

    def __init__(self) -> None:
        self._answers: dict[int, Attribution] = {}
        self._who: dict[Attribution, int] = {}
        self._indicators: list[SightedIndicator] = []
        self._texts: list[str] = []

    def batch(self, rows: Sequence[SightingRow]) -> SightingColumns:
        """Return the next rows of the sweep."""
        places = [one.place for one in rows]
        return SightingColumns(
            np.array([one.number for one in rows], np.uint64),
            np.array([self._answer(one.attribution) for one in rows], np.int64),
            np.array([_place(self._indicators, one.met) for one in rows], np.int64),
            np.array([one.grade.rank for one in rows], np.int64),
            np.array([one.is_connection for one in rows], np.int64),
            *(_numbers(getattr(one, name) for one in rows) for name in ("port", "when_us")),
            self._codes(one.window for one in rows),
            _numbers(one.confidence_then for one in rows),
            self._codes(one.program for one in rows),
            np.array([_place(self._texts, one.path) for one in places], np.int64),
            np.array([one.offset for one in places], np.int64),
            self._answers,
            self._indicators,
            self._texts,
            lambda number: (places[number].text, places[number].dataset),
        )

    def _answer(self, attribution: Attribution) -> int:
        number = self._who.setdefault(attribution, len(self._who))
        self._answers[number] = attribution
        return number

    def _codes(self, texts: Iterator[str]) -> Any:
        return _numbers(_place(self._texts, one) if one else None for one in texts)


def _place(known: list[Any], value: Any) -> int:
    if value not in known:
        known.append(value)
    return known.index(value)


def _numbers(values: Iterator[int | None]) -> Any:
    return np.array([NOTHING if one is None else one for one in values], np.int64)
