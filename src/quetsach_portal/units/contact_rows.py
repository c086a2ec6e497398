"""The rows of contacts, and what is kept in each unit of its own, so that pages count units.

Contacts are written through these rows alone: by the same transaction each unit says again how it
is reached. The nightly recount holds what is kept against the contacts themselves.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, TypeVar

from django.apps import apps
from django.db import transaction
from django.db.models import F, Max, Min, Model, Q, QuerySet
from django.utils import timezone

from quetsach_portal.web.compiled_queries import MANY_ROWS, count_anew

AnyContact = TypeVar("AnyContact", bound=Model)

_AT_ONCE = 900
_TELLING = frozenset({"mail", "valid_from", "valid_to", "disabled_reason"})
"""What a unit's state depends on; to write only other fields settles nothing."""

KEPT = ("no_contact", "has_bounced", "shares_address", "contact_since", "is_reached", "reach_asked")
"""The fields of OrgUnit that `settle` keeps."""

_NO_CONTACT: tuple[Any, ...] = (True, False, False, None, False, False)


class ContactRows(QuerySet[AnyContact]):
    """Contacts; to write them settles their units."""

    def bulk_create(self, objs: Iterable[AnyContact], *args: Any, **named: Any) -> list[AnyContact]:
        """Write `objs`, and settle their units. Cost: some seven queries for 900 of them."""
        with transaction.atomic():
            rows = super().bulk_create(objs, *args, **named)
            settle({unit_of(row) for row in rows})
            if len(rows) > MANY_ROWS:
                count_anew(self.model, apps.get_model("units", "OrgUnit"))
        return rows

    def update(self, **fields: Any) -> int:
        """Change all rows, and settle their units."""
        if _TELLING.isdisjoint(fields):
            return super().update(**fields)
        with transaction.atomic():
            before = list(self.values_list("unit_id", "mail"))
            changed = super().update(**fields)
            settle({unit for unit, _mail in before}, {mail for _unit, mail in before})
        return changed

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete all rows, and settle their units."""
        with transaction.atomic():
            before = list(self.values_list("unit_id", "mail"))
            deleted = super().delete()
            settle({unit for unit, _mail in before}, {mail for _unit, mail in before})
        return deleted


def unit_of(contact: Any) -> int:
    """Return the id of the contact's unit."""
    return int(contact.unit_id)


def settle(unit_ids: Collection[int], mails: Collection[str] = ()) -> None:
    """Keep in each unit, and in those that share its addresses, what its contacts say now.

    Shapes: `mails` are addresses that the units had before. The caller holds the transaction.
    """
    contacts, units = _models()
    affected = set(unit_ids)
    for some in _parts(unit_ids):
        own = contacts.filter(_open(), unit_id__in=some).exclude(mail="").values("mail")
        affected.update(contacts.filter(_open(), mail__in=own).values_list("unit_id", flat=True))
    for gone in _parts(set(mails) - {""}):
        affected.update(contacts.filter(_open(), mail__in=gone).values_list("unit_id", flat=True))
    for some in _parts(affected):
        # Locked before the contacts are read: of two acts on one unit the second sees the first's.
        locked = units.filter(pk__in=some).order_by("pk").select_for_update(no_key=True)
        before = {pk: tuple(kept) for pk, *kept in locked.values_list("pk", *KEPT)}
        changed: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for pk, kept in _states(some).items():
            if before.get(pk, kept) != kept:
                changed[kept].append(pk)
        for kept, ids in changed.items():
            units.filter(pk__in=ids).update(**dict(zip(KEPT, kept, strict=True)))


def _states(unit_ids: Collection[int]) -> Mapping[int, tuple[Any, ...]]:
    """Return what is to be kept of each unit, in the order of KEPT."""
    contacts, _units = _models()
    by_unit: dict[int, list[tuple[str, date, date | None, str]]] = defaultdict(list)
    rows = contacts.filter(unit_id__in=unit_ids)
    fields = ("unit_id", "mail", "valid_from", "valid_to", "disabled_reason")
    for unit, *row in rows.values_list(*fields):
        by_unit[unit].append(tuple(row))
    shared = _shared({row[0] for rows in by_unit.values() for row in rows if row[2] is None})
    states = dict.fromkeys(unit_ids, _NO_CONTACT)
    today = timezone.localdate()
    for unit, own in by_unit.items():
        still = [row for row in own if row[2] is None]
        begins = [begin for _mail, begin, _end, off in still if not off]
        usable = [row for row in own if "@" in row[0] and not row[3]]
        is_reached = any(row[2] is None and row[1] <= today for row in usable)
        states[unit] = (
            not any(mail or off for mail, _begin, _end, off in still),
            any(off for *_others, off in still),
            any(mail in shared for mail, *_others in still),
            min(begins, default=None),
            is_reached,
            not is_reached and any(row[2] is None or row[2] > today for row in usable),
        )
    return states


def _shared(mails: Collection[str]) -> set[str]:
    """Return those of `mails` that several units have."""
    contacts, _units = _models()
    shared: set[str] = set()
    for some in _parts(set(mails) - {""}):
        holders = contacts.filter(_open(), mail__in=some).order_by().values("mail")
        ends = holders.annotate(first=Min("unit_id"), last=Max("unit_id"))
        shared.update(ends.filter(first__lt=F("last")).values_list("mail", flat=True))
    return shared


def _open() -> Q:
    return Q(valid_to__isnull=True)


def _models() -> tuple[QuerySet[Any], QuerySet[Any]]:
    contacts = apps.get_model("units", "UnitContact")._base_manager.all()
    return contacts, apps.get_model("units", "OrgUnit")._base_manager.all()


def _parts(several: Collection[Any]) -> Iterator[list[Any]]:
    ordered = sorted(several)
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]
