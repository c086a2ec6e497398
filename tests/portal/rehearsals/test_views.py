"""The real portal's pages for rehearsals; tests/portal/access says for whom they open."""

from threading import Semaphore

import pytest
from django.http import HttpResponse
from django.test import Client

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.jobs.models import Job
from quetsach_portal.people.models.roles import Role
from quetsach_portal.rehearsals import homes, passing, views
from quetsach_portal.rehearsals.actions import KIND
from quetsach_portal.web.scratch_homes import RehearsalNote, write_note
from tests.portal.campaigns.acting import owner, prepared
from tests.portal.signing_in import signed_in
from tests.portal.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(db: None) -> World:
    return make_world(live=False)


@pytest.fixture
def campaign(register: World) -> Campaign:
    return prepared(register)


@pytest.fixture
def client(register: World) -> Client:
    return signed_in(owner(register))


def noted(campaign: Campaign) -> RehearsalNote:
    folder = homes.new_folder()
    gone_at = "2026-09-21T08:00:00+07:00"
    note = RehearsalNote(folder.name, campaign.pk, "", "2026-09-14T08:00:00+07:00", gone_at)
    write_note(folder, note)
    homes.move_into_place(folder)
    return note


def test_the_preparation_leads_to_the_rehearsal_and_the_button_asks_for_one(
    campaign: Campaign, client: Client
) -> None:
    address = f"/campaigns/{campaign.pk}/rehearsal/"
    for page in ("start/", "dry-run/"):
        assert address in client.get(f"/campaigns/{campaign.pk}/{page}").content.decode()
    assert "Tạo bản diễn tập" in client.get(address).content.decode()
    assert client.post(address, {"act": "make"}).status_code == 302
    assert Job.objects.filter(kind=KIND).count() == 1
    again = client.post(address, {"act": "make"})
    assert "Đang tạo bản diễn tập" in again.content.decode()
    assert Job.objects.filter(kind=KIND).count() == 1


def test_what_stands_there_is_opened_and_deleted(campaign: Campaign, client: Client) -> None:
    note = noted(campaign)
    address = f"/campaigns/{campaign.pk}/rehearsal/"
    page = client.get(address).content.decode()
    assert f'href="/dien-tap/{note.id}/"' in page
    assert "21/09/2026" in page
    for _time in range(2):
        assert client.post(address, {"act": "throw_away"}).status_code == 302
    assert homes.notes() == []


def test_a_rehearsal_without_a_process_is_waited_for(campaign: Campaign, client: Client) -> None:
    note = noted(campaign)
    page = client.get(f"/dien-tap/{note.id}/cases/")
    assert page.status_code == 202
    assert 'http-equiv="refresh" content="2; url=?again=1"' in page.content.decode()
    assert (homes.folder_of(note.id) / "asked").exists()
    sent = client.post(f"/dien-tap/{note.id}/cases/", {"a": "b"})
    assert sent.headers["Location"] == f"/campaigns/{campaign.pk}/rehearsal/"
    assert client.patch(f"/dien-tap/{note.id}/files/uploads/x").status_code == 503


@pytest.mark.parametrize("role", [Role.LEAD_ANALYST, Role.AUDITOR, Role.OPERATOR])
def test_only_an_owner_of_the_campaign_comes_in(
    register: World, campaign: Campaign, role: Role
) -> None:
    note = noted(campaign)
    address = f"/dien-tap/{note.id}/"
    assert signed_in(register.user("TC", role)).get(address).status_code == 403
    assert signed_in(register.user("KH", Role.LEAD_OWNER)).get(address).status_code == 404
    stranger = Client().get(address)
    assert stranger.headers["Location"].startswith("/account/login/?next=/dien-tap/")
    assert not (homes.folder_of(note.id) / "asked").exists()


@pytest.mark.parametrize("path", ["0123456789ab/", "0123456789AB/", "x/", "..%2f..%2f/", ""])
def test_what_is_no_rehearsal_is_not_there(client: Client, path: str) -> None:
    assert client.get(f"/dien-tap/{path}").status_code == 404


def test_enough_at_once_is_said(
    campaign: Campaign, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passing, "_under_way", Semaphore(0))
    page = client.get(f"/dien-tap/{noted(campaign).id}/")
    assert "đang bận" in page.content.decode()


def test_nothing_below_the_path_of_a_rehearsal_is_a_script_of_its_pages(
    campaign: Campaign, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answered(*_given: object) -> HttpResponse:
        return HttpResponse("alert(1)", content_type="text/javascript")

    monkeypatch.setattr(views, "pass_on", answered)
    page = client.get(f"/dien-tap/{noted(campaign).id}/x.js", HTTP_HOST="127.0.0.1:8000")
    rules = page.headers["Content-Security-Policy"].split("; ")
    assert "script-src 127.0.0.1:8000/static/" in rules
    assert "worker-src 'none'" in rules
    assert "style-src 'self'" in rules
    assert "script-src 'self'" in client.get("/").headers["Content-Security-Policy"]
