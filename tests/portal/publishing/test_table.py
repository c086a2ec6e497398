"""The table of addresses, from lists in use and notices."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from quetsach_portal.cases.models.notice import BatchState, NoticeBatch, NoticeItem
from quetsach_portal.people.models.roles import Role
from quetsach_portal.publishing import table
from quetsach_portal.publishing.folder import CannotWrite
from quetsach_portal.publishing.lists import actions
from quetsach_portal.publishing.models import ListKind, PublicList
from quetsach_public.addresses import caller_of
from quetsach_public.answers import AnswerKind, answer
from quetsach_public.table import AddressTable
from tests.portal.publishing.lists.handed import (
    RANGES,
    SHARED,
    handed_in,
    seen,
    today,
    write_table_alone,
)

pytestmark = pytest.mark.django_db


def noticed(world, address: str, family: str, days_ago: int) -> None:
    """A notice that came in and was traced."""
    stored = PublicList.objects.first().stored
    batch = NoticeBatch.objects.create(
        node=world.nodes["TC01"],
        stored=stored,
        source="notices",
        state=BatchState.TRACED,
        handed_in_by=world.user("TC01", Role.FOCAL_POINT),
    )
    at = timezone.now() - timedelta(days=days_ago)
    fields = {"outcome": "not-ours", "address": address, "family": family, "at": at}
    NoticeItem.objects.create(batch=batch, place=1, number=1, **fields)


def said(folder: Path, address: str) -> AnswerKind:
    return answer(AddressTable(folder / "table.bin"), caller_of(address), timezone.now()).kind


def test_the_table_answers_from_lists_in_use_and_notices(shown, owner, folder) -> None:
    for kind, content in ((ListKind.RANGES, RANGES), (ListKind.SHARED, SHARED)):
        actions.take_over(handed_in(shown, kind, content), actor=owner)
    listed = handed_in(shown, ListKind.LISTED, seen("192.0.2.10", "mirai", today(2)))
    noticed(shown, "198.51.100.77", "emotet", 1)
    noticed(shown, "192.0.2.11", "", 1)
    actions.take_over(listed, actor=owner)
    write_table_alone()
    held = AddressTable(folder / "table.bin")
    assert held.seen(caller_of("192.0.2.10")).family.devices == ("router", "camera")
    assert held.seen(caller_of("198.51.100.77")).family.devices == ("windows",)
    answers = [
        said(folder, one)
        for one in ("192.0.2.11", "192.0.2.12", "198.51.100.1", "203.0.113.1", "2001:db8::1")
    ]
    assert answers == [
        AnswerKind.SEEN,
        AnswerKind.NOT_SEEN,
        AnswerKind.CANNOT_TELL,
        AnswerKind.CANNOT_TELL,
        AnswerKind.NOT_SEEN,
    ]


def test_a_table_of_old_words_is_old_however_often_it_is_written(shown, owner, folder) -> None:
    actions.take_over(handed_in(shown, ListKind.RANGES, RANGES), actor=owner)
    listed = handed_in(shown, ListKind.LISTED, seen("192.0.2.10", "mirai", today(20)))
    actions.take_over(listed, actor=owner)
    PublicList.objects.update(handed_in_at=timezone.now() - timedelta(days=8))
    table.write_address_table(folder)
    assert said(folder, "192.0.2.10") is AnswerKind.TOO_OLD


def test_without_ranges_or_addresses_it_is_said_what_is_missing(shown, owner, folder) -> None:
    with pytest.raises(CannotWrite, match="Chưa có dải địa chỉ"):
        table.write_address_table(folder)
    actions.take_over(handed_in(shown, ListKind.RANGES, RANGES), actor=owner)
    with pytest.raises(CannotWrite, match="Chưa có địa chỉ nào"):
        table.write_address_table(folder)
