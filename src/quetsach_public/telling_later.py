"""The offer on a ticket's page to be told in this browser; off unless the owner names a contact."""

import json
from collections.abc import Mapping
from datetime import datetime
from html import escape
from importlib.resources import files
from typing import Any

from quetsach_public.joining import fields
from quetsach_public.limits import PaceLimits
from quetsach_public.pages.campaign import LANGUAGES
from quetsach_public.pages.filling import filled
from quetsach_public.responses import PublicResponse
from quetsach_public.sealed_tickets import TicketSeals, TicketState
from quetsach_public.settings import Settings
from quetsach_public.waiting_pushes import WaitingPush, WaitingPushes
from quetsach_public.web_push import PushSigner, subscription_of

PATH = "/hoi-lai/bao-tin"
WORKER = "/hoi-lai-bao-tin.js"

RATE, BURST = 30 / 3_600, 30.0
"""Browsers of one address that ask to be told: 30 at once, then 30 an hour."""


class PushDesk:
    """Offers and takes subscriptions; where it is off, there is neither offer nor address."""

    def __init__(self, settings: Settings, seals: TicketSeals) -> None:
        self._is_on, self._seals = bool(settings.push), seals
        if self._is_on:
            self._signer = PushSigner(settings.run / "push.vapid", settings.push)
            self._waiting = WaitingPushes(settings.run)
        self._paces = PaceLimits(RATE, BURST)

    @property
    def is_on(self) -> bool:
        """True where the owner turned it on."""
        return self._is_on

    def offer(self, frames: Mapping[str, Any], ticket: str) -> str:
        """Return the part of the ticket's page, "" where it is off."""
        if not self._is_on:
            return ""
        slots = {"ticket": escape(ticket, quote=True), "key": self._signer.public}
        return filled(frames["later_push"], slots).decode()

    def worker(self) -> PublicResponse:
        """Return the script that shows the message when it comes."""
        script = files("quetsach_public.pages").joinpath("static/push-worker.js").read_bytes()
        headers = [("Cache-Control", "no-cache")]
        return PublicResponse(
            "200 OK", script, kind="text/javascript; charset=utf-8", headers=headers
        )

    def take(self, body: str, language: str, now: datetime, *, number: int) -> PublicResponse:
        """Keep a subscription beside its ticket until it was told; the status says what became."""
        sent = fields(body)
        subscription = subscription_of(sent)
        state, _ticket = self._seals.open(sent.get("phieu", ""), now.date())
        if subscription is None or state is not TicketState.GOOD or language not in LANGUAGES:
            return _said("400 Bad Request", "not-taken")
        if not self._paces.within(number):
            return _said("429 Too Many Requests", "busy")
        waiting = WaitingPush(subscription, sent["phieu"], language)
        if not self._waiting.keep(waiting, now.date()):
            return _said("503 Service Unavailable", "busy")
        return _said("200 OK", "kept")


def _said(status: str, word: str) -> PublicResponse:
    headers = [("Cache-Control", "no-store")]
    body = json.dumps({"said": word}).encode()
    return PublicResponse(status, body, kind="application/json", headers=headers)
