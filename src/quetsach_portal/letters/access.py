"""Permissions on letters. Units outside and siblings get 404."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.campaigns.scope import node_for, node_scope
from quetsach_portal.letters.models import Dispatch, Letter, LetterState
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope, below, checked_path, get_or_404

DRAFTS = (Role.LEAD_OWNER, Role.COMPILER, Role.FOCAL_POINT)
NUMBERS = (Role.CLERK,)
SIGNS = (Role.CLERK, Role.SIGNER)
CONFIRMS = (Role.FOCAL_POINT, Role.SIGNER, Role.CLERK)
SENDS = (Role.CLERK, Role.COMPILER, Role.LEAD_OWNER)
REGISTERS = (Role.CLERK, Role.COMPILER, Role.FOCAL_POINT, Role.LEAD_OWNER)

READS_OWN_DRAFTS = frozenset(
    {
        Role.LEAD_OWNER,
        Role.LEAD_ANALYST,
        Role.COMPILER,
        Role.FOCAL_POINT,
        Role.SIGNER,
        Role.CLERK,
        Role.AUDITOR,
    }
)
READS_BELOW = frozenset({Role.LEAD_OWNER, Role.LEAD_ANALYST, Role.COMPILER, Role.AUDITOR})
"""The operator keeps the machine and reads no letters (campaign.md §4)."""

OUT = (LetterState.RELEASED, LetterState.WITHDRAWN)
LEVELS = 12
"""How far a chain of letters is followed: more than any tree is deep."""


@dataclass(frozen=True)
class RoleForLetters:
    """A seat of the person in the tree of some campaign."""

    node_id: int
    path: str
    role: Role


def places_of(scope: Scope) -> tuple[RoleForLetters, ...]:
    """Return the nodes of all campaigns in which the person sits. Cost: one query."""
    roles: dict[int, list[Role]] = {}
    for seat in scope.seats:
        roles.setdefault(seat.unit_id, []).append(seat.role)
    nodes = CampaignNode.objects.filter(unit_id__in=roles).only("pk", "path", "unit_id")
    return tuple(
        RoleForLetters(node.pk, checked_path(node.path), role)
        for node in nodes
        for role in roles[node.unit_id]
    )


def letters_of(scope: Scope) -> QuerySet[Letter]:
    """Return the letters that the person may see in lists: own, received, and released below."""
    return Letter.objects.filter(_visible(places_of(scope)))


def letter_for(scope: Scope, letter_id: int) -> Letter:
    """Return the letter if the person may see it. Errors: Http404, as if it were not there.

    Besides those of the lists these are the letters that a received one rests on, up to the root.
    """
    places = places_of(scope)
    letters = Letter.objects.select_related(
        "campaign", "node__unit", "node__parent", "based_on", "signature"
    )
    letter = letters.filter(_visible(places), pk=letter_id).first()
    if letter is not None:
        return letter
    return get_or_404(letters.filter(pk=letter_id, pk__in=_cited(places), state__in=OUT))


def letter_to_draft(scope: Scope, letter_id: int) -> Letter:
    """Return the letter if the person writes it. Errors: Http404, PermissionDenied."""
    return _letter_with(
        scope, letter_id, DRAFTS, _("Only the compiler or focal point writes the letter.")
    )


def letter_to_number(scope: Scope, letter_id: int) -> Letter:
    """Return the letter for the clerk of its unit. Errors: Http404, PermissionDenied."""
    return _letter_with(
        scope,
        letter_id,
        NUMBERS,
        _("Only the clerk of the unit numbers, releases and withdraws letters."),
    )


def letter_to_sign(scope: Scope, letter_id: int) -> Letter:
    """Return the letter for its signer and its clerk. Errors: Http404, PermissionDenied."""
    return _letter_with(
        scope, letter_id, SIGNS, _("Only the signer or clerk of the unit keeps the signature.")
    )


def letter_to_give_back(scope: Scope, letter_id: int) -> Letter:
    """Return the letter for its writers and its clerk. Errors: Http404, PermissionDenied."""
    return _letter_with(
        scope,
        letter_id,
        (*DRAFTS, *NUMBERS),
        _("Only the compiler or focal point writes the letter."),
    )


def letter_to_send(scope: Scope, letter_id: int) -> Letter:
    """Return the letter if the person manages its dispatch. Errors: Http404, PermissionDenied."""
    return _letter_with(
        scope, letter_id, SENDS, _("Only the clerk or compiler of the unit manages the dispatch.")
    )


def letter_with_reports(scope: Scope, letter_id: int) -> Letter:
    """Return the letter if the person may read how each recipient was reached, without addresses.

    Errors: Http404, PermissionDenied.
    """
    letter = letter_for(scope, letter_id)
    if not may_read_dispatch(scope, letter):
        raise PermissionDenied(_("Only the unit that issued the letter sees how it was sent."))
    return letter


def node_to_write_for(scope: Scope, node_id: int) -> CampaignNode:
    """Return the node if the person writes its letters. Errors: Http404, PermissionDenied."""
    return _node_with(
        scope, node_id, DRAFTS, _("Only the compiler or focal point writes the letter.")
    )


def node_to_register_for(scope: Scope, node_id: int) -> CampaignNode:
    """Return the node if the person keeps its register. Errors: Http404, PermissionDenied."""
    return _node_with(
        scope, node_id, REGISTERS, _("Only the clerk or compiler of the unit keeps the register.")
    )


def node_with_register(scope: Scope, node_id: int) -> CampaignNode:
    """Return the node if the person may read its register. Errors: Http404, PermissionDenied."""
    node = node_for(scope, node_id)
    roles = tuple(READS_OWN_DRAFTS)
    if not (
        node_scope(scope, node.campaign).has_role_in(node, *roles)
        or node_scope(scope, node.campaign).has_role_above(node, Role.AUDITOR)
    ):
        raise PermissionDenied(_("Only the clerk or compiler of the unit keeps the register."))
    return node


def node_to_follow(scope: Scope, node_id: int) -> CampaignNode:
    """Return the node if the person may see how letters were forwarded below it.

    Errors: Http404, PermissionDenied.
    """
    node = node_for(scope, node_id)
    if not follows(scope, node):
        raise PermissionDenied(_("This page is only for people who write and send letters."))
    return node


def follows(scope: Scope, node: CampaignNode) -> bool:
    """True if the person may see how letters were forwarded below `node`."""
    return sees_below(scope, node) or registers_for(scope, node)


def sees_below(scope: Scope, node: CampaignNode) -> bool:
    """True if the person sees the units below `node`."""
    return node_scope(scope, node.campaign).has_role_above(node, *READS_BELOW)


def dispatch_for(letter: Letter, dispatch_id: int) -> Dispatch:
    """Return a row of `letter`, which access was asked for. Errors: Http404."""
    return get_or_404(
        Dispatch.objects.filter(letter=letter, pk=dispatch_id).select_related(
            "to_node__unit", "contact__unit"
        )
    )


def may_draft(scope: Scope, letter: Letter) -> bool:
    """True if the person writes the letters of this unit."""
    return node_scope(scope, letter.campaign).has_role_in(letter.node, *DRAFTS)


def may_number(scope: Scope, letter: Letter) -> bool:
    """True for the unit's clerk."""
    return node_scope(scope, letter.campaign).has_role_in(letter.node, *NUMBERS)


def may_sign(scope: Scope, letter: Letter) -> bool:
    """True for the unit's signer and clerk."""
    return node_scope(scope, letter.campaign).has_role_in(letter.node, *SIGNS)


def may_send(scope: Scope, letter: Letter) -> bool:
    """True if the person manages the dispatch."""
    return node_scope(scope, letter.campaign).has_role_in(letter.node, *SENDS)


def may_read_dispatch(scope: Scope, letter: Letter) -> bool:
    """True for the issuing unit's people, and the auditor's."""
    seats = node_scope(scope, letter.campaign)
    return seats.has_role_in(letter.node, *READS_OWN_DRAFTS) or seats.has_role_above(
        letter.node, Role.AUDITOR
    )


def registers_for(scope: Scope, node: CampaignNode) -> bool:
    """True if the person enters letters into the register of `node`."""
    return node_scope(scope, node.campaign).has_role_in(node, *REGISTERS)


def writes_for(scope: Scope, node: CampaignNode) -> bool:
    """True if the person writes the letters of `node`."""
    return node_scope(scope, node.campaign).has_role_in(node, *DRAFTS)


def confirms_for(scope: Scope, node: CampaignNode) -> bool:
    """True if the person confirms receipts for `node`."""
    return node_scope(scope, node.campaign).has_role_in(node, *CONFIRMS)


def can_see(scope: Scope, letter_id: int | None) -> bool:
    """True when `letter_for` would return the letter."""
    places = places_of(scope)
    visible = letter_id is not None and Letter.objects.filter(_visible(places), pk=letter_id)
    return bool(visible and visible.exists()) or letter_id in _cited(places)


def receiving_node(scope: Scope, letter: Letter) -> CampaignNode | None:
    """Return the person's own node to which `letter` was released, or None."""
    if letter.state not in OUT:
        return None
    mine = [place.node_id for place in places_of(scope) if place.role != Role.OPERATOR]
    dispatch = (
        Dispatch.objects.filter(letter=letter, to_node_id__in=mine)
        .select_related("to_node__unit", "to_node__campaign")
        .order_by("to_node__depth", "pk")
        .first()
    )
    return None if dispatch is None else dispatch.to_node


def _letter_with(scope: Scope, letter_id: int, roles: tuple[Role, ...], told: str) -> Letter:
    letter = letter_for(scope, letter_id)
    if not node_scope(scope, letter.campaign).has_role_in(letter.node, *roles):
        raise PermissionDenied(told)
    return letter


def _node_with(scope: Scope, node_id: int, roles: tuple[Role, ...], told: str) -> CampaignNode:
    node = node_for(scope, node_id)
    if not node_scope(scope, node.campaign).has_role_in(node, *roles):
        raise PermissionDenied(told)
    return node


def _visible(places: tuple[RoleForLetters, ...]) -> Q:
    own = [place.node_id for place in places if place.role in READS_OWN_DRAFTS]
    here = [place.node_id for place in places if place.role != Role.OPERATOR]
    reached = Dispatch.objects.filter(letter=OuterRef("pk"), to_node_id__in=here)
    condition = Q(node_id__in=own)
    condition |= Q(node_id__in=here, state__in=OUT)
    condition |= Q(Exists(reached), state__in=OUT)
    for place in places:
        if place.role in READS_BELOW:
            inside = below(place.path, "node__")
            condition |= inside if place.role == Role.AUDITOR else inside & Q(state__in=OUT)
    return condition


def _cited(places: tuple[RoleForLetters, ...]) -> set[int]:
    """Return the ids of the letters on which those that reached the person's units rest."""
    here = [place.node_id for place in places if place.role != Role.OPERATOR]
    rows = Dispatch.objects.filter(to_node_id__in=here, letter__state__in=OUT)
    frontier = _known(rows.values_list("letter__based_on_id", flat=True))
    cited: set[int] = set()
    for _level in range(LEVELS):
        frontier -= cited
        if not frontier:
            break
        cited |= frontier
        ups = Letter.objects.filter(pk__in=frontier).values_list("based_on_id", flat=True)
        frontier = _known(ups)
    return cited


def _known(ids: Iterable[int | None]) -> set[int]:
    return {one for one in ids if one is not None}
