"""The areas of Viet Nam as values: the tree of 2022, that of 2025, and what became of each area."""

import csv
import gzip
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Literal

from quetsach_portal.units.models import ReportingLine, UnitKind
from quetsach_portal.units.register_file.rows import UnitRow

Year = Literal[2022, 2025]
YEARS: tuple[Year, ...] = (2022, 2025)

_LEVELS = {2: 1, 3: 2, 5: 3}
"""The level of an area by the length of its code: province, district, commune."""


class AreaKind(StrEnum):
    """What an area is, as its name begins."""

    PROVINCE = "tỉnh"
    CITY = "thành phố"
    URBAN_DISTRICT = "quận"
    DISTRICT = "huyện"
    TOWN = "thị xã"
    COMMUNE = "xã"
    WARD = "phường"
    TOWNSHIP = "thị trấn"
    SPECIAL_ZONE = "đặc khu"


class AreaShare(StrEnum):
    """How much of an area of 2022 went into one of 2025."""

    WHOLE = "whole"
    MAIN = "main"
    PART = "part"


@dataclass(frozen=True, slots=True)
class Area:
    """One area: its code with leading zeros, kind, bare name, and the code of its parent or ""."""

    code: str
    kind: AreaKind
    name: str
    parent: str

    @property
    def full_name(self) -> str:
        """The name with its kind before it: "Xã Trà Cú"."""
        return f"{self.kind.value[0].upper()}{self.kind.value[1:]} {self.name}"

    @property
    def level(self) -> int:
        """1 for a province, 2 for a district of 2022, 3 for a commune."""
        return _LEVELS[len(self.code)]


@dataclass(frozen=True, slots=True)
class Move:
    """An area of 2022 and one of 2025 that it went into."""

    old: str
    new: str
    share: AreaShare


@lru_cache(maxsize=len(YEARS))
def areas(year: Year) -> Mapping[str, Area]:
    """Return the areas of `year` by their codes, each after its parent.

    Cost: about 30 ms the first time, then none.
    """
    rows = _rows(f"areas-{year}.csv.gz")
    read = (Area(code, AreaKind(kind), name, parent) for code, kind, name, parent in rows)
    return MappingProxyType({area.code: area for area in read})


@lru_cache(maxsize=1)
def moves() -> Mapping[str, tuple[Move, ...]]:
    """Return the successors of each area of 2022, by its code; the main successor first.

    Shapes: provinces, communes, and the districts that had no communes; other districts are
    not in it, their level was abolished.
    """
    successors: dict[str, list[Move]] = {}
    for old, new, share in _rows("areas-2022-to-2025.csv.gz"):
        successors.setdefault(old, []).append(Move(old, new, AreaShare(share)))
    ordered = {
        old: tuple(sorted(some, key=lambda move: (move.share is AreaShare.PART, move.new)))
        for old, some in successors.items()
    }
    return MappingProxyType(ordered)


def below(year: Year, code: str) -> Iterator[Area]:
    """Yield the area with `code` and all areas below it, each after its parent."""
    all_areas = areas(year)
    inside = {code}
    for area in all_areas.values():
        if area.code == code or area.parent in inside:
            inside.add(area.code)
            yield area


def _rows(name: str) -> Iterator[list[str]]:
    packed = (resources.files(__package__) / name).read_bytes()
    rows = csv.reader(io.StringIO(gzip.decompress(packed).decode()))
    next(rows)
    yield from rows


_KINDS = {1: UnitKind.PROVINCE, 2: UnitKind.DISTRICT, 3: UnitKind.COMMUNE}


def code_of(year: Year, area: str) -> str:
    """Return the register's code of an area: both trees use the same numbers for other areas."""
    return f"{year}-{area}"


def rows_of(year: Year, area: str, top: str, *, itself: bool) -> list[UnitRow]:
    """Return the area and all below it as rows under the unit `top`.

    With `itself` the unit `top` is the area's own committee, and only what lies below is returned.
    """
    rows: list[UnitRow] = []
    for number, each_area in enumerate(below(year, area), 1):
        if each_area.code == area and itself:
            continue
        is_first = each_area.code == area or (itself and each_area.parent == area)
        rows.append(
            _row(year, each_area, top if is_first else code_of(year, each_area.parent), number)
        )
    return rows


def _row(year: Year, area: Area, parent: str, number: int) -> UnitRow:
    kind = area.kind.value
    # Hoàng Sa has no commune, and a special zone is governed as one.
    level = 3 if area.kind is AreaKind.SPECIAL_ZONE else area.level
    return UnitRow(
        row=number,
        sheet="",
        code=code_of(year, area.code),
        name=f"Ủy ban nhân dân {kind} {area.name}",
        parent=parent,
        kind=_KINDS[level].value,
        line=ReportingLine.TERRITORY.value,
        short_name=f"UBND {kind} {area.name}",
        area_code=area.code,
    )
