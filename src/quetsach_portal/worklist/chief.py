"""The room of who signs for an office: the verdict, what to sign, machines, map, trust, overdue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quetsach_portal.campaigns.deadlines import due_sentence
from quetsach_portal.campaigns.models.campaign import (
    COUNTED,
    CampaignNode,
    ExpectedReport,
    ExpectedReportState,
    Phase,
)
from quetsach_portal.campaigns.queries import tally_of
from quetsach_portal.cases.worklist import CaseTask
from quetsach_portal.dashboards.pages.room_machines import RoomMachines, machines_of
from quetsach_portal.dashboards.pages.room_map import RoomMap, grade_words, room_map_of
from quetsach_portal.dashboards.pages.room_trust import RoomTrust, trust_of
from quetsach_portal.followup.forms import OwnWordsForm
from quetsach_portal.followup.models import PendingStep
from quetsach_portal.followup.reminding import ReminderCandidate, candidates_of
from quetsach_portal.followup.undoing import UndoableReminders, undoable_of
from quetsach_portal.looks.figures import LookFigures, figures_of_tree
from quetsach_portal.looks.models import UnitLookGrade
from quetsach_portal.people.roles.scope import Scope, below
from quetsach_portal.worklist.to_sign import waiting_for_signature

MOST_NAMED = 50


@dataclass(frozen=True)
class LookGroup:
    """Units that have looked equally far: `names` as far as the page has room for them."""

    key: str
    label: str
    count: int
    names: Sequence[str]

    @property
    def is_cut(self) -> bool:
        """True where not all names are there."""
        return self.count > len(self.names)


@dataclass(frozen=True)
class ChiefRoom:
    """What a chief sees first.

    Shapes: `groups` are units by what was looked at, full, part, reported and none, which together
    are all; `at` is the moment of the figures; `map_as_table` where the map is read as a table.
    """

    node: CampaignNode
    phase: Phase | None
    at: datetime
    due: str
    look: LookFigures
    machines: RoomMachines
    groups: Sequence[LookGroup]
    map: RoomMap
    map_as_table: bool
    trust: RoomTrust
    to_sign: Sequence[CaseTask]
    overdue: Sequence[ReminderCandidate]
    not_reminded: Sequence[ReminderCandidate]
    form: OwnWordsForm
    undoable: UndoableReminders

    def count_of(self, key: str) -> int:
        """Return how many units are in the group `key`."""
        return next(group.count for group in self.groups if group.key == key)

    @property
    def looked(self) -> int:
        """How many units looked at machines, all or in part."""
        return self.count_of("full") + self.count_of("part")

    @property
    def reported_alone(self) -> int:
        """How many units reported and looked at nothing."""
        return self.count_of("reported")

    @property
    def verdict(self) -> str:
        """The verdict as one sentence, which is shown with `look` alone."""
        words = _("%(units)s units have reported but checked no machine")
        reported = words % {"units": self.reported_alone}
        if not self.reported_alone:
            reported = _("every unit that reported has checked machines")
        return f"{self._machines_said()}; {reported}"

    def _machines_said(self) -> str:
        infected = self.machines.count_of("infected")
        unproven = self.machines.count_of("handled") + self.machines.count_of("unproven")
        infected_words = ngettext(
            "%(count)s machine is still infected",
            "%(count)s machines are still infected",
            infected,
        )
        unproven_words = ngettext(
            "%(count)s machine is not proven clean yet",
            "%(count)s machines are not proven clean yet",
            unproven,
        )
        sentences = [
            words % {"count": count}
            for words, count in ((infected_words, infected), (unproven_words, unproven))
            if count
        ]
        return ", ".join(sentences) or _("No infected machine is on record")


def room_of(
    scope: Scope, node: CampaignNode, phase: Phase | None, *, map_as_table: bool = False
) -> ChiefRoom:
    """Return the room of the chief of `node`. Cost: about twenty-five queries, for any tree."""
    tally = tally_of(node)
    look = figures_of_tree(tally)
    overdue, others = _overdue(node, phase)
    return ChiefRoom(
        node=node,
        phase=phase,
        at=timezone.localtime(),
        due=_due(node, phase),
        look=look,
        machines=machines_of(node, tally, look),
        groups=_groups(node, phase, look),
        map=room_map_of(node, phase, timezone.localdate()),
        map_as_table=map_as_table,
        trust=trust_of(node),
        to_sign=waiting_for_signature(scope),
        overdue=overdue,
        not_reminded=others,
        form=OwnWordsForm(),
        undoable=undoable_of(node),
    )


def _due(node: CampaignNode, phase: Phase | None) -> str:
    """Return until when the office itself reports, "" where nothing is expected of it."""
    slot = ExpectedReport.objects.filter(node=node, phase=phase, reported_at=None).first()
    return (
        ""
        if slot is None or slot.state == ExpectedReportState.EXCUSED
        else due_sentence(slot.due_at)
    )


def _groups(node: CampaignNode, phase: Phase | None, look: LookFigures) -> list[LookGroup]:
    """Return the units at and below `node` in four groups. Cost: five queries."""
    units = CampaignNode.objects.filter(below(node.path), state__in=COUNTED)
    looked = (UnitLookGrade.FULL, UnitLookGrade.PART)
    blind = units.exclude(look__grade__in=looked)
    reported = ExpectedReport.objects.filter(phase=phase, reported_at__isnull=False)
    with_report = blind.filter(pk__in=reported.values("node_id"))
    alone = with_report.count()
    rows = {
        "full": (look.full, units.filter(look__grade=UnitLookGrade.FULL)),
        "part": (look.partly, units.filter(look__grade=UnitLookGrade.PART)),
        "reported": (alone, with_report),
        "none": (
            max(0, look.units - look.full - look.partly - alone),
            blind.exclude(pk__in=reported.values("node_id")),
        ),
    }
    words = grade_words()
    return [
        LookGroup(key, words[key], count, _names(nodes) if count else ())
        for key, (count, nodes) in rows.items()
    ]


def _names(nodes: QuerySet[CampaignNode]) -> list[str]:
    return list(nodes.order_by("path").values_list("name_at_freeze", flat=True)[:MOST_NAMED])


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
