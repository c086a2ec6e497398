"""The outlines of units on a map: imported by an owner, each in its time."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quetsach_portal.audit.record import record
from quetsach_portal.people.models.account import User
from quetsach_portal.people.roles.scope import below
from quetsach_portal.register.geojson import NamedOutline, outline_from, read_geojson, stored
from quetsach_portal.register.models import AreaShape
from quetsach_portal.units.dated import in_batches, on_day
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.acts import Refused
from quetsach_portal.web.drawing.outlines import Outline

SHOWN_CODES = 20


@dataclass(frozen=True)
class ShapeDetails:
    """What an owner says of a file of outlines: from when, whose, and under which licence."""

    valid_from: date
    source: str
    licence: str


@dataclass(frozen=True)
class UnitShape:
    """The outline of a unit on a day, with what must be credited beside the map."""

    outline: Outline
    source: str
    licence: str


def import_shapes(raw: bytes, details: ShapeDetails, top: OrgUnit, *, actor: User) -> str:
    """Store the outlines of the units below `top` that a GeoJSON file names, and return a summary.

    Codes that name no unit below are left out and told. An earlier outline of a unit ends on
    the day from which the new one holds; one of that same day is replaced.
    Errors: Refused with all faults of the file; nothing of it is stored then.
    """
    file = read_geojson(raw)
    if file.faults:
        raise Refused(" ".join(file.faults), field="file")
    units, unknown = _by_unit(file.outlines, top)
    if not units:
        raise Refused(_("No code in this file is that of a unit below yours."), field="file")
    with transaction.atomic():
        OrgUnit.objects.select_for_update().get(pk=top.pk)
        record(
            "units.shapes",
            actor=actor,
            kind="unit",
            object_id=top.pk,
            detail={
                "units": len(units),
                "unknown": len(unknown),
                "from": details.valid_from.isoformat(),
                "source": details.source,
                "licence": details.licence,
                "sha256": hashlib.sha256(raw).hexdigest(),
            },
            unit_path=top.path,
        )
        _store(units, details, actor)
    count = len(units)
    summary = ngettext("%(count)s outline stored.", "%(count)s outlines stored.", count)
    summary = summary % {"count": count}
    if unknown:
        words = _("Left out, as no unit below yours has this code: %(count)s (%(codes)s).")
        codes = ", ".join(unknown[:SHOWN_CODES]) + ("…" if len(unknown) > SHOWN_CODES else "")
        summary += " " + words % {"count": len(unknown), "codes": codes}
    return summary


def shapes_on(unit_ids: Iterable[int], day: date) -> dict[int, UnitShape]:
    """Return by unit its outline on `day`. Cost: one query for some hundred units."""
    shapes = {}
    for some in in_batches(list(unit_ids)):
        for shape in AreaShape.objects.filter(on_day(day), unit_id__in=some):
            outline = outline_from(shape.path)
            shapes[shape.unit_id] = UnitShape(outline, shape.source, shape.licence)
    return shapes


def sources_of(top: OrgUnit) -> "QuerySet[AreaShape, Any]":
    """Return what was imported below `top`: day, source, licence and units, newest first."""
    rows = AreaShape.objects.filter(below(top.path, "unit__"))
    by_source = rows.values("valid_from", "source", "licence").annotate(units=Count("pk"))
    return by_source.order_by("-valid_from", "source")


def _by_unit(
    outlines: Sequence[NamedOutline], top: OrgUnit
) -> tuple[Mapping[int, Outline], list[str]]:
    """Return the outlines by unit, and the codes that name none.

    The code of an area names the unit with it, where it is the only one.
    """
    by_code: dict[str, int] = {}
    by_area: dict[str, list[int]] = {}
    for some in in_batches([named.code for named in outlines], 400):
        rows = OrgUnit.objects.filter(
            Q(code__in=some) | Q(area_code__in=some, closed_on__isnull=True), below(top.path)
        )
        for pk, code, area, end in rows.values_list("pk", "code", "area_code", "closed_on"):
            by_code[code] = pk
            if area and end is None:
                by_area.setdefault(area, []).append(pk)
    units: dict[int, Outline] = {}
    unknown = []
    for named in outlines:
        of_area = by_area.get(named.code, [])
        unit_id = by_code.get(named.code, of_area[0] if len(of_area) == 1 else None)
        if unit_id is None or unit_id in units:
            unknown.append(named.code)
        else:
            units[unit_id] = named.outline
    return units, unknown


def _store(units: Mapping[int, Outline], details: ShapeDetails, actor: User) -> None:
    day = details.valid_from
    later: dict[int, date] = {}
    for some in in_batches(list(units)):
        shapes = AreaShape.objects.filter(unit_id__in=some)
        shapes.filter(valid_from=day).delete()
        shapes.filter(on_day(day)).update(valid_to=day)
        rows = shapes.filter(valid_from__gt=day).order_by("-valid_from")
        later.update(rows.values_list("unit_id", "valid_from"))
    AreaShape.objects.bulk_create(
        [
            AreaShape(
                unit_id=unit_id,
                valid_from=day,
                valid_to=later.get(unit_id),
                source=details.source,
                licence=details.licence,
                path=stored(outline),
                imported_by=actor,
            )
            for unit_id, outline in units.items()
        ],
        batch_size=500,
    )
