"""One figure of a report, with all that it is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from quetsach.forms.definition import Unit
from quetsach.forms.own import Own
from quetsach.forms.values import Absent, Grade, Value


class Used(StrEnum):
    """Whether a child's report goes into a total; a late one does, and is named as late."""

    YES = "yes"
    LATE = "late"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What a unit adds to or takes off its total, and why."""

    amount: int
    reason: str


@dataclass(frozen=True, slots=True)
class Said:
    """What one unit below said in words, a choice or a table."""

    node: str
    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: own + children + adjustment - overlap = total.

    Shapes: `children` adds up the totals of the units below, None where none gave a number;
    `overlap` is what was told more than once by name and counts once. `organisations` and `sketch`
    hold what can be told apart. `error` is the range of the total, 95 %, where it is an estimate.
    `grades` shows how much of the total is measured, attested, declared; it makes the total, or
    is empty where nobody can tell. `absent` says how many units gave no number, and why; `said` has
    what units below said in words.
    """

    own: Own | None
    children: int | None
    adjustment: Adjustment | None
    total: Value
    organisations: frozenset[str] | None = None
    sketch: bytes | None = None
    error: tuple[int, int] | None = None
    unit: Unit | None = None
    overlap: int = 0
    grades: Mapping[Grade, int] = field(default_factory=dict)
    absent: Mapping[Absent, int] = field(default_factory=dict)
    said: tuple[Said, ...] = ()

    @property
    def own_is_of_all(self) -> bool:
        """Whether the unit's own figure names several units: its records' of all below it."""
        return self.own is not None and len(self.own.organisations) > 1


@dataclass(frozen=True)
class Child:
    """One report of a unit below, as it goes into a total: which version, used or not, and why.

    Shapes: `at` is when that version was made, aware. `continues` names the units that this one
    continues after a merger: their reports and its own never go into one total.
    """

    node: str
    name: str
    version: int
    digest: str
    figures: Mapping[str, Figure]
    used: Used = Used.YES
    reason: str = ""
    at: datetime | None = None
    continues: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mismatch:
    """A figure that does not add up: what is written, and what its parts give now."""

    field: str
    stored: Figure
    computed: Figure
