"""The database itself lets the same content count once in a campaign."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from quetsach_portal.looks.models import MachineLook
from tests.portal.looks.collecting import looked, taken
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_the_same_content_cannot_count_twice(world: World) -> None:
    (look,) = looked(world, taken())
    look.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        look.save(force_insert=True)
    look.withdrawn_at = timezone.now()
    look.save(force_insert=True)
    assert MachineLook.objects.count() == 2
