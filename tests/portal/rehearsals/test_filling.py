"""How a scratch home is filled: rows keep their numbers, the campaign begins, its letter is out."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, CampaignState
from quetsach_portal.campaigns.units import health
from quetsach_portal.files.models import StoredFile
from quetsach_portal.letters.models import Letter, LetterState
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment
from quetsach_portal.rehearsals.copying import COPIED, SEED, copy_into
from quetsach_portal.rehearsals.filling import begin, lend_contacts, load, stopped_by
from quetsach_portal.rehearsals.people import make_people
from quetsach_portal.units.models import UnitContact
from tests.portal.campaigns.acting import prepared
from tests.portal.working import run_ready
from tests.portal.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(db: None) -> World:
    return make_world(live=False)


def rows() -> Iterator[tuple[str, list]]:
    for model, _rows in COPIED:
        yield model.__name__, list(model._base_manager.order_by("pk").values_list("pk", flat=True))


def test_all_rows_come_back_with_their_numbers(register: World, tmp_path: Path) -> None:
    prepared(register)
    campaign = Campaign.objects.get()
    copy_into(tmp_path, campaign, lambda: None)
    before = dict(rows())
    with connection.constraint_checks_disabled():
        for model, _rows in reversed(COPIED):
            model._base_manager.all()._raw_delete("default")

        Assignment.objects.all()._raw_delete("default")
        User.objects.all()._raw_delete("default")
        StoredFile.objects.all()._raw_delete("default")
    load(tmp_path / SEED)
    after = dict(rows())
    # The unit of strangers stays behind.
    for name in before:
        if name in ("OrgUnit", "OrgName", "UnitContact"):
            assert len(after[name]) == len(before[name]) - 1
            assert set(after[name]) < set(before[name])
        else:
            assert after[name] == before[name]
    connection.check_constraints()


def test_the_campaign_begins_and_its_letter_is_out(register: World) -> None:
    campaign = prepared(register)
    assert list(begin(campaign, make_people(campaign), run_ready)) == []
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.LIVE
    letter = Letter.objects.get(is_outside=False)
    assert (letter.state, letter.full_number) == (LetterState.RELEASED, "99/UBND-DT")
    assert CampaignNode.objects.filter(told_at__isnull=False).count() == 3


def test_what_stops_the_start_is_said_in_words(register: World) -> None:
    campaign = prepared(register)
    Campaign.objects.filter(pk=campaign.pk).update(legal_basis="")
    campaign.refresh_from_db()
    stopped = list(begin(campaign, make_people(campaign), run_ready))
    assert stopped == ["Thiếu căn cứ pháp lý."]
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.DRAFT


def test_a_unit_that_cannot_be_reached_gets_a_box_of_the_rehearsal(register: World) -> None:
    campaign = prepared(register)
    UnitContact.objects.filter(unit=register.units["TC02"]).delete()
    assert health(campaign).reachable == 3
    assert lend_contacts(campaign) == 1
    assert health(campaign).reachable == 4
    lent = UnitContact.objects.get(unit=register.units["TC02"])
    assert lent.mail.endswith("@dien-tap.example")


@pytest.mark.parametrize("text", [None, "", "[]", "{}", "{"])
def test_nothing_is_known_of_a_filling_without_a_note(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "made.json").write_text(text)
    assert stopped_by(tmp_path) == []


def test_what_was_refused_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "made.json").write_text(json.dumps({"stopped": ["Thiếu"]}))
    assert stopped_by(tmp_path) == ["Thiếu"]
