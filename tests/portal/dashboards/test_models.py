"""The counters that pages read: the database keeps one row for a node and what is counted."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from quetsach_portal.dashboards.models import CounterDay, CoverageCounter, FamilyCounter
from tests.portal.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("model", "key", "figure"),
    [
        (CounterDay, {"day": timezone.localdate()}, "told"),
        (FamilyCounter, {"family": ""}, "devices"),
        (CoverageCounter, {"day": timezone.localdate()}, "units"),
    ],
)
def test_a_node_has_one_counter_for_each_key(
    world: World, model: Any, key: dict[str, Any], figure: str
) -> None:
    model.objects.create(node=world.nodes["TC01"], **key, **{figure: 1})
    model.objects.create(node=world.nodes["TC02"], **key, **{figure: 2})
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(node=world.nodes["TC01"], **key, **{figure: 3})
    assert sorted(model.objects.values_list(figure, flat=True)) == [1, 2]
