"""Of a letter only what it left blank is asked; the rest is there to be corrected."""

import pytest

from quetsach_portal.campaigns.letter_forms import LetterReviewForm, QuestionsForm
from quetsach_portal.campaigns.letter_review import CampaignProposal
from quetsach_portal.campaigns.models.campaign import LetterReading
from tests.portal.campaigns.acting import owner
from tests.portal.campaigns.letters_in import post, upload
from tests.portal.signing_in import signed_in
from tests.portal.working import run_ready
from tests.portal.world import World

QUESTIONS = [
    {"field": "number", "text": "Số?"},
    {"field": "date", "text": "Ngày?", "answer": "14"},
]


def test_only_what_is_blank_is_asked() -> None:
    proposal = CampaignProposal(
        "Chiến dịch", "CV 1", "", ["Một"], None, "phu-luc-2022", QUESTIONS[:1], "UBND-TH"
    )
    form = LetterReviewForm(proposal=proposal)
    asked = [field.name for field in form.blank_fields()]
    assert asked == ["due_day", "answer_0", "stay_open"]
    assert "/UBND-TH" in str(form["answer_0"].help_text)
    read = {field.name for field in form.read_fields()}
    assert {"title", "legal_basis", "tasks", "form_code"} <= read
    assert read.isdisjoint(asked)
    assert not form.has_wrong_read_field()


def test_an_answered_question_is_asked_no_more() -> None:
    form = QuestionsForm({"answer_0": "1021"}, letter={"questions": QUESTIONS})
    assert list(form.fields) == ["answer_0"]
    assert form.is_valid()
    assert form.answers() == {0: "1021"}


@pytest.mark.django_db
def test_what_stayed_open_is_answered_on_the_first_step(register: World) -> None:
    client = signed_in(owner(register))
    client.post("/campaigns/new/letter/", {"file": upload()})
    run_ready()
    post(LetterReading.objects.get(), client)
    reading = LetterReading.objects.get()
    address = f"/campaigns/{reading.campaign_id}/setup/"
    names = list(client.get(address).context["form"].fields)
    assert len(names) == len(reading.result["questions"])
    answered = client.post(address, {names[0]: "14"})
    assert answered.headers["Location"].endswith("/tree/freeze/")
    reading.campaign.refresh_from_db()
    assert reading.campaign.letter["questions"][0]["answer"] == "14"
    assert list(client.get(address).context["form"].fields) == names[1:]
    # An answer that is given is not taken back by a later form.
    client.post(address, {names[0]: "", names[1]: "1021"})
    reading.campaign.refresh_from_db()
    answers = [one["answer"] for one in reading.campaign.letter["questions"]]
    assert answers[:2] == ["14", "1021"]
