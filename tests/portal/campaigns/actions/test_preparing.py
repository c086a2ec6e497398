"""A campaign is made of a letter after a person has reviewed it; nothing is guessed."""

import html
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from quetsach_portal.campaigns.actions.preparing import take_letter
from quetsach_portal.campaigns.letter_review import open_questions, proposal_of, rows_of
from quetsach_portal.campaigns.models.campaign import Campaign, LetterReading, ReadingState
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.campaigns.acting import owner
from tests.portal.signing_in import signed_in
from tests.portal.working import run_ready
from tests.portal.world import World, make_world

pytestmark = pytest.mark.django_db

LETTER = Path(__file__).parents[3] / "letters/samples/district-letter.txt"


@pytest.fixture
def register(db: None) -> World:
    return make_world(live=False)


def upload(name: str = "cong-van.txt", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, LETTER.read_bytes() if content is None else content)


@pytest.fixture
def reading(register: World) -> LetterReading:
    made = take_letter(register.units["TC"], upload(), actor=owner(register))
    run_ready()
    made.refresh_from_db()
    return made


def post(reading: LetterReading, client: Client, **changed: str):
    proposal = proposal_of(reading.result)
    form = {
        "title": proposal.title,
        "legal_basis": proposal.legal_basis,
        "goal": "",
        "page_url": proposal.page_url,
        "tasks": "\n\n".join(proposal.tasks),
        "due_day": "2022-09-29",
        "due_time": "",
        "form_code": proposal.form_code,
        "stay_open": "on",
    }
    return client.post(f"/campaigns/new/letter/{reading.pk}/", {**form, **changed})


def test_the_letter_is_read_by_a_job_and_makes_no_campaign(reading: LetterReading) -> None:
    assert reading.state == ReadingState.READ
    assert not Campaign.objects.exists()


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


def test_the_campaign_has_what_the_person_left(register, reading: LetterReading) -> None:
    client = signed_in(owner(register))
    response = post(reading, client, title="Tên đã sửa")
    campaign = Campaign.objects.get()
    assert response.status_code == 302
    assert campaign.title == "Tên đã sửa"
    assert campaign.letter_file == reading.file
    assert campaign.phases.get().due_at == proposal_of(reading.result).due_at
    reading.refresh_from_db()
    assert (reading.state, reading.campaign) == (ReadingState.USED, campaign)


def test_open_questions_are_answered_or_said_to_stay_open(register, reading) -> None:
    client = signed_in(owner(register))
    assert reading.result["questions"]
    page = post(reading, client, stay_open="")
    assert page.status_code == 200
    assert not Campaign.objects.exists()
    answered = {f"answer_{n}": "trả lời" for n in range(len(reading.result["questions"]) - 1)}
    post(reading, client, **answered)
    assert len(open_questions(Campaign.objects.get().letter)) == 1


def test_a_letter_without_a_day_asks_for_one(register: World) -> None:
    text = LETTER.read_text(encoding="utf-8").replace("trước ngày 29/9/2022", "sớm")
    made = take_letter(register.units["TC"], upload(content=text.encode()), actor=owner(register))
    run_ready()
    made.refresh_from_db()
    assert proposal_of(made.result).due_at is None
    page = post(made, signed_in(owner(register)), due_day="")
    assert page.status_code == 200
    assert not Campaign.objects.exists()


def test_E4_pressing_twice_makes_one_campaign(register, reading: LetterReading) -> None:
    client = signed_in(owner(register))
    post(reading, client)
    post(reading, client)
    assert Campaign.objects.count() == 1


def test_what_is_no_document_is_refused(register: World) -> None:
    with pytest.raises(Refused):
        take_letter(
            register.units["TC"], upload("thu.docx", b"MZ\x90\x00" * 99), actor=owner(register)
        )
    assert not LetterReading.objects.exists()


def test_a_document_that_cannot_be_read_says_so(register: World) -> None:
    made = take_letter(
        register.units["TC"], upload("thu.pdf", b"%PDF-1.7\nbroken\n%%EOF\n"), actor=owner(register)
    )
    run_ready()
    made.refresh_from_db()
    assert made.state == ReadingState.FAILED
    page = signed_in(owner(register)).get(f"/campaigns/new/letter/{made.pk}/")
    assert made.problem in html.unescape(page.content.decode())


def test_hostile_words_of_a_letter_are_shown_as_words(register: World) -> None:
    text = LETTER.read_text(encoding="utf-8").replace(
        "triển khai chiến dịch rà", "<script>alert(1)</script> {{ 7*7 }} rà"
    )
    made = take_letter(register.units["TC"], upload(content=text.encode()), actor=owner(register))
    run_ready()
    page = signed_in(owner(register)).get(f"/campaigns/new/letter/{made.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize(("code", "role"), [("TC01", Role.LEAD_OWNER), ("KH", Role.LEAD_OWNER)])
def test_A1_the_letter_is_not_there_for_others(register, reading, code, role) -> None:
    client = signed_in(register.user(code, role))
    assert client.get(f"/campaigns/new/letter/{reading.pk}/").status_code == 404
