"""The acts of a unit's first page, each made of acts of other apps."""

from dataclasses import dataclass
from uuid import UUID

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.campaigns.scope import node_scope
from quetsach_portal.files.actions import FileUpload
from quetsach_portal.followup.access import SAYS_DEPLOYED
from quetsach_portal.followup.actions.declaring import confirm_receipt, declare_begun
from quetsach_portal.intake.actions import begin_and_send
from quetsach_portal.intake.models import Submission
from quetsach_portal.intake.submission_page import COLLECTOR
from quetsach_portal.looks.machines import say_no_logs, state_total
from quetsach_portal.participation.actions import hands_out, make_codes
from quetsach_portal.people.models.account import User
from quetsach_portal.people.roles.scope import Scope


def receive_and_invite(node: CampaignNode, *, scope: Scope, actor: User) -> None:
    """Confirm the receipt; who hands out the unit's codes gets them made with it.

    Errors: Refused when the campaign does not run.
    """
    confirm_receipt(node, actor=actor)
    if hands_out(scope, node):
        make_codes(node, actor=actor)


@dataclass(frozen=True)
class HandIn:
    """What the collector brought back, and what the unit says beside it.

    Shapes: `machines` is None where nothing was said of their number.
    """

    upload: FileUpload
    token: UUID
    machines: int | None
    has_no_logs: bool


def hand_in(node: CampaignNode, evidence: HandIn, *, scope: Scope, actor: User) -> Submission:
    """Return the submission, sent off; the unit's first one says that it carries out the campaign.

    Only who may declare that says it with it: for others nothing is declared.
    Errors: Refused.
    """
    submission = begin_and_send(
        node, kind=COLLECTOR, upload=evidence.upload, note="", token=evidence.token, actor=actor
    )
    if evidence.has_no_logs:
        say_no_logs(node, has_none=True, actor=actor)
    if node_scope(scope, node.campaign).has_role_in(node, *SAYS_DEPLOYED):
        declare_begun(node, actor=actor)
    # Last: a number that cannot be is refused, and what was handed in stays.
    if evidence.machines is not None:
        state_total(node.unit, evidence.machines, actor=actor)
    return submission
