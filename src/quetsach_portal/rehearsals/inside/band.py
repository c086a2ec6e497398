"""What every page of a rehearsal knows: its band, its day, as whom it is seen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import Campaign, ExpectedReport
from quetsach_portal.rehearsals.people import PEOPLE, key_of
from quetsach_portal.web.scratch_homes import RehearsalNote, read_note


@dataclass(frozen=True)
class RehearsalBand:
    """What the band says and offers.

    Shapes: `people` are keys with titles; `person` is the key of who it is seen as, "" for nobody;
    `own_page` is the page about this rehearsal in the real portal, where it is deleted.
    """

    today: date
    gone_on: date
    person: str
    people: list[tuple[str, Any]]
    own_page: str


def band_of(request: HttpRequest) -> RehearsalBand:
    """Return the band for who asks."""
    note = note_here()
    return RehearsalBand(
        today=timezone.localdate(),
        gone_on=note.gone_on,
        person=key_of(request.user) if request.user.is_authenticated else "",
        people=[(person.key, person.title) for person in PEOPLE],
        # Without the path of the rehearsal before it: this page is one of the real portal.
        own_page=f"/campaigns/{note.campaign_id}/rehearsal/",
    )


@cache
def note_here() -> RehearsalNote:
    """Return what is known of the rehearsal that this process serves."""
    note = read_note(settings.QUETSACH.home)
    assert note is not None
    return note


class RehearsalMiddleware:
    """Gives each request its band, and leads who is nobody yet to the choice of a person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.REHEARSAL:
            raise RuntimeError("only a rehearsal has this middleware")
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        request.rehearsal = band_of(request)  # type: ignore[attr-defined]  # read by web/frame.py
        if not request.user.is_authenticated and request.path_info.startswith("/account/"):
            # Nobody has a password here.
            return redirect(reverse("rehearsal:see_as"))
        return self.get_response(request)


def rehearsed_campaign() -> Campaign:
    """Return the campaign of this rehearsal: there is no other."""
    return Campaign.objects.select_related("lead_unit", "release_file").order_by("pk")[0]


def days_to_deadline(campaign: Campaign) -> int | None:
    """Return how many days lead behind the next deadline of a unit, None after the last one."""
    now = timezone.now()
    slots = ExpectedReport.objects.filter(phase__campaign=campaign, due_at__gt=now)
    due_at = slots.order_by("due_at").values_list("due_at", flat=True).first()
    return None if due_at is None else (due_at - now).days + 1
