"""Made with a unit's own name and code, kept by edition, pulled and counted."""

import hashlib
from dataclasses import replace
from datetime import date

import pytest

from quetsach_portal.campaigns.models.campaign import CampaignState
from quetsach_portal.participation.handouts import editions, queries
from quetsach_portal.participation.handouts import giver as handouts_giver
from quetsach_portal.participation.handouts.giver import TEXTS, HandoutIssuer, HandoutKind
from quetsach_portal.participation.models import HandoutEdition, HandoutPull
from quetsach_portal.web.acts import Refused
from quetsach_public.pages.campaign import LANGUAGES
from tests.portal.participation.handouts.samples import SAID, TOOL, pull

pytestmark = pytest.mark.django_db


def test_an_edition_lasts_while_nothing_changes_and_older_ones_stay(world, with_page) -> None:
    campaign = world.campaign
    giver = HandoutIssuer(SAID, (TOOL,), SAID.office)
    first = editions.refresh_edition(campaign, HandoutKind.SHEET_WINDOWS, "vi", giver)
    assert editions.refresh_edition(campaign, HandoutKind.SHEET_WINDOWS, "vi", giver).pk == first.pk
    other = replace(giver, tools=(replace(TOOL, version="4.3"),))
    second = editions.refresh_edition(campaign, HandoutKind.SHEET_WINDOWS, "vi", other)
    assert (first.number, second.number) == (1, 2)
    assert first.sha256 == hashlib.sha256(bytes(first.content)).hexdigest() != second.sha256
    (row,) = queries.editions(campaign, "vi")
    (same,) = row.by_language
    assert (same.newest, list(same.earlier)) == (second, [first])
    (listed,) = editions.for_site(campaign)
    assert listed.sha256 == second.sha256
    assert [one.sha256 for one in listed.earlier] == [first.sha256]


def test_the_same_edition_made_again_is_the_same_to_the_byte(world, with_page) -> None:
    assert pull(world, HandoutKind.POSTER_A4) == pull(world, HandoutKind.POSTER_A4)


@pytest.mark.parametrize("of", ["", "poster-a4", "poster-a4-xx", "x-vi", "-vi", "../vi-vi"])
def test_what_is_no_material_of_ours_is_told_and_not_counted(world, of: str) -> None:
    assert not editions.count_public(world.nodes["TC01"], of, date(2022, 9, 20), 1)
    assert not HandoutPull.objects.exists()


def test_nothing_is_handed_out_when_the_campaign_does_not_run(world) -> None:
    world.nodes["TC01"].campaign.state = CampaignState.CLOSED
    with pytest.raises(Refused):
        pull(world, HandoutKind.CHAT)


def test_khmer_that_cannot_be_printed_is_refused_in_words_and_its_texts_are_given(
    world, monkeypatch
) -> None:
    monkeypatch.setattr(editions, "can_print", lambda language: language != "km")
    with pytest.raises(Refused, match="Khmer"):
        pull(world, HandoutKind.POSTER_A4, language="km")
    assert pull(world, HandoutKind.CHAT, language="km").content


def test_everything_a_house_can_make_is_kept_once(world, with_page, monkeypatch) -> None:
    monkeypatch.setattr(editions, "handout_pdf", lambda handout: handout.imprint.edition.encode())
    giver = handouts_giver.general_giver(world.campaign)
    monkeypatch.setattr(editions, "can_print", lambda _language: True)
    made = editions.refresh_editions(world.campaign, giver)
    assert len(made) == len(HandoutKind) * len(LANGUAGES) == HandoutEdition.objects.count()
    assert [row.pk for row in editions.refresh_editions(world.campaign, giver)] == [
        row.pk for row in made
    ]
    assert len(editions.for_site(world.campaign)) == len(made)
    assert {row.kind for row in made} > set(TEXTS)
