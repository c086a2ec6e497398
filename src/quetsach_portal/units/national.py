"""The national areas as rows of a register: for each area its people's committee."""

from quetsach_portal.units.areas.read import Area, AreaKind, Year, below
from quetsach_portal.units.models import Line, UnitKind
from quetsach_portal.units.register_file.rows import UnitRow

_KINDS = {1: UnitKind.PROVINCE, 2: UnitKind.DISTRICT, 3: UnitKind.COMMUNE}


def code_of(year: Year, area: str) -> str:
    """Return the register's code of an area: both trees use the same numbers for other areas."""
    return f"{year}-{area}"


def rows_of(year: Year, area: str, top: str, *, itself: bool) -> list[UnitRow]:
    """Return the area and all below it as rows under the unit `top`.

    With `itself` the unit `top` is the area's own committee, and only what lies below is returned.
    """
    rows: list[UnitRow] = []
    for number, one in enumerate(below(year, area), 1):
        if one.code == area and itself:
            continue
        is_first = one.code == area or (itself and one.parent == area)
        rows.append(_row(year, one, top if is_first else code_of(year, one.parent), number))
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
        line=Line.TERRITORY.value,
        short_name=f"UBND {kind} {area.name}",
        area_code=area.code,
    )
