"""Say that the letter was received: the unit itself, or for it the office above with a proof."""

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models import CampaignNode
from quetsach_portal.campaigns.steps import reach
from quetsach_portal.files.actions import keep
from quetsach_portal.followup.actions.running import locked_node, noted
from quetsach_portal.followup.models import Method, Receipt
from quetsach_portal.people.models import User
from quetsach_portal.web.problems import Refused


def confirm_receipt(node: CampaignNode, *, actor: User) -> Receipt:
    """Return the unit's receipt; pressing twice, in two tabs or by two people changes nothing.

    Errors: Refused when the campaign does not run.
    """
    with transaction.atomic():
        row = locked_node(node)
        held = Receipt.objects.filter(node=row).first()
        if held is not None:
            return held
        return _received(Receipt(node=row, by=actor, received_at=timezone.now()), row, actor)


def record_receipt(
    node: CampaignNode,
    proof: "UploadedFile[bytes]",
    *,
    said_by: str,
    received_at: datetime,
    note: str,
    actor: User,
) -> Receipt:
    """Return the receipt that the office above recorded, by telephone, paper or in person.

    Errors: Refused without a proof of the right kind, for a day to come, or when the unit has
    confirmed itself.
    """
    if received_at > timezone.now():
        raise Refused(_("This lies in the future."), field="day")
    kept = keep(proof, purpose="proof", owner_path=node.unit.path, actor=actor)
    with transaction.atomic():
        row = locked_node(node)
        if Receipt.objects.filter(node=row).exists():
            raise Refused(_("The receipt is on record already."))
        made = Receipt(
            node=row,
            by=actor,
            method=Method.ON_BEHALF,
            received_at=received_at,
            said_by=said_by,
            proof=kept,
            note=note,
        )
        return _received(made, row, actor)


def _received(receipt: Receipt, node: CampaignNode, actor: User) -> Receipt:
    receipt.save(force_insert=True)
    noted("receipt.confirmed", receipt, node, actor, method=receipt.method)
    # Whoever says that they received it has been told, on whatever way.
    reach(node, "told", receipt.received_at)
    reach(node, "received", receipt.received_at)
    return receipt
