"""The folder is written part by part; what fails is told and stops no other."""

from functools import partial

import pytest

from quetsach_portal.campaigns.public_page import PublicPage
from quetsach_portal.jobs.models import Job
from quetsach_portal.participation.handouts import editions, giver
from quetsach_portal.participation.models import HandoutEdition
from quetsach_portal.people.models.roles import Role
from quetsach_portal.publishing import actions, queries, writing
from quetsach_portal.publishing.folder import CannotWrite, Writer
from quetsach_portal.publishing.writing import WRITE, WRITERS, write_folder
from quetsach_portal.web.acts import Refused
from quetsach_public.pages.campaign import read_campaign
from quetsach_public.pages.site import read_site
from tests.portal.access.publishing import SAID
from tests.portal.publishing.writers import write_site_alone
from tests.portal.working import run_ready
from tests.portal.world import make_campaign

pytestmark = pytest.mark.django_db


def test_opening_the_page_has_the_pages_written(shown, folder) -> None:
    pages = [one for one in WRITERS if one.write is writing.write_site]
    run_ready(handlers={WRITE: partial(write_folder, writers=pages)})
    assert read_campaign(folder / "campaign.json").domains == ("quetsach.example",)
    assert read_site(folder / "site").pages["/"]
    (part,) = [one for one in queries.parts() if one.what == writing.SITE_LABEL]
    assert part.run is not None
    assert part.run.problem == ""


def test_what_is_asked_for_again_is_written_once(shown, folder) -> None:
    writing.enqueue_writing()
    writing.enqueue_writing()
    asked = Job.objects.filter(kind=WRITE, state="ready").count()
    written: list[str] = []
    parts = [Writer("counted", lambda _folder: written.append("once"), writing.SITE_LABEL)]
    run_ready(handlers={WRITE: partial(write_folder, writers=parts)})
    assert asked >= 2
    assert written == ["once"]
    assert Job.objects.filter(kind=WRITE, state="done").count() == asked


def test_nothing_is_written_while_no_page_is_shown(world, owner, folder) -> None:
    actions.save_page(world.campaign, SAID, actor=owner)
    assert not Job.objects.filter(kind="publishing.write").exists()
    with pytest.raises(Refused):
        actions.write_now(world.campaign, actor=owner)


def test_one_campaign_at_a_time_is_shown(shown, owner) -> None:
    first, other = shown.campaign, make_campaign(shown, lead="KH")
    other.state = "live"
    other.save()
    actions.save_page(other, SAID, actor=owner)
    with pytest.raises(Refused):
        actions.show(other, actor=owner)
    actions.close(first, reason="hết việc", actor=owner)
    actions.show(other, actor=owner)


def test_a_page_is_closed_with_a_reason_and_shown_again(shown, owner, folder, client_of) -> None:
    write_site_alone()
    assert not read_site(folder / "site").is_closed
    chief, campaign = client_of("TC", Role.LEAD_OWNER), shown.campaign
    address = f"/public-page/campaigns/{campaign.pk}/"
    assert "error-summary" in chief.post(f"{address}close/", {"reason": " "}).content.decode()
    assert PublicPage.objects.get().is_shown
    assert chief.post(f"{address}close/", {"reason": "Danh sách sai"}).status_code == 302
    write_site_alone()
    closed = read_site(folder / "site")
    assert closed.is_closed
    assert "Phòng Văn hóa" in closed.pages["/"].plain.decode()
    assert "Danh sách sai" not in closed.pages["/"].plain.decode()
    assert "Danh sách sai" in chief.get(address).content.decode()
    (part,) = queries.parts()
    assert (str(part.what), part.run.problem) == ("Thông báo trang đã đóng", "")
    actions.show(campaign, actor=owner)
    write_site_alone()
    assert not read_site(folder / "site").is_closed
    assert PublicPage.objects.get().closed_at is None


@pytest.fixture
def quickly(monkeypatch) -> None:
    """Set no type: what is on paper is looked at in tests/portal/handouts."""
    monkeypatch.setattr(editions, "handout_pdf", lambda handout: repr(handout).encode())
    monkeypatch.setattr(editions, "can_print", lambda language: language != "km")


def test_the_site_has_the_files_that_were_made(shown, folder, quickly) -> None:
    assert writing.write_materials(folder).startswith(str(HandoutEdition.objects.count()))
    writing.write_site(folder)
    pages = read_site(folder / "site").pages
    poster = HandoutEdition.objects.get(kind="poster-a4", language="vi")
    name = f"/static/tai-lieu/poster-a4-vi-b1-{poster.sha256[:8]}.pdf"
    assert pages[name].plain == bytes(poster.content)
    assert "Áp phích A4" in pages["/tai-lieu"].plain.decode()
    # No typeface for Khmer here: its page says so, and names the other languages.
    khmer = pages["/km/tai-lieu"].plain.decode()
    assert "PDF ភាសាខ្មែរ" in khmer
    assert "chat-km" in khmer


def test_written_twice_there_is_one_edition(shown, folder, quickly) -> None:
    first = writing.write_materials(folder)
    assert writing.write_materials(folder) == first
    assert set(HandoutEdition.objects.values_list("number", flat=True)) == {1}


def test_a_new_name_of_the_campaign_is_a_new_edition(shown, folder, owner, quickly) -> None:
    writing.write_materials(folder)
    actions.save_page(shown.campaign, {**SAID, "title": "Đợt hai"}, actor=owner)
    writing.write_materials(folder)
    assert HandoutEdition.objects.filter(kind="poster-a4", language="vi").count() == 2


def test_without_an_address_nothing_is_printed_that_leads_nowhere(
    shown, folder, owner, quickly
) -> None:
    PublicPage.objects.update(address="")
    with pytest.raises(CannotWrite):
        writing.write_materials(folder)
    assert giver.published_content(shown.campaign) is None
