"""What the database refuses of notices."""

import pytest
from django.db import IntegrityError, transaction

from quetsach_portal.cases.models.notice import NoticeItem, NoticeOutcome
from tests.portal.cases import rows
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_an_item_has_its_place_in_the_file_once(world: World) -> None:
    batch = rows.make_batch(world, "TC01")
    with pytest.raises(IntegrityError), transaction.atomic():
        NoticeItem.objects.create(batch=batch, place=1, number=9, outcome=NoticeOutcome.NO_DATA)
    assert batch.rows.count() == 2
