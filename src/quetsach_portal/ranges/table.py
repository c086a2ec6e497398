"""The table of public ranges: add, read from a CSV, end; `approving` has the second person."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_network
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach.api import allotting
from quetsach.api.allotting import NOT_OURS, RangeTable, UnitRange
from quetsach_portal.audit.record import record
from quetsach_portal.people.models.account import User
from quetsach_portal.ranges.models import PrefixFile, PublicRange
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.acts import Refused

MOST_RANGES = 50_000
MOST_BYTES = 5_000_000
MOST_PREFIX_BYTES = 64_000_000
MOST_NAMED = 10


def standing(office: OrgUnit) -> QuerySet[PublicRange]:
    """Return the rows of the office's table that were not withdrawn, approved or not."""
    rows = PublicRange.objects.filter(office=office, withdrawn_at__isnull=True)
    return rows.select_related("unit").order_by("unit__name", "pk")


def standing_in(offices: Sequence[OrgUnit]) -> QuerySet[PublicRange]:
    """Return such rows of several offices."""
    rows = PublicRange.objects.filter(office__in=offices, withdrawn_at__isnull=True)
    return rows.select_related("office", "unit", "added_by", "approved_by").order_by("pk")


def table_of(office: OrgUnit) -> RangeTable:
    """Return the approved ranges as the engine asks them; a unit is its id as text."""
    approved = standing(office).filter(approved_at__isnull=False)
    counting = PrefixFile.objects.filter(office=office, approved_at__isnull=False)
    files = counting.values_list("as_of", "prefixes")
    prefixes = {
        day: {int(asn): [ip_network(one) for one in spans] for asn, spans in announced.items()}
        for day, announced in files
    }
    return RangeTable(map(_as_range, approved), prefixes)


def _as_range(row: PublicRange) -> UnitRange:
    return UnitRange(
        unit=NOT_OURS if row.unit_id is None else str(row.unit_id),
        network=ip_network(row.cidr) if row.cidr else None,
        asn=row.asn,
        since=row.since,
        until=row.until,
        is_shared=row.shared,
        row=row.pk,
    )


@dataclass(frozen=True)
class WrittenRange:
    """A row as a person writes it; `unit` is None for what is known to be of none of ours."""

    unit: OrgUnit | None
    text: str
    since: date | None = None
    until: date | None = None
    shared: bool = False


def add(office: OrgUnit, written: WrittenRange, *, source: str, actor: User) -> list[PublicRange]:
    """Return the new rows, which wait for a second person. Errors: Refused."""
    parsed = allotting.ranges_of({"unit": "x", "range": written.text})
    if isinstance(parsed, str):
        raise Refused(_flaw_text(parsed), field="text")
    if written.since and written.until and written.until < written.since:
        raise Refused(_flaw_text("reversed"), field="until")
    rows = [
        PublicRange(
            office=office,
            unit=written.unit,
            cidr="" if one.network is None else str(one.network),
            asn=one.asn,
            since=written.since,
            until=written.until,
            shared=written.shared,
            source=source[:200],
            added_by=actor,
        )
        for one in parsed
    ]
    return _keep(office, rows, actor)


def _flaw_text(flaw: str) -> str:
    return allotting.RefusedRow(0, flaw, "").why


def _keep(office: OrgUnit, rows: list[PublicRange], actor: User) -> list[PublicRange]:
    """Write the rows unless one of them contradicts the table. Errors: Refused, with both rows."""
    with transaction.atomic():
        OrgUnit.objects.select_for_update().get(pk=office.pk)
        before = list(standing(office))
        if len(before) + len(rows) > MOST_RANGES:
            raise Refused(
                _("The table would have more than %(most)s rows.") % {"most": MOST_RANGES}
            )
        refuse_conflicts(before, rows)
        made = PublicRange.objects.bulk_create(rows, batch_size=500)
        audit("range.added", office, actor, {"rows": len(made)})
    return made


def refuse_conflicts(before: Sequence[PublicRange], rows: Sequence[PublicRange]) -> None:
    """Refuse rows of the same addresses at the same time, unless all are shared.

    Errors: Refused, with both rows of each conflict.
    """
    all_rows = [*before, *rows]
    numbered = [
        UnitRange(**{**_as_range(row).__dict__, "row": at}) for at, row in enumerate(all_rows)
    ]
    pairs: list[str] = []
    for first, second in allotting.conflicts_of(numbered):
        if max(first.row, second.row) >= len(before):
            pairs.append(f"{_said(all_rows[first.row])} ↔ {_said(all_rows[second.row])}")
        if len(pairs) > MOST_NAMED:
            break
    if pairs:
        more = " …" if len(pairs) > MOST_NAMED else ""
        raise Refused(
            _("The same addresses at the same time: %(rows)s")
            % {"rows": "; ".join(pairs[:MOST_NAMED]) + more},
        )


def _said(row: PublicRange) -> str:
    unit = _("not ours") if row.unit is None else str(row.unit)
    days = "" if row.since is None and row.until is None else f" ({_days(row)})"
    return f"{row} {unit}{days}"


def _days(row: PublicRange) -> str:
    ends = (row.since, row.until)
    return " – ".join("…" if day is None else f"{day:%d/%m/%Y}" for day in ends)


def add_csv(office: OrgUnit, raw: bytes, *, source: str, actor: User) -> list[PublicRange]:
    """Return the rows of a table, all of them or none. Errors: Refused, naming the wrong rows."""
    if len(raw) > MOST_BYTES:
        raise Refused(_("The file is larger than 5 MB."), field="upload")
    table = allotting.read_ranges(raw.decode("utf-8-sig", "replace"))
    if table is None:
        raise Refused(
            _("The table needs the columns “Đơn vị” (unit) and “Dải địa chỉ” (cidr)."),
            field="upload",
        )
    ranges, refused = table
    wrong = [f"{one.row}: {one.why}" for one in refused]
    units = _units_by_word(office, {one.unit for one in ranges})
    wrong += [
        _("%(row)s: no such unit: %(unit)s") % {"row": one.row, "unit": one.unit}
        for one in ranges
        if one.unit != NOT_OURS and one.unit.casefold() not in units
    ]
    if wrong:
        more = " …" if len(wrong) > MOST_NAMED else ""
        rows = "; ".join(wrong[:MOST_NAMED]) + more
        raise Refused(_("Nothing was added. Rows: %(rows)s") % {"rows": rows}, field="upload")
    if not ranges:
        raise Refused(_("The table has no row."), field="upload")
    new_rows = [
        PublicRange(
            office=office,
            unit=None if one.unit == NOT_OURS else units[one.unit.casefold()],
            cidr="" if one.network is None else str(one.network),
            asn=one.asn,
            since=one.since,
            until=one.until,
            shared=one.is_shared,
            source=source[:200],
            added_by=actor,
        )
        for one in ranges
    ]
    return _keep(office, new_rows, actor)


def units_below(office: OrgUnit) -> QuerySet[OrgUnit]:
    """Return the office and the units below it that are still there."""
    rows = OrgUnit.objects.filter(path__startswith=office.path)
    return rows.order_by("depth", "name")


def _units_by_word(office: OrgUnit, words: Iterable[str]) -> dict[str, OrgUnit]:
    """Return the units by code and by name, folded; a name that two have is none."""
    folded = {word.casefold() for word in words}
    units: dict[str, OrgUnit] = {}
    twice: set[str] = set()
    for unit in units_below(office):
        for word in {unit.code.casefold(), unit.name.casefold()} & folded:
            twice |= {word} & units.keys()
            units[word] = unit
    return {word: unit for word, unit in units.items() if word not in twice}


def unit_written(office: OrgUnit, word: str) -> OrgUnit | None:
    """Return the unit that a person wrote, None for "-". Errors: Refused."""
    if word.strip() == NOT_OURS:
        return None
    unit = _units_by_word(office, [word.strip()]).get(word.strip().casefold())
    if unit is None:
        raise Refused(_("There is no unit, or more than one, of this name or code."), field="unit")
    return unit


def written(office: OrgUnit, cleaned: Mapping[str, Any]) -> WrittenRange:
    """Return the range that a form holds. Errors: Refused for an unknown unit."""
    return WrittenRange(
        unit=unit_written(office, cleaned["unit"]),
        text=cleaned["text"],
        since=cleaned["since"],
        until=cleaned["until"],
        shared=cleaned["shared"],
    )


def prefix_files(office: OrgUnit) -> QuerySet[PrefixFile]:
    """Return the files of announced prefixes, those that wait too, the newest first."""
    rows = PrefixFile.objects.filter(office=office).select_related("added_by", "approved_by")
    return rows.order_by("-as_of", "pk")


def withdraw(row: PublicRange, *, actor: User, last_day: date | None = None) -> None:
    """Let a row count until `last_day`, or no more at all where none is given.

    Then its addresses are those of the range around it, else nobody's, and the lead office decides.
    Errors: Refused for a day before its first, and for one after its last: for longer than it was
    approved for it is a new row, which another person approves.
    """
    if last_day is not None and row.since is not None and last_day < row.since:
        raise Refused(_flaw_text("reversed"), field="last_day")
    if last_day is not None and row.until is not None and last_day > row.until:
        raise Refused(
            _("It ends earlier already. For a longer time add a range anew."), field="last_day"
        )
    with transaction.atomic():
        rows = PublicRange.objects.filter(pk=row.pk, withdrawn_at__isnull=True)
        if last_day is not None:
            changed = rows.update(until=last_day)
        else:
            changed = rows.update(withdrawn_at=timezone.now(), withdrawn_by=actor)
        if changed:
            day = "" if last_day is None else last_day.isoformat()
            audit("range.ended", row.office, actor, {"range": str(row), "until": day})


def add_prefixes(office: OrgUnit, raw: bytes, *, name: str, as_of: date, actor: User) -> PrefixFile:
    """Keep what the systems of the table announced on a day; it waits for a second person.

    Errors: Refused.
    """
    if len(raw) > MOST_PREFIX_BYTES:
        raise Refused(_("The file is larger than 64 MB."), field="upload")
    if as_of > timezone.localdate():
        raise Refused(_("The day is in the future."), field="as_of")
    systems = {row.asn for row in standing(office) if row.asn is not None}
    announced = allotting.read_prefixes(raw.decode("utf-8", "replace").splitlines(), systems)
    if not any(announced.values()):
        raise Refused(_("No system of the table is in this file."), field="upload")
    content = {str(asn): [str(one) for one in spans] for asn, spans in announced.items()}
    digest = hashlib.sha256(raw).hexdigest()
    with transaction.atomic():
        row, _is_new = PrefixFile.objects.update_or_create(
            office=office,
            as_of=as_of,
            approved_at=None,
            defaults={
                "name": name[:255],
                "sha256": digest,
                "prefixes": content,
                "added_by": actor,
                "added_at": timezone.now(),
            },
        )
        audit("range.prefixes", office, actor, {"as_of": as_of.isoformat(), "sha256": digest})
    return row


def audit(action: str, office: OrgUnit, actor: User, detail: dict[str, object]) -> None:
    """Record an act on the office's table."""
    record(
        action,
        actor=actor,
        kind="ranges",
        object_id=office.pk,
        unit_path=office.path,
        detail=detail,
    )
