"""Who may say something for a unit, who for a unit below, and who decides."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, ExpectedReport
from quetsach_portal.campaigns.scope import (
    NodeScope,
    campaign_for,
    node_for,
    node_scope,
)
from quetsach_portal.files.models import StoredFile
from quetsach_portal.followup.models import (
    DeployDeclaration,
    DeployEvidence,
    Extension,
    PaperReport,
    Receipt,
)
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import SEES_SUBTREE, Scope, get_or_404

SAYS_RECEIVED = (Role.FOCAL_POINT, Role.SIGNER, Role.CLERK)
RECORDS_FOR_CHILD = (Role.COMPILER, Role.CLERK)
SAYS_DEPLOYED = (Role.FOCAL_POINT,)
SEES_CASES = (
    Role.FOCAL_POINT,
    Role.TECHNICIAN,
    Role.COMPILER,
    Role.LEAD_OWNER,
    Role.LEAD_ANALYST,
)
TAKES_PAPER = (Role.COMPILER,)
ASKS_TIME = (Role.COMPILER, Role.FOCAL_POINT)
READS_REPORTS_BELOW = (Role.LEAD_OWNER, Role.LEAD_ANALYST, Role.COMPILER, Role.AUDITOR)
READS_REPORTS = (*READS_REPORTS_BELOW, Role.FOCAL_POINT, Role.SIGNER, Role.CLERK)
"""Operators and technicians keep the machines running; reports are not their business (A4)."""
FOLLOWS_UP = (Role.LEAD_OWNER, Role.COMPILER)
REMINDS = (*FOLLOWS_UP, Role.SIGNER)


def lists_below(seats: NodeScope, node: CampaignNode) -> bool:
    """True when lists name units at any depth: for whoever looks below, and the office's signer.

    A signer has the figures of the whole subtree, and so the names that they count.
    """
    return seats.has_role_above(node, *SEES_SUBTREE, Role.SIGNER)


def own_node(scope: Scope, node_id: int, *roles: Role) -> CampaignNode:
    """Return the node to a person who has one of `roles` in exactly that unit.

    Errors: Http404 where it may not be seen, PermissionDenied where it may.
    """
    node = node_for(scope, node_id)
    if not node_scope(scope, node.campaign).has_role_in(node, *roles):
        raise PermissionDenied(_("Only a person with this task in the unit itself can do this."))
    return node


def child_node(scope: Scope, node_id: int, *roles: Role) -> CampaignNode:
    """Return the node to a person who has one of `roles` in the unit directly above it.

    Errors: as `own_node`.
    """
    node = node_for(scope, node_id)
    if not node_scope(scope, node.campaign).has_role_in_parent(node, *roles):
        raise PermissionDenied(_("Only the office directly above the unit can do this."))
    return node


def followed(scope: Scope, campaign_id: int) -> tuple[Campaign, NodeScope]:
    """Return the campaign and the person's seats in it. Errors: Http404."""
    campaign = campaign_for(scope, campaign_id)
    return campaign, node_scope(scope, campaign)


def followed_by_its_office(scope: Scope, campaign_id: int) -> tuple[Campaign, NodeScope]:
    """Return the campaign and the seats of a person who reminds units in it.

    Errors: Http404 where no unit of theirs stands in it, PermissionDenied for other roles.
    """
    campaign, seats = followed(scope, campaign_id)
    if not reminds(seats):
        raise PermissionDenied(_("Only people who remind units can see their mail addresses."))
    following = tuple(seat for seat in seats.active() if seat.role in FOLLOWS_UP)
    return campaign, NodeScope(campaign.pk, following)


def reminds(seats: NodeScope) -> bool:
    """True when a person with these seats reminds units of the campaign."""
    return any(seat.role in FOLLOWS_UP for seat in seats.active())


def node_to_follow(scope: Scope, campaign: Campaign, node_id: int | None) -> CampaignNode:
    """Return the node whose children are shown: the one asked for, or the highest of the person's.

    Errors: Http404 where it may not be seen, or the person sits in none.
    """
    if node_id is not None:
        node = node_for(scope, node_id)
        get_or_404(CampaignNode.objects.filter(pk=node.pk, campaign=campaign))
        return node
    seats = node_scope(scope, campaign).seats
    highest = min(seats, key=lambda seat: (seat.path.count("/"), seat.path), default=None)
    nodes = CampaignNode.objects.select_related("campaign__lead_unit", "unit")
    return get_or_404(nodes.filter(pk=0 if highest is None else highest.node_id))


def reminded_from(scope: Scope, node_id: int) -> CampaignNode:
    """Return the node whose children the person may remind. Errors: as `own_node`."""
    return own_node(scope, node_id, *REMINDS)


def slot_of(node: CampaignNode, phase_id: int) -> ExpectedReport:
    """Return the report that `node` owes in a phase. Errors: Http404."""
    slots = ExpectedReport.objects.filter(
        node=node, phase_id=phase_id, phase__campaign_id=node.campaign_id
    )
    return get_or_404(slots.select_related("node__campaign__lead_unit", "node__unit", "phase"))


def extension_to_decide(scope: Scope, extension_id: int) -> Extension:
    """Return the extension to whoever decides it: the compiler above, or any owner of the lead.

    Errors: as `own_node`; the unit itself never decides.
    """
    extension = _extension(scope, extension_id)
    node = extension.slot.node
    if decides(scope, node_scope(scope, node.campaign), node, node.campaign):
        return extension
    raise PermissionDenied(_("The office above or the lead office decides, never the unit itself."))


def decides(scope: Scope, seats: NodeScope, node: CampaignNode, campaign: Campaign) -> bool:
    """True when the person decides on more time for `node`."""
    if seats.has_role_in_parent(node, Role.COMPILER):
        return True
    return node.parent_id is not None and scope.has_role_in(campaign.lead_unit, Role.LEAD_OWNER)


def own_extension(scope: Scope, extension_id: int) -> Extension:
    """Return the extension to the unit that asked. Errors: as `own_node`."""
    extension = _extension(scope, extension_id)
    own_node(scope, extension.slot.node_id, *ASKS_TIME)
    return extension


def childs_declaration(scope: Scope, declaration_id: int) -> DeployDeclaration:
    """Return a declaration to the compiler directly above its unit. Errors: as `own_node`."""
    declaration = _declaration(declaration_id)
    child_node(scope, declaration.node_id, *TAKES_PAPER)
    return declaration


def declaration_to_withdraw(scope: Scope, declaration_id: int) -> DeployDeclaration:
    """Return a declaration to the unit itself, or the compiler directly above it.

    Errors: as `own_node`.
    """
    declaration = _declaration(declaration_id)
    node = node_for(scope, declaration.node_id)
    seats = node_scope(scope, node.campaign)
    is_own = seats.has_role_in(node, *SAYS_DEPLOYED)
    if not (is_own or seats.has_role_in_parent(node, *TAKES_PAPER)):
        raise PermissionDenied(
            _("Only the unit itself or the office directly above it can do this.")
        )
    return declaration


def childs_paper(scope: Scope, paper_id: int) -> PaperReport:
    """Return a record of paper to the compiler directly above its unit. Errors: as `own_node`."""
    related = ("slot__node__campaign__lead_unit", "slot__node__unit", "slot__phase")
    paper = get_or_404(PaperReport.objects.filter(pk=paper_id).select_related(*related))
    child_node(scope, paper.slot.node_id, *TAKES_PAPER)
    return paper


def led_node(scope: Scope, node_id: int) -> CampaignNode:
    """Return the node to an owner of the lead office, who gives more time to a whole subtree.

    Errors: as `own_node`.
    """
    node = node_for(scope, node_id)
    if not scope.has_role_in(node.campaign.lead_unit, Role.LEAD_OWNER):
        raise PermissionDenied(_("Only an owner in the lead office can do this."))
    return node


def evidence_file(scope: Scope, evidence_id: int) -> StoredFile:
    """Return the file of a piece of evidence, to all who may see its unit. Errors: Http404."""
    rows = DeployEvidence.objects.filter(pk=evidence_id, file__isnull=False)
    evidence = get_or_404(rows.select_related("declaration", "file"))
    return _seen(scope, evidence.declaration.node_id, evidence.file)


def receipt_proof(scope: Scope, receipt_id: int) -> StoredFile:
    """Return the proof of a receipt recorded on behalf. Errors: Http404."""
    rows = Receipt.objects.filter(pk=receipt_id, proof__isnull=False)
    receipt = get_or_404(rows.select_related("proof"))
    return _seen(scope, receipt.node_id, receipt.proof)


def paper_proof(scope: Scope, paper_id: int) -> StoredFile:
    """Return the scan of a report that came on paper. Errors: Http404."""
    rows = PaperReport.objects.filter(pk=paper_id, proof__isnull=False)
    paper = get_or_404(rows.select_related("proof", "slot"))
    return _seen(scope, paper.slot.node_id, paper.proof)


def _seen(scope: Scope, node_id: int, file: StoredFile | None) -> StoredFile:
    node_for(scope, node_id)
    assert file is not None
    return file


def _extension(scope: Scope, extension_id: int) -> Extension:
    related = ("slot__node__campaign__lead_unit", "slot__node__unit", "slot__phase", "asked_by")
    extension = get_or_404(Extension.objects.filter(pk=extension_id).select_related(*related))
    node_for(scope, extension.slot.node_id)
    return extension


def _declaration(declaration_id: int) -> DeployDeclaration:
    related = ("node__campaign__lead_unit", "node__unit")
    return get_or_404(DeployDeclaration.objects.filter(pk=declaration_id).select_related(*related))
