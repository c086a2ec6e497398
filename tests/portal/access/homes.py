"""To which units a row of a table belongs, and which rows a request changed."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import apps
from django.db import models

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment
from quetsach_portal.units.models import OrgUnit
from tests.portal.access.contents import COMINGS_AND_GOINGS

Rows = Mapping[type[models.Model], Mapping[Any, models.Model]]

MOST_STEPS = 4
"""From a row by what it refers to until a unit is met."""


def all_rows() -> Rows:
    """Return every row of every table but those of sessions, by its key."""
    return {
        model: {row.pk: row for row in model._base_manager.all()}
        for model in apps.get_models()
        if model._meta.label not in COMINGS_AND_GOINGS
    }


def differing(before: Rows, after: Rows) -> list[models.Model]:
    """Return the rows that are new, gone or otherwise; of a changed one as it was and as it is."""
    rows: list[models.Model] = []
    for model, known in before.items():
        now = after[model]
        for key in known.keys() | now.keys():
            old, new = known.get(key), now.get(key)
            if old is None or new is None or _values(old) != _values(new):
                rows += [one for one in (old, new) if one is not None]
    return rows


def _values(row: models.Model) -> list[Any]:
    return [getattr(row, field.attname) for field in row._meta.concrete_fields]


def units_of(row: models.Model) -> set[int]:
    """Return the keys of the units to which each thing that `row` refers to belongs."""
    own = _unit(row)
    if own:
        return own
    return {unit for one in _referred(row) for unit in home_of(one)}


def home_of(row: models.Model) -> set[int]:
    """Return the units that are met first on the ways from `row`; none for a person or a setting.

    Cost: a query for each step of each way.
    """
    level = [row]
    for _step in range(MOST_STEPS):
        units = {unit for one in level for unit in _unit(one)}
        if units:
            return units
        level = [target for one in level for target in _referred(one)]
    return set()


def _unit(row: models.Model) -> set[int]:
    if isinstance(row, OrgUnit):
        return {row.pk}
    if isinstance(row, User):
        return set(Assignment.objects.filter(user=row).values_list("unit_id", flat=True))
    return {row.unit_id} if isinstance(row, CampaignNode) else set()


def _referred(row: models.Model) -> Iterator[models.Model]:
    for field in row._meta.concrete_fields:
        # People have roles in several units, and act in rows of others.
        if not field.is_relation or field.related_model is User:
            continue
        key = getattr(row, field.attname)
        target = field.related_model._base_manager.filter(pk=key).first() if key else None
        if target is not None:
            yield target


def of_unit(model: type[models.Model], unit: int) -> list[Any]:
    """Return the keys of the rows of `model` that belong to `unit` alone."""
    rows = model._base_manager.order_by("pk")[:60]
    return [row.pk for row in rows if home_of(row) == {unit}]
