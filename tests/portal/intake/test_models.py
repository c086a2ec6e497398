"""What the database refuses of keys and covered days, whatever the code does."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from quetsach_portal.intake.models import CoverageDay, SourceDay, UnitKey
from tests.portal.intake.rows import make_key
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_a_key_holds_once_and_again_after_it_was_ended(world: World) -> None:
    make_key(world, "TC01")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_key(world, "TC01")
    make_key(world, "TC02")
    UnitKey.objects.update(ended_at=timezone.now())
    assert make_key(world, "TC01").ended_at is None


@pytest.mark.parametrize(
    ("model", "more"), [(SourceDay, {"source_digest": "ab" * 32}), (CoverageDay, {"lines": 3})]
)
def test_a_day_of_a_kind_is_counted_once_a_unit(model, more, world: World) -> None:
    facts = {"day": date(2022, 9, 12), "kind": "dns", **more}
    model.objects.create(node=world.nodes["TC01"], **facts)
    model.objects.create(node=world.nodes["TC02"], **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(node=world.nodes["TC01"], **facts)
