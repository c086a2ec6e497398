"""Create and replace join codes, count participants, and add them up in the tree."""

import base64
import secrets
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.counters import above_and_self
from quetsach_portal.campaigns.models.campaign import (
    Campaign,
    CampaignNode,
    CampaignState,
    NodeCounter,
)
from quetsach_portal.campaigns.scope import node_for, node_scope
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.participation import counting_limits
from quetsach_portal.participation.counting_limits import JoinAct, count_many
from quetsach_portal.participation.models import JoinCode, JoinCounter, JoinKind
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope, get_or_404
from quetsach_portal.web.acts import Refused
from quetsach_public import codes


@dataclass(frozen=True)
class JoinAnswers:
    """The answers about one's own machine; they are unproven, and shown as such."""

    checked: bool = False
    flagged: bool = False
    cleaned: bool = False


def make_codes(node: CampaignNode, *, actor: User) -> list[JoinCode]:
    """Return the open codes of `node`, one per kind; missing ones are created."""
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
    """Return a new code that replaces `code`, which redirects for thirty days and no longer counts.

    Errors: Refused when it was replaced before.
    """
    with transaction.atomic():
        code = JoinCode.objects.select_for_update().select_related("node__unit").get(pk=code.pk)
        if code.ended_at is not None:
            raise Refused(_("This code has already been replaced."))
        record(
            "participation.code_replaced",
            actor=actor,
            kind="node",
            object_id=code.node_id,
            unit_path=code.node.unit.path,
            detail={"kind": code.kind},
        )
        code.ended_at = timezone.now()
        code.save(update_fields=["ended_at"])
        return _new(code.node, code.kind)


def join(code: JoinCode, ticket: str, answers: JoinAnswers) -> bool:
    """Count a participant with `code`; False when this page was counted before.

    No trail and no row of the person: a counter moves, and that is all.
    Errors: Refused when the campaign does not run, or the page is too old.
    """
    if code.node.campaign.state != CampaignState.LIVE:
        raise Refused(_("The campaign is not running, so nothing is counted."))
    if not counting_limits.is_of(ticket, code):
        raise Refused(_("This page has been open too long. Reload it; nothing was counted."))
    now = timezone.now()
    with transaction.atomic():
        if not counting_limits.use(ticket):
            return False
        _count(code, answers, now)
    return True


def _count(code: JoinCode, answers: JoinAnswers, now: datetime) -> None:
    hour = now.replace(minute=0, second=0, microsecond=0)
    day = timezone.localdate(now)

    def is_over(act: JoinAct) -> bool:
        return bool(count_many(code.node, code, act, day=day, hour=hour, many=1))

    if is_over(JoinAct.JOINED):
        return
    for act in [JoinAct.SCANNED] * answers.checked + [JoinAct.CLEANED] * answers.cleaned:
        is_over(act)
    if answers.flagged:
        row = JoinCounter.objects.filter(node=code.node, kind=code.kind, day=day)
        row.update(flagged=F("flagged") + 1)


def _new(node: CampaignNode, kind: str) -> JoinCode:
    short = codes.drawn(secrets.randbelow)
    while JoinCode.objects.filter(short=short).exists():
        short = codes.drawn(secrets.randbelow)
    # 130 bits in letters and digits that cannot be confused when read from paper.
    code = base64.b32encode(secrets.token_bytes(17)).decode()[:26].lower()
    return JoinCode.objects.create(node=node, kind=kind, code=code, short=short)


HANDS_OUT = (Role.FOCAL_POINT, Role.COMPILER, Role.LEAD_OWNER)


def own_node(scope: Scope, node_id: int) -> CampaignNode:
    """Return the node whose codes the person hands out.

    Errors: Http404 where it may not be seen, PermissionDenied where it may.
    """
    node = node_for(scope, node_id)
    if not node_scope(scope, node.campaign).has_role_in(node, *HANDS_OUT):
        raise PermissionDenied(
            _("Only the focal point or compiler of the unit hands out its codes.")
        )
    return node


def own_code(scope: Scope, code_id: int) -> JoinCode:
    """Return the code if the person may hand it out. Errors: as `own_node`."""
    code = get_or_404(JoinCode.objects.filter(pk=code_id).select_related("node__campaign"))
    own_node(scope, code.node_id)
    return code


def code_on_poster(code: str) -> JoinCode:
    """Return the code of a poster, open or replaced. Errors: Http404.

    The code on the poster itself grants access.
    """
    named = JoinCode.objects.select_related("node__campaign", "node__unit")
    typed = codes.plain(code)
    return get_or_404(named.filter(short=typed) if typed else named.filter(code=code[:32].lower()))


def hands_out(scope: Scope, node: CampaignNode) -> bool:
    """True when the person hands out the codes of `node`."""
    return node_scope(scope, node.campaign).has_role_in(node, *HANDS_OUT)


COUNTERS = {
    JoinKind.STAFF: "joined_staff",
    JoinKind.RELATIVE: "joined_relatives",
    JoinKind.PUBLIC: "joined_public",
}


def own_numbers(campaign: Campaign) -> dict[str, dict[int, int]]:
    """Return what each node itself brought into the counters, by their names, for a recount."""
    own: dict[str, dict[int, int]] = {name: {} for name in COUNTERS.values()}
    rows = JoinCounter.objects.filter(node__campaign=campaign)
    for kind, node_id, rolled in rows.values_list("kind", "node_id").annotate(Sum("rolled")):
        own[COUNTERS[JoinKind(kind)]][node_id] = rolled
    return own


def roll_up(work: RunningJob) -> None:
    """Add what is new of each unit and day to the unit and all above it, exactly once."""
    with work.finishing():
        counting_limits.forget_old()
        fresh = JoinCounter.objects.select_for_update().filter(joined__gt=F("rolled"))
        by_node: defaultdict[int, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
        for counter in fresh.select_related("node").order_by("pk")[:5000]:
            more = counter.joined - counter.rolled
            JoinCounter.objects.filter(pk=counter.pk).update(rolled=F("rolled") + more)
            for node_id in above_and_self(counter.node):
                by_node[node_id][COUNTERS[JoinKind(counter.kind)]] += more
        for node_id in sorted(by_node):
            moved = {name: F(name) + more for name, more in by_node[node_id].items()}
            NodeCounter.objects.filter(node_id=node_id).update(**moved)
