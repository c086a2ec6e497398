"""The public page lists what the campaign hands out, in the editions that were made."""

import pytest

from quetsach_portal.campaigns.public_page import PublicPage
from quetsach_portal.participation.handouts import editions, giver
from quetsach_portal.participation.models.handouts import HandoutEdition
from quetsach_portal.publishing import actions, materials, site
from quetsach_portal.publishing.folder import CannotWrite
from quetsach_public.pages.site import read_site
from tests.portal.access.publishing import SAID

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quickly(monkeypatch) -> None:
    """Set no type: what is on paper is looked at in tests/portal/handouts."""
    monkeypatch.setattr(editions, "handout_pdf", lambda handout: repr(handout).encode())
    monkeypatch.setattr(editions, "can_print", lambda language: language != "km")


def test_the_site_has_the_files_that_were_made(shown, folder) -> None:
    assert materials.write_materials(folder).startswith(str(HandoutEdition.objects.count()))
    site.write_site(folder)
    pages = read_site(folder / "site").pages
    poster = HandoutEdition.objects.get(kind="poster-a4", language="vi")
    name = f"/static/tai-lieu/poster-a4-vi-b1-{poster.sha256[:8]}.pdf"
    assert pages[name].plain == bytes(poster.content)
    assert "Áp phích A4" in pages["/tai-lieu"].plain.decode()
    # No typeface for Khmer here: its page says so, and names the other languages.
    khmer = pages["/km/tai-lieu"].plain.decode()
    assert "PDF ភាសាខ្មែរ" in khmer
    assert "chat-km" in khmer


def test_written_twice_there_is_one_edition(shown, folder) -> None:
    first = materials.write_materials(folder)
    assert materials.write_materials(folder) == first
    assert set(HandoutEdition.objects.values_list("number", flat=True)) == {1}


def test_a_new_name_of_the_campaign_is_a_new_edition(shown, folder, owner) -> None:
    materials.write_materials(folder)
    actions.save_page(shown.campaign, {**SAID, "title": "Đợt hai"}, actor=owner)
    materials.write_materials(folder)
    assert HandoutEdition.objects.filter(kind="poster-a4", language="vi").count() == 2


def test_without_an_address_nothing_is_printed_that_leads_nowhere(shown, folder, owner) -> None:
    PublicPage.objects.update(address="")
    with pytest.raises(CannotWrite):
        materials.write_materials(folder)
    assert giver.published_content(shown.campaign) is None
