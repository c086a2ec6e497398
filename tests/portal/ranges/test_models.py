"""What the database itself refuses about ranges and answers."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from quetsach_portal.ranges.models import AllottedNotice, NoticeQuestion, PublicRange, fresh_secret
from tests.portal.ranges.asked import allotted, approved
from tests.portal.world import World


@pytest.mark.parametrize(
    "wrong",
    [
        {"cidr": ""},
        {"asn": 64500},
        {"since": date(2026, 2, 1), "until": date(2026, 1, 1)},
    ],
)
def test_a_range_is_one_thing_and_ends_after_it_begins(
    world: World, wrong: dict[str, object]
) -> None:
    row = approved(world, "TC01", "192.0.2.0/28")
    assert str(row) == "192.0.2.0/28"
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicRange.objects.filter(pk=row.pk).update(**wrong)


def test_an_answer_has_its_time_and_an_item_comes_once(world: World) -> None:
    batch = allotted(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        NoticeQuestion.objects.update(answer="found")
    with pytest.raises(IntegrityError), transaction.atomic():
        AllottedNotice.objects.create(batch=batch, number=1, outcome="nobodys", state="open")
    assert "→" in str(NoticeQuestion.objects.first())


def test_secrets_differ() -> None:
    assert len({fresh_secret() for _again in range(9)}) == 9
