"""A place has its name once, and an end has its person."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from quetsach_portal.planted.models import PlantedPlace
from tests.portal.planted.planting import place
from tests.portal.world import World


def test_the_database_keeps_places_apart(world: World) -> None:
    row = place(world)
    for changed in ({"pk": None}, {"ended_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PlantedPlace(**{**_fields(row), **changed}).save()


def _fields(row: PlantedPlace) -> dict:
    return {field.attname: getattr(row, field.attname) for field in PlantedPlace._meta.fields}
