"""Every page of the preparation has the rail, and says at which of the eight steps it stands."""

import re

import pytest
from django.urls import resolve, reverse

from quetsach_portal.campaigns.models.campaign import LetterReading
from quetsach_portal.lifecycle.launch_rail import STEP_OF_VIEW
from tests.portal.campaigns.acting import owner, prepared
from tests.portal.campaigns.letters_in import post, upload
from tests.portal.signing_in import signed_in
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db

PAGES = (
    *("setup/", "setup/basics/", "setup/tasks/", "setup/appendix/", "materials/"),
    *("materials/new/", "tree/", "tree/freeze/", "tree/outside/", "contacts/"),
    *("deadlines/", "phases/", "phases/new/", "release/", "letter/", "signing/"),
    *("dry-run/", "start/"),
)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_the_preparation_stands_on_the_rail(register: World, page: str) -> None:
    campaign = prepared(register)
    address = f"/campaigns/{campaign.pk}/{page}"
    text = signed_in(owner(register)).get(address).content.decode()
    step = STEP_OF_VIEW[resolve(address).view_name]
    assert f"Bước {step}/8" in text
    rails = re.findall(r'<a href="([^"]+)"( aria-current="step")?><span class="m ', text)
    assert len(rails) == 16, "once beside the page, once folded on a phone"
    assert [n % 8 + 1 for n, (_to, is_here) in enumerate(rails) if is_here] == [step, step]


@pytest.mark.parametrize(("page", "step"), [("lists:step", 4), ("followup:calendar", 7)])
def test_pages_of_other_apps_stand_on_it_too(register: World, page: str, step: int) -> None:
    campaign = prepared(register)
    text = signed_in(owner(register)).get(reverse(page, args=[campaign.pk])).content.decode()
    assert f"Bước {step}/8" in text


def test_the_letter_stands_beside_its_review_and_the_next_step_follows(register: World) -> None:
    client = signed_in(owner(register))
    client.post("/campaigns/new/letter/", {"file": upload()})
    run_ready()
    reading = LetterReading.objects.get()
    text = client.get(f"/campaigns/new/letter/{reading.pk}/").content.decode()
    assert "<mark>Số: </mark>/UBND-TH" in text
    assert "dòng 14" in text
    made = post(reading, client)
    reading.refresh_from_db()
    assert made.headers["Location"] == f"/campaigns/{reading.campaign_id}/tree/freeze/"
    assert "<mark>(03 hệ)</mark>" in client.get(made.headers["Location"]).content.decode()
