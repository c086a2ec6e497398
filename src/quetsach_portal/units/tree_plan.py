"""What an event of the tree is to do, as a value that is kept with the event and read back."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct


class NewUnit(Struct, frozen=True, forbid_unknown_fields=True):
    """A unit that the event sets up; `staff` is None where nobody counted."""

    code: str
    name: str
    kind: str
    short_name: str = ""
    area_code: str = ""
    staff: int | None = None


class Merge(Struct, frozen=True, forbid_unknown_fields=True):
    """Units (by id) that go into one: into a unit that stands already, or into a new one."""

    units: tuple[int, ...]
    into: int | None = None
    new: NewUnit | None = None


class TreePlan(Struct, frozen=True, forbid_unknown_fields=True):
    """The plan of one event; each kind uses its own fields.

    Shapes: `units` are renamed, moved, split, closed or abolished; `parent` is where units move or
    a new one is set up, on `line`; `allot` leads each child of a split unit (id as text) to a place
    in `parts`; `heirs` each child of an abolished unit to its new parent, where that is not the
    parent of the abolished one; `at_once` is "move now"; `final_report` asks a closed unit for one.
    """

    units: tuple[int, ...] = ()
    parent: int | None = None
    line: str = "territory"
    name: str = ""
    short_name: str = ""
    doc_code: str = ""
    merges: tuple[Merge, ...] = ()
    parts: tuple[NewUnit, ...] = ()
    allot: dict[str, int] = {}
    heirs: dict[str, int] = {}
    at_once: bool = False
    final_report: bool = False

    def named_units(self) -> frozenset[int]:
        """Return the ids of all units that the plan names."""
        named = {*self.units, *self.heirs.values()}
        named |= {unit for merge in self.merges for unit in merge.units}
        named |= {merge.into for merge in self.merges if merge.into is not None}
        return frozenset(named if self.parent is None else {*named, self.parent})


def as_json(plan: TreePlan) -> dict[str, Any]:
    """Return `plan` as it is kept."""
    made: dict[str, Any] = msgspec.to_builtins(plan)
    return made


def plan_of(kept: Mapping[str, Any]) -> TreePlan:
    """Return the plan out of what was kept. Errors: msgspec.ValidationError."""
    return msgspec.convert(kept, TreePlan, strict=False)


CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,38}[A-Za-z0-9])?")
