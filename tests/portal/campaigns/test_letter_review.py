"""What was read of a letter, shown with its source for a person to review."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from quetsach_portal.campaigns.actions.preparing import take_letter
from quetsach_portal.campaigns.letter_review import issued_beside, proposal_of, rows_of
from quetsach_portal.campaigns.models.campaign import LetterReading
from tests.portal.campaigns.acting import owner
from tests.portal.campaigns.letters_in import LETTER, upload
from tests.portal.signing_in import signed_in
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_each_field_is_shown_with_its_words_and_place(reading: LetterReading) -> None:
    with translation.override("en"):
        rows = {str(row.label): row for row in rows_of(reading.result)}
    due = rows["Report due"]
    assert "29/9/2022" in due.words
    assert due.place
    assert any(row.question for row in rows.values())


def test_the_proposal_keeps_the_deadline_exclusive(reading: LetterReading) -> None:
    proposal = proposal_of(reading.result)
    assert proposal.due_at == datetime(2022, 9, 29, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    assert proposal.form_code == "phu-luc-2022"
    assert len(proposal.tasks) >= 3


def test_hostile_words_of_a_letter_are_shown_as_words(register: World) -> None:
    text = LETTER.read_text(encoding="utf-8").replace(
        "triển khai chiến dịch rà", "<script>alert(1)</script> {{ 7*7 }} rà"
    )
    made = take_letter(register.units["TC"], upload(content=text.encode()), actor=owner(register))
    run_ready()
    page = signed_in(owner(register)).get(f"/campaigns/new/letter/{made.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_request_for_the_holder_of_an_address_is_named(
    register: World, reading: LetterReading
) -> None:
    request = LETTER.with_name("holder-request-prose.txt").read_bytes()
    asked = take_letter(register.units["TC"], upload(content=request), actor=owner(register))
    run_ready()
    client = signed_in(owner(register))
    words = "hỏi ai đã sử dụng địa chỉ IP"
    assert words in client.get(f"/campaigns/new/letter/{asked.pk}/").content.decode()
    assert words not in client.get(f"/campaigns/new/letter/{reading.pk}/").content.decode()


@pytest.mark.parametrize(
    ("issuer", "is_beside"),
    [
        ("ỦY BAN NHÂN DÂN HUYỆN CẦU KÈ", True),
        ("UỶ BAN NHÂN DÂN HUYỆN  TRÀ CÚ", False),
        ("Ủy ban nhân dân tỉnh Trà Vinh", False),
        ("Sở Thông tin và Truyền thông", False),
        (None, False),
    ],
)
def test_a_letter_of_an_office_of_the_same_level_is_named(issuer, is_beside) -> None:
    read = {"issuer": {"value": issuer}}
    beside = issued_beside(read, "Ủy ban nhân dân huyện Trà Cú")
    assert beside == (issuer if is_beside else "")


def test_a_letter_without_a_campaign_stays_on_the_list_of_campaigns(
    reading: LetterReading, register: World
) -> None:
    client = signed_in(owner(register))
    page = client.get("/campaigns/").content.decode()
    assert f"/campaigns/new/letter/{reading.pk}/" in page
    LetterReading.objects.update(state="used")
    assert "/campaigns/new/letter/1" not in client.get("/campaigns/").content.decode()
