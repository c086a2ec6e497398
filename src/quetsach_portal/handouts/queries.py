"""What the page of materials shows: editions, and how often units pulled them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Sum

from quetsach_portal.campaigns.models import Campaign, CampaignNode
from quetsach_portal.handouts.kinds import LANGUAGE_NAMES, LANGUAGES, Kind, name_of
from quetsach_portal.handouts.models import HandoutEdition, HandoutPull


@dataclass(frozen=True)
class Pulls:
    """How often something was pulled, here and from the public page."""

    name: str
    here: int
    public: int

    @property
    def all(self) -> int:
        """Both together."""
        return self.here + self.public

    def with_more(self, here: int, public: int) -> "Pulls":
        """Return it with what one more unit counted."""
        return Pulls(self.name, self.here + here, self.public + public)


@dataclass(frozen=True)
class Editions:
    """A kind in one language: its newest edition, and those before it."""

    language: str
    newest: HandoutEdition
    earlier: Sequence[HandoutEdition]


@dataclass(frozen=True)
class Editioned:
    """A kind with its editions by language, in the order of the languages."""

    name: str
    by_language: Sequence[Editions]


def editions(campaign: Campaign, shown_in: str) -> Sequence[Editioned]:
    """Return the editions of a campaign, named in `shown_in`, in the order of the kinds."""
    rows = HandoutEdition.objects.filter(campaign=campaign).defer("content").order_by("-number")
    held: dict[tuple[str, str], list[HandoutEdition]] = {}
    for row in rows:
        held.setdefault((row.kind, row.language), []).append(row)
    found = []
    for kind in Kind:
        same = [
            Editions(str(LANGUAGE_NAMES[one]), held[kind.value, one][0], held[kind.value, one][1:])
            for one in LANGUAGES
            if (kind.value, one) in held
        ]
        if same:
            found.append(Editioned(name_of(kind, shown_in), same))
    return found


def own_pulls(node: CampaignNode, language: str) -> Sequence[Pulls]:
    """Return how often the unit itself pulled each kind, or was pulled by its code."""
    rows = HandoutPull.objects.filter(node=node).values_list("kind")
    summed = rows.annotate(Sum("here"), Sum("public")).order_by()
    by_kind = {kind: counts for kind, *counts in summed}
    return [
        Pulls(name_of(kind, language), *by_kind[kind.value])
        for kind in Kind
        if kind.value in by_kind
    ]


def together(pulls: Sequence[Pulls]) -> Pulls:
    """Return the sum of `pulls`."""
    return Pulls("", sum(one.here for one in pulls), sum(one.public for one in pulls))


def pulls_below(parent: CampaignNode) -> Sequence[Pulls]:
    """Return how often each unit directly below `parent` pulled, with all below it.

    Cost: two queries; as many rows as there are units that pulled something.
    """
    children = CampaignNode.objects.filter(parent=parent).order_by("name_at_freeze")
    names = {child.path: child.name_at_freeze for child in children}
    summed = {path: Pulls(name, 0, 0) for path, name in names.items()}
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
