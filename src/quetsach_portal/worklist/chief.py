"""The room of who signs for an office: the verdict, what waits for a signature, who is overdue."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quetsach_portal.campaigns.models.campaign import (
    COUNTED,
    CampaignNode,
    ExpectedReport,
    Phase,
)
from quetsach_portal.campaigns.queries import tally_of
from quetsach_portal.cases.worklist import CaseTask
from quetsach_portal.followup.forms import OwnWordsForm
from quetsach_portal.followup.models import PendingStep
from quetsach_portal.followup.reminding import ReminderCandidate, candidates_of
from quetsach_portal.looks.figures import LookFigures, figures_of_tree
from quetsach_portal.looks.models import UnitLookGrade
from quetsach_portal.people.roles.scope import Scope, below
from quetsach_portal.worklist.to_sign import waiting_for_signature

MOST_NAMED = 50


@dataclass(frozen=True)
class ChiefRoom:
    """What a chief sees first.

    Shapes: `infected` machines are those of open cases; units fall into four groups by what was
    looked at: `full`, `part`, `only_reported` (named as far as the page has room), `neither`.
    """

    node: CampaignNode
    phase: Phase | None
    look: LookFigures
    infected: int
    handled: int
    full: int
    part: int
    only_reported: int
    only_reported_names: Sequence[str]
    neither: int
    to_sign: Sequence[CaseTask]
    overdue: Sequence[ReminderCandidate]
    not_reminded: Sequence[ReminderCandidate]
    form: OwnWordsForm

    @property
    def looked(self) -> int:
        """How many units looked at machines, all or in part."""
        return self.full + self.part

    @property
    def verdict(self) -> str:
        """The verdict as one sentence, which is shown with `look` alone."""
        infected = ngettext(
            "%(count)s machine is still infected",
            "%(count)s machines are still infected",
            self.infected,
        ) % {"count": self.infected}
        if not self.infected:
            infected = _("No infected machine is on record")
        words = _("%(units)s units have reported but looked at no machine")
        reported = words % {"units": self.only_reported}
        if not self.only_reported:
            reported = _("every unit that reported has looked at machines")
        return f"{infected}; {reported}"


def room_of(scope: Scope, node: CampaignNode, phase: Phase | None) -> ChiefRoom:
    """Return the room of the chief of `node`. Cost: about ten queries, for any tree."""
    tally = tally_of(node)
    look = figures_of_tree(tally)
    only_reported, names = _only_reported(node, phase)
    overdue, others = _overdue(node, phase)
    full, part = look.full, look.partly
    return ChiefRoom(
        node=node,
        phase=phase,
        look=look,
        infected=tally.cases_open,
        handled=tally.cases_verified,
        full=full,
        part=part,
        only_reported=only_reported,
        only_reported_names=names,
        neither=max(0, tally.units - full - part - only_reported),
        to_sign=waiting_for_signature(scope),
        overdue=overdue,
        not_reminded=others,
        form=OwnWordsForm(),
    )


def _only_reported(node: CampaignNode, phase: Phase | None) -> tuple[int, list[str]]:
    """Return how many units at and below `node` reported without any look, and the first names."""
    if phase is None:
        return 0, []
    looked = (UnitLookGrade.FULL, UnitLookGrade.PART)
    rows = ExpectedReport.objects.filter(
        below(node.path, "node__"),
        phase=phase,
        reported_at__isnull=False,
        node__state__in=COUNTED,
    ).exclude(node__look__grade__in=looked)
    names = rows.order_by("node__path").values_list("node__name_at_freeze", flat=True)
    return rows.count(), list(names[:MOST_NAMED])


def _overdue(
    node: CampaignNode, phase: Phase | None
) -> tuple[list[ReminderCandidate], list[ReminderCandidate]]:
    """Return the units directly below whose report is late: to remind, and those not, with why."""
    if phase is None:
        return [], []
    late = ExpectedReport.objects.filter(
        node__parent=node, phase=phase, reported_at__isnull=True, due_at__lte=timezone.now()
    )
    ids = set(late.values_list("node_id", flat=True))
    if not ids:
        return [], []
    waits_for = PendingStep.REPORTED.value
    candidates = candidates_of(node, waits_for=waits_for, days=0, phase=phase)
    silent = [row for row in candidates.silent if row.node.pk in ids]
    others = [row for row in candidates.others if row.node.pk in ids]
    # In a pause nobody is reminded, and no report is late.
    return ([], []) if candidates.paused_until else (silent, others)
