"""Lists are read apart, looked at, taken over by an owner; the table is made of what is in use."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.cases.models.notice import BatchState, NoticeBatch, NoticeItem
from quetsach_portal.files.actions import FileUpload
from quetsach_portal.people.models.roles import Role
from quetsach_portal.publishing import table
from quetsach_portal.publishing.folder import CannotWrite
from quetsach_portal.publishing.lists import actions
from quetsach_portal.publishing.models.page import ListKind, ListState, PublicList
from quetsach_portal.publishing.retention import purge
from quetsach_portal.publishing.writing import WRITE, WRITERS, write_folder
from quetsach_portal.web.acts import Refused
from quetsach_public.addresses import caller_of
from quetsach_public.answers import AnswerKind, answer
from quetsach_public.table import AddressTable
from tests.portal import working

pytestmark = pytest.mark.django_db

RANGES = b"192.0.2.0/24\n198.51.100.0/24\n2001:db8::/32\n"
SHARED = "198.51.100.0/26,NAT của nhà mạng\n".encode()


def handed_in(world, kind: ListKind, content: bytes, name: str = "danh-sach.csv") -> PublicList:
    made = actions.hand_in(
        world.campaign,
        kind,
        FileUpload(SimpleUploadedFile(name, content)),
        name="",
        country="VN",
        actor=world.user("TC", Role.LEAD_ANALYST),
    )
    run_ready()
    made.refresh_from_db()
    return made


def run_ready() -> None:
    """Run what is ready; of the public folder one part alone is written."""
    only = [one for one in WRITERS if one.write is table.write_address_table]
    working.run_ready(handlers={WRITE: partial(write_folder, writers=only)})


def seen(address: str, family: str, day: str) -> bytes:
    return f"timestamp,ip,infection\n{day}T03:00:00Z,{address},{family}\n".encode()


def today(days_ago: int = 0) -> str:
    return (timezone.localdate() - timedelta(days=days_ago)).isoformat()


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
    run_ready()
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


def test_the_differences_are_counted_before_a_list_is_taken_over(shown, owner, client_of) -> None:
    first = handed_in(shown, ListKind.RANGES, RANGES)
    assert (first.state, first.rows, first.fresh, first.gone) == ("read", 3, 3, 0)
    actions.take_over(first, actor=owner)
    second = handed_in(shown, ListKind.RANGES, b"192.0.2.0/24\n203.0.113.0/24\n10.0.0.0/8\n")
    assert (second.fresh, second.gone) == (1, 2)
    page = client_of("TC", Role.LEAD_OWNER).get(f"/public-page/lists/{second.pk}/")
    text = page.content.decode()
    assert "thiếu hơn một nửa" in text
    assert "203.0.113.0/24" in text
    assert "10.0.0.0/8" in text
    actions.take_over(second, actor=owner)
    first.refresh_from_db()
    assert first.state == ListState.REPLACED
    acts = AuditEvent.objects.filter(action="publishing.list_taken")
    assert acts.count() == 2


def test_a_file_of_nothing_is_refused_in_words(shown, owner) -> None:
    wrong = handed_in(shown, ListKind.RANGES, b"10.0.0.0/8\n")
    assert wrong.state == ListState.FAILED
    assert "Không dòng nào" in wrong.problem
    with pytest.raises(Refused):
        actions.take_over(wrong, actor=owner)


def test_a_list_is_decided_once(shown, owner) -> None:
    one = handed_in(shown, ListKind.SHARED, SHARED)
    actions.drop(one, actor=owner)
    with pytest.raises(Refused):
        actions.take_over(one, actor=owner)


def test_the_desk_hands_in_and_the_owner_takes_over_by_pages(shown, client_of) -> None:
    analyst, chief = client_of("TC", Role.LEAD_ANALYST), client_of("TC", Role.LEAD_OWNER)
    address = f"/public-page/campaigns/{shown.campaign.pk}/lists/ranges/"
    file = SimpleUploadedFile("delegated.csv", RANGES)
    assert analyst.post(address, {"file": file, "country": "VN"}).status_code == 302
    run_ready()
    one = PublicList.objects.get()
    assert analyst.post(f"/public-page/lists/{one.pk}/take").status_code == 403
    chief.post(f"/public-page/lists/{one.pk}/take")
    one.refresh_from_db()
    assert one.state == ListState.TAKEN
    index = chief.get(f"/public-page/campaigns/{shown.campaign.pk}/").content.decode()
    assert "delegated.csv" in index


def test_P2_an_archived_campaign_has_no_addresses_left(shown, owner, folder, home) -> None:
    ranges = handed_in(shown, ListKind.RANGES, RANGES)
    actions.take_over(ranges, actor=owner)
    listed = handed_in(shown, ListKind.LISTED, seen("192.0.2.10", "mirai", today(2)))
    actions.take_over(listed, actor=owner)
    run_ready()
    assert (folder / "table.bin").exists()
    with TestCase.captureOnCommitCallbacks(execute=True):
        gone = purge(shown.campaign)
    assert gone["public_lists"] == 2
    assert not (folder / "table.bin").exists()
    assert list((home / "public-lists").iterdir()) == []
    listed.refresh_from_db()
    assert (listed.examples, listed.sha256 != "") == ([], True)


def test_what_looks_wrong_is_told_before_it_is_taken_over(world, client_of) -> None:
    ranges = handed_in(world, ListKind.RANGES, RANGES)
    actions.take_over(ranges, actor=world.user("TC", Role.LEAD_OWNER))
    content = seen("8.8.8.8", "mirai", today())
    content += seen("192.0.2.9", "mirai", today()).partition(b"\n")[2]
    made = handed_in(world, ListKind.LISTED, content)
    assert (made.state, made.rows) == (ListState.READ, 2)
    assert made.doubts == [["outside-ranges", 1, "8.8.8.8"], ["public-resolver", 1, "8.8.8.8"]]
    page = client_of("TC", Role.LEAD_OWNER).get(f"/public-page/lists/{made.pk}/").content.decode()
    assert "có đọc nhầm cột không?" in page
