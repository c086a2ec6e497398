"""What every page of a rehearsal knows."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import ExpectedReport
from quetsach_portal.people.models.account import User
from quetsach_portal.rehearsals.inside import band
from quetsach_portal.rehearsals.inside.band import RehearsalMiddleware, band_of, days_to_deadline
from quetsach_portal.web.scratch_homes import RehearsalNote, write_note
from tests.portal.world import World


@pytest.fixture
def note(home: Path, settings: Any) -> Iterator[RehearsalNote]:
    settings.REHEARSAL = "0123456789ab"
    home.mkdir(parents=True, exist_ok=True)
    of = RehearsalNote(settings.REHEARSAL, 7, "Chiến dịch", "", "2026-09-21T08:00:00+07:00")
    write_note(home, of)
    band.note_here.cache_clear()
    yield of
    band.note_here.cache_clear()


def test_the_band_names_who_it_is_the_day_and_where_it_is_deleted(note: RehearsalNote) -> None:
    request = RequestFactory().get("/")
    request.user = User(email="ky-thuat@dien-tap.example")
    shown = band_of(request)
    assert (shown.person, shown.own_page) == ("ky-thuat", "/campaigns/7/rehearsal/")
    assert shown.gone_on.isoformat() == "2026-09-21"
    assert shown.today == timezone.localdate()
    assert "chu-tri-1" in dict(shown.people)


@pytest.mark.parametrize(
    "email", ["", "ky-thuat@coquan.example", "nguoi-1@dien-tap.example", "x@dien-tap.example"]
)
def test_only_made_up_people_are_named(note: RehearsalNote, email: str) -> None:
    request = RequestFactory().get("/")
    request.user = User(email=email) if email else AnonymousUser()
    assert band_of(request).person == ""


def test_nobody_is_asked_for_a_password(note: RehearsalNote) -> None:
    middleware = RehearsalMiddleware(lambda _request: HttpResponse("page"))
    request = RequestFactory().get("/join/abc/")
    request.user = AnonymousUser()
    assert middleware(request).content == b"page"
    assert request.rehearsal.person == ""


def test_a_real_portal_cannot_have_the_middleware_of_a_rehearsal(settings: Any) -> None:
    assert settings.REHEARSAL == ""
    with pytest.raises(RuntimeError):
        RehearsalMiddleware(lambda _request: HttpResponse())
    assert not [name for name in settings.MIDDLEWARE if "rehears" in name]


def test_the_jump_leads_behind_the_next_deadline(world: World) -> None:
    now = timezone.now()
    slots = list(ExpectedReport.objects.order_by("pk"))
    assert len(slots) > 1
    ExpectedReport.objects.update(due_at=now - timedelta(days=1))
    assert days_to_deadline(world.campaign) is None
    for slot, hours in zip(slots, (23, 49), strict=False):
        ExpectedReport.objects.filter(pk=slot.pk).update(due_at=now + timedelta(hours=hours))
    assert days_to_deadline(world.campaign) == 1
    ExpectedReport.objects.filter(pk=slots[0].pk).update(due_at=now)
    assert days_to_deadline(world.campaign) == 3
