"""Press a slip: it counts once, however many press it at once and wherever."""

from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import F

from quetsach_portal.campaigns.models.campaign import COUNTED, CampaignState
from quetsach_portal.participation.models import Slip, SlipHour, SlipLot
from quetsach_portal.participation.slips.lots import digests
from quetsach_public import codes


class SlipPress(StrEnum):
    """What became of a press."""

    COUNTED = "counted"
    USED = "used"
    UNKNOWN = "unknown"
    REVOKED = "revoked"
    NOT_RUNNING = "not-running"


def is_slip(text: str) -> bool:
    """True when `text` is a slip's code by its form and check character."""
    return bool(codes.plain(text, codes.SLIP_LENGTH))


def press(text: str, hour: datetime) -> SlipPress:
    """Count the slip whose code is `text` in `hour`, and return what became of it.

    Cost: one look-up by digest, one locked lot; presses of one lot wait for each other.
    """
    code = codes.plain(text, codes.SLIP_LENGTH)
    if not code:
        return SlipPress.UNKNOWN
    with transaction.atomic():
        slip = Slip.objects.filter(digest__in=digests(code)).first()
        if slip is None:
            return SlipPress.UNKNOWN
        # Who revokes the lot waits here, so that no press is lost or counted afterwards.
        lots = SlipLot.objects.select_for_update(of=("self",)).select_related("node__campaign")
        lot = lots.get(pk=slip.lot_id)
        if lot.node.campaign.state != CampaignState.LIVE:
            return SlipPress.NOT_RUNNING
        if lot.revoked_at is not None or lot.node.state not in COUNTED:
            return SlipPress.REVOKED
        unused = Slip.objects.filter(pk=slip.pk, is_used=False)
        if not unused.update(is_used=True):
            return SlipPress.USED
        SlipHour.objects.get_or_create(lot=lot, hour=hour)
        SlipHour.objects.filter(lot=lot, hour=hour).update(pressed=F("pressed") + 1)
    return SlipPress.COUNTED
