"""The forms of the preparation."""

import pytest

from quetsach_portal.campaigns.actions.preparing import take_letter
from quetsach_portal.campaigns.letter_review import open_questions, proposal_of
from quetsach_portal.campaigns.models.campaign import Campaign
from tests.portal.campaigns.acting import owner
from tests.portal.campaigns.letters_in import LETTER, post, upload
from tests.portal.signing_in import signed_in
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db


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
