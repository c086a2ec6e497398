"""Lots of slips: print one, revoke a lost one, strike what was pressed from it.

A code is on the paper alone. The database keeps its keyed digest: from a copy of the database no
code can be found, and the time of a look-up says nothing, as it depends on the digest and not on
the code. The key comes from the portal's secret key; earlier keys (SECRET_KEY_FALLBACKS) still
find their slips.
"""

import secrets
from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, CampaignState
from quetsach_portal.campaigns.scope import node_for, node_scope
from quetsach_portal.participation.actions import own_node
from quetsach_portal.participation.models import Slip, SlipLot
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope, get_or_404
from quetsach_portal.web.acts import Refused
from quetsach_public import codes

ON_A_SHEET = 24
MOST_SHEETS = 10
"""Sheets of one lot; a larger unit prints several lots."""

SPARE, SPARE_SHARE = 5, 10
"""A unit may have so many more slips in use than staff, or a tenth of them: people come and go."""

MOST_OF_UNKNOWN = 240
"""Slips in use of a unit whose staff the register does not know."""


def digests(code: str) -> list[str]:
    """Return the digests under which a plain slip code may be kept, the newest key's first."""
    return [_digest(code, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _digest(code: str, key: str | bytes) -> str:
    hmac = salted_hmac("quetsach slip code", code, secret=key, algorithm="sha256")
    return str(hmac.hexdigest())


def most_in_use(node: CampaignNode) -> int:
    """Return how many slips of `node` may be in use at once, pressed ones included."""
    return node.staff + max(SPARE, node.staff // SPARE_SHARE) if node.staff else MOST_OF_UNKNOWN


def in_use(node: CampaignNode) -> int:
    """Return how many slips of `node` count or may still count. Cost: one query."""
    live = Q(lot__revoked_at__isnull=True) | Q(is_used=True)
    return Slip.objects.filter(live, lot__node=node, lot__struck_at__isnull=True).count()


def print_lot(node: CampaignNode, size: int, *, actor: User) -> tuple[SlipLot, Sequence[str]]:
    """Return a new lot of `size` slips with its codes, which are nowhere else from now on.

    Errors: Refused when the campaign is over, or the unit would have more slips than people.
    """
    if not 0 < size <= ON_A_SHEET * MOST_SHEETS:
        most = ON_A_SHEET * MOST_SHEETS
        raise Refused(_("Print between 1 and %(most)s slips at once.") % {"most": most})
    if node.campaign.state not in (CampaignState.READY, CampaignState.LIVE):
        raise Refused(_("Slips are printed while the campaign is ready or running."))
    with transaction.atomic():
        node = CampaignNode.objects.select_for_update(of=("self",)).get(pk=node.pk)
        free = most_in_use(node) - in_use(node)
        if size > free:
            reason = _(
                "At most %(free)s more slips can be printed: a unit has as many as it has staff, "
                "and a few to spare. Revoke a lot that was lost first."
            )
            raise Refused(reason % {"free": max(0, free)})
        _record("participation.slips_printed", node, actor, {"count": size})
        lot = SlipLot.objects.create(node=node, size=size)
        texts = [codes.drawn(secrets.randbelow, codes.SLIP_LENGTH) for _ in range(size)]
        # In the order of the digests: a row says nothing of its place on the sheets.
        rows = sorted(_digest(code, settings.SECRET_KEY) for code in texts)
        Slip.objects.bulk_create([Slip(digest=digest, lot=lot) for digest in rows], batch_size=500)
    return lot, texts


def revoke(lot: SlipLot, *, actor: User) -> None:
    """Revoke a lot: its slips count no more; what was pressed stays. Errors: Refused, twice."""
    with transaction.atomic():
        lot = SlipLot.objects.select_for_update(of=("self",)).select_related("node").get(pk=lot.pk)
        if lot.revoked_at is not None:
            raise Refused(_("This lot has already been revoked."))
        _record("participation.slips_revoked", lot.node, actor, {"count": lot.size})
        lot.revoked_at = timezone.now()
        lot.save(update_fields=["revoked_at"])


def strike(lot: SlipLot, reason: str, *, actor: User) -> None:
    """Take out of the figures what was pressed from a revoked lot; `reason` stays with the name.

    Errors: Refused without a reason, before the lot is revoked, or a second time.
    """
    if not reason.strip():
        raise Refused(_("Say why these presses do not count."), field="reason")
    with transaction.atomic():
        lot = SlipLot.objects.select_for_update(of=("self",)).select_related("node").get(pk=lot.pk)
        if lot.revoked_at is None:
            raise Refused(_("Revoke the lot first."))
        if lot.struck_at is not None:
            raise Refused(_("What was pressed from this lot is already left out."))
        pressed = lot.slips.filter(is_used=True).count()
        detail = {"count": pressed, "reason": reason.strip()[:300]}
        _record("participation.slips_struck", lot.node, actor, detail)
        lot.struck_at, lot.struck_reason = timezone.now(), reason.strip()[:300]
        lot.save(update_fields=["struck_at", "struck_reason"])


def _record(act: str, node: CampaignNode, actor: User, detail: dict[str, object]) -> None:
    record(
        act,
        actor=actor,
        kind="node",
        object_id=node.pk,
        unit_path=node.unit.path,
        detail=detail,
    )


def lots_of(node: CampaignNode) -> Sequence[SlipLot]:
    """Return the lots of `node`, newest first, each with `pressed`: how many were."""
    pressed = Count("slips", filter=Q(slips__is_used=True))
    return list(node.slip_lots.annotate(pressed=pressed).order_by("-pk"))


def own_lot(scope: Scope, lot_id: int) -> SlipLot:
    """Return the lot if the person hands out the slips of its unit.

    Errors: Http404 where it may not be seen, PermissionDenied where it may.
    """
    lot = get_or_404(SlipLot.objects.filter(pk=lot_id).select_related("node__campaign"))
    own_node(scope, lot.node_id)
    return lot


ANSWERS_FOR = (Role.FOCAL_POINT, Role.COMPILER, Role.LEAD_OWNER, Role.SIGNER)
"""Who may say that a burst was people: those who answer for the unit's report."""


def answering_node(scope: Scope, node_id: int) -> CampaignNode:
    """Return the node for whose presses the person answers. Errors: as `own_node`."""
    node = node_for(scope, node_id)
    if not answers_for(scope, node):
        raise PermissionDenied(_("Only the people who report for the unit confirm its presses."))
    return node


def answers_for(scope: Scope, node: CampaignNode) -> bool:
    """True when the person may confirm the presses of `node`."""
    return node_scope(scope, node.campaign).has_role_in(node, *ANSWERS_FOR)


def purge(campaign: Campaign) -> dict[str, int]:
    """Return how many slips of an archived campaign were deleted: nobody can press them any more.

    Lots, hours and words about bursts stay. The caller holds the transaction.
    """
    return {"slips": Slip.objects.filter(lot__node__campaign=campaign).delete()[0]}
