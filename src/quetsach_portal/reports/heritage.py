"""What units had written that a merger or split ended: shown side by side to who continues them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quetsach.api.reports import Count, Form, Grade, Own
from quetsach_portal.campaigns.models import CampaignNode, NodeState, Slot
from quetsach_portal.reports import answers
from quetsach_portal.reports.models import ReportDraft, ReportVersion
from quetsach_portal.reports.stored import figures_of


@dataclass(frozen=True)
class Before:
    """A unit that this one continues, with its own answers in the phase."""

    name: str
    is_merged: bool
    own: Mapping[str, Own]


def before_of(slot: Slot) -> list[Before]:
    """Return what the units before had written for this phase, by name; most have none.

    Cost: one query, three more for each unit before.
    """
    nodes = CampaignNode.objects.filter(replaced_by=slot.node_id)
    # A unit that stood before a merger keeps its own report, and theirs stand beside it.
    if slot.node.from_event is None:
        return []
    found = []
    for node in nodes.filter(from_event=slot.node.from_event).order_by("name_at_freeze", "pk"):
        old = Slot.objects.filter(node=node, phase_id=slot.phase_id).first()
        own = {} if old is None else _own_of(old)
        found.append(Before(node.name_at_freeze, node.state == NodeState.MERGED, own))
    return found


def summed(form: Form, before: Sequence[Before]) -> dict[str, Own]:
    """Return the counts that all merged units had given, added up; a split copies nothing."""
    if not before or not all(one.is_merged for one in before):
        return {}
    found = {}
    for row in form.counts():
        values = [one.own[row.id].value for one in before if row.id in one.own]
        numbers = [one.number for one in values if isinstance(one, Count)]
        if len(numbers) == len(before):
            found[row.id] = Own(Count(sum(numbers), Grade.DECLARED))
    return found


def _own_of(slot: Slot) -> Mapping[str, Own]:
    draft = ReportDraft.objects.filter(slot=slot).first()
    if draft is not None:
        return answers.from_json(draft.own)
    last = ReportVersion.objects.filter(slot=slot).order_by("-n").first()
    figures = {} if last is None else figures_of(last)
    return {key: one.own for key, one in figures.items() if one.own is not None}
