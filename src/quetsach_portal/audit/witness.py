"""Browsers as witnesses: a signed head of the chain, carried from sign-in to sign-in.

Units of all levels sign in. Each browser keeps the head that it was given last; a chain that was
written anew meanwhile differs from what they carry, whoever has the database and the key.
"""

import base64
import logging
from enum import StrEnum

import msgspec
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from quetsach_portal.audit.anchors import (
    Anchor,
    make_anchor,
    office_keys,
    read_anchors,
    unlike_chain,
)
from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.audit.record import Actor, record
from quetsach_portal.web.public_address import cookie_name

log = logging.getLogger(__name__)

COOKIE = "trail-head"
_YEAR_S = 365 * 24 * 3600
_MOST_CHARACTERS = 2000


class WitnessResult(StrEnum):
    """What a carried head says of the chain."""

    NOTHING = "nothing"
    AGREES = "agrees"
    DIFFERS = "differs"


def take_witness(request: HttpRequest, actor: Actor, unit_path: str) -> WitnessResult:
    """Hold the head that the browser carries against the chain; each result is an act.

    That it agrees is recorded once a day and unit; that it differs, always. What is no head signed
    by this portal is passed over: anybody can write a cookie.
    """
    carried = _carried(request)
    if carried is None:
        return WitnessResult.NOTHING
    faults = list(unlike_chain([(1, carried)], office_keys()))
    if any(not fault.is_of_chain for fault in faults):
        return WitnessResult.NOTHING
    detail = {"seq": carried.seq, "digest": carried.digest[:16], "at": carried.at}
    if faults:
        log.error("a browser carries another row %s of the trail", carried.seq)
        _record("trail.contradicted", actor, unit_path, detail)
        return WitnessResult.DIFFERS
    today = AuditEvent.objects.filter(
        action="trail.witnessed", unit_path=unit_path, at__date=timezone.localdate()
    )
    if not today.exists():
        _record("trail.witnessed", actor, unit_path, detail)
    return WitnessResult.AGREES


def _record(action: str, actor: Actor, unit_path: str, detail: dict[str, object]) -> None:
    with transaction.atomic():
        facts = {"actor": actor, "kind": "trail", "object_id": detail["seq"]}
        record(action, **facts, unit_path=unit_path, detail=detail)  # type: ignore[arg-type]


def give_witness(response: HttpResponse) -> None:
    """Let the browser carry the head of now: it names no person and no unit."""
    anchor = make_anchor()
    if anchor is None:
        return
    cookie = base64.urlsafe_b64encode(msgspec.json.encode(anchor)).decode().rstrip("=")
    response.set_cookie(
        cookie_name(COOKIE, path="/account/"),
        cookie,
        max_age=_YEAR_S,
        path="/account/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _carried(request: HttpRequest) -> Anchor | None:
    cookie = request.COOKIES.get(cookie_name(COOKIE, path="/account/"), "")
    if not cookie or len(cookie) > _MOST_CHARACTERS:
        return None
    try:
        raw = base64.urlsafe_b64decode(cookie + "=" * (-len(cookie) % 4))
    except ValueError:
        return None
    anchors, _faults = read_anchors(raw)
    return anchors[0][1] if len(anchors) == 1 else None
