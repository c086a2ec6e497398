"""Acts: make and replace codes, and count somebody who takes part."""

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models import CampaignNode, CampaignState
from quetsach_portal.participation import tickets
from quetsach_portal.participation.capped import Act, count_many
from quetsach_portal.participation.models import JoinCode, JoinKind, JoinTally
from quetsach_portal.people.models import User
from quetsach_portal.web.problems import Refused
from quetsach_public import short_codes


@dataclass(frozen=True)
class Said:
    """What somebody says of the own machine; nothing of it is proven, and it is shown so."""

    checked: bool = False
    flagged: bool = False
    cleaned: bool = False


def make_codes(node: CampaignNode, *, actor: User) -> list[JoinCode]:
    """Return the open codes of `node`, one a kind, made where there was none."""
    with transaction.atomic():
        CampaignNode.objects.select_for_update().get(pk=node.pk)
        there = {one.kind: one for one in node.join_codes.filter(ended_at__isnull=True)}
        missing = [kind for kind in JoinKind if kind not in there]
        if missing:
            record(
                "participation.codes_made",
                actor=actor,
                kind="node",
                object_id=node.pk,
                unit_path=node.unit.path,
                detail={"kinds": [str(kind) for kind in missing]},
            )
        for kind in missing:
            there[kind] = _new(node, kind)
        return [there[kind] for kind in JoinKind]


def replace_code(code: JoinCode, *, actor: User) -> JoinCode:
    """Return a new code in the place of `code`, which leads on for thirty days and counts no more.

    Errors: Refused when it was replaced before.
    """
    with transaction.atomic():
        held = JoinCode.objects.select_for_update().select_related("node__unit").get(pk=code.pk)
        if held.ended_at is not None:
            raise Refused(_("This code has been replaced already."))
        record(
            "participation.code_replaced",
            actor=actor,
            kind="node",
            object_id=held.node_id,
            unit_path=held.node.unit.path,
            detail={"kind": held.kind},
        )
        held.ended_at = timezone.now()
        held.save(update_fields=["ended_at"])
        return _new(held.node, held.kind)


def join(code: JoinCode, ticket: str, said: Said) -> bool:
    """Count one more who takes part by `code`; False when this page was counted before.

    No trail and no row of the person: a counter moves, and that is all.
    Errors: Refused when the campaign does not run, or the page is too old.
    """
    if code.node.campaign.state != CampaignState.LIVE:
        raise Refused(_("The campaign is not running, so nothing is counted."))
    if not tickets.is_of(ticket, code):
        raise Refused(_("This page has been open too long. Load it again; nothing was counted."))
    now = timezone.now()
    with transaction.atomic():
        if not tickets.use(ticket):
            return False
        _count(code, said, now)
    return True


def _count(code: JoinCode, said: Said, now: datetime) -> None:
    hour = now.replace(minute=0, second=0, microsecond=0)
    day = timezone.localdate(now)

    def is_over(act: Act) -> bool:
        return bool(count_many(code.node, code, act, day=day, hour=hour, many=1))

    if is_over(Act.JOINED):
        return
    for act in [Act.SCANNED] * said.checked + [Act.CLEANED] * said.cleaned:
        is_over(act)
    if said.flagged:
        row = JoinTally.objects.filter(node=code.node, kind=code.kind, day=day)
        row.update(flagged=F("flagged") + 1)


def _new(node: CampaignNode, kind: str) -> JoinCode:
    short = short_codes.drawn(secrets.randbelow)
    while JoinCode.objects.filter(short=short).exists():
        short = short_codes.drawn(secrets.randbelow)
    return JoinCode.objects.create(node=node, kind=kind, code=_random_code(), short=short)


def _random_code() -> str:
    # 130 bits in letters and digits that nobody mixes up when reading them from paper.
    return base64.b32encode(secrets.token_bytes(17)).decode()[:26].lower()
