"""Editions of handouts, and how often units downloaded them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.campaigns.scope import campaigns_of, node_for, node_scope
from quetsach_portal.participation.handouts.giver import LANGUAGE_NAMES, HandoutKind, name_of
from quetsach_portal.participation.models import HandoutEdition, HandoutPull
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import SEES_SUBTREE, Scope, get_or_404
from quetsach_public.pages.campaign import LANGUAGES


@dataclass(frozen=True)
class PullCounts:
    """How often something was pulled, here and from the public page."""

    name: str
    here: int
    public: int

    @property
    def all(self) -> int:
        """Both together."""
        return self.here + self.public

    def with_more(self, here: int, public: int) -> "PullCounts":
        """Return it with what one more unit counted."""
        return PullCounts(self.name, self.here + here, self.public + public)


@dataclass(frozen=True)
class EditionHistory:
    """A kind in one language: its newest edition, and those before it."""

    language: str
    newest: HandoutEdition
    earlier: Sequence[HandoutEdition]


@dataclass(frozen=True)
class KindEditions:
    """A kind with its editions by language, in the order of the languages."""

    name: str
    by_language: Sequence[EditionHistory]


def editions(campaign: Campaign, shown_in: str) -> Sequence[KindEditions]:
    """Return the editions of a campaign, named in `shown_in`, in the order of the kinds."""
    rows = HandoutEdition.objects.filter(campaign=campaign).defer("content").order_by("-number")
    by_kind: dict[tuple[str, str], list[HandoutEdition]] = {}
    for edition in rows:
        by_kind.setdefault((edition.kind, edition.language), []).append(edition)
    kinds = []
    for kind in HandoutKind:
        same = [
            EditionHistory(
                str(LANGUAGE_NAMES[language]),
                by_kind[kind.value, language][0],
                by_kind[kind.value, language][1:],
            )
            for language in LANGUAGES
            if (kind.value, language) in by_kind
        ]
        if same:
            kinds.append(KindEditions(name_of(kind, shown_in), same))
    return kinds


def own_pulls(node: CampaignNode, language: str) -> Sequence[PullCounts]:
    """Return how often the unit itself pulled each kind, or was pulled by its code."""
    rows = HandoutPull.objects.filter(node=node).values_list("kind")
    summed = rows.annotate(Sum("here"), Sum("public")).order_by()
    by_kind = {kind: counts for kind, *counts in summed}
    return [
        PullCounts(name_of(kind, language), *by_kind[kind.value])
        for kind in HandoutKind
        if kind.value in by_kind
    ]


def together(pulls: Sequence[PullCounts]) -> PullCounts:
    """Return the sum of `pulls`."""
    return PullCounts("", sum(one.here for one in pulls), sum(one.public for one in pulls))


def pulls_below(parent: CampaignNode) -> Sequence[PullCounts]:
    """Return how often each unit directly below `parent` pulled, with all below it.

    Cost: two queries; as many rows as there are units that pulled something.
    """
    children = CampaignNode.objects.filter(parent=parent).order_by("name_at_freeze")
    names = {child.path: child.name_at_freeze for child in children}
    summed = {path: PullCounts(name, 0, 0) for path, name in names.items()}
    rows = HandoutPull.objects.filter(
        node__campaign=parent.campaign_id, node__path__startswith=parent.path
    )
    by_path = rows.values_list("node__path").annotate(Sum("here"), Sum("public"))
    for path, here, public in by_path.order_by():
        child = f"{parent.path}{path[len(parent.path) :].partition('/')[0]}/"
        if child in summed:
            summed[child] = summed[child].with_more(here, public)
    found = list(summed.values())
    return sorted(found, key=lambda one: (-one.all, one.name))


PULLS = (Role.LEAD_OWNER, Role.COMPILER, Role.FOCAL_POINT, Role.CLERK, Role.TECHNICIAN)
"""Roles of persons in the unit; its signer and the auditors may read them."""


def own_node(scope: Scope, node_id: int) -> CampaignNode:
    """Return the node for which the person may have materials made.

    Errors: Http404 where it may not be seen, PermissionDenied where it may.
    """
    node = node_for(scope, node_id)
    if not pulls(scope, node):
        raise PermissionDenied(_("Only people of the unit can create its materials."))
    return node


def pulls(scope: Scope, node: CampaignNode) -> bool:
    """True when the person may have materials of `node` made."""
    return node_scope(scope, node.campaign).has_role_in(node, *PULLS)


def sees_below(scope: Scope, node: CampaignNode) -> bool:
    """True when the person sees the units below `node`."""
    return node_scope(scope, node.campaign).has_role_above(node, *SEES_SUBTREE)


def version(scope: Scope, version_id: int) -> HandoutEdition:
    """Return an edition if the person has a unit in its campaign. Errors: Http404."""
    rows = HandoutEdition.objects.filter(pk=version_id, campaign__in=campaigns_of(scope))
    return get_or_404(rows)
