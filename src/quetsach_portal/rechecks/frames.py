"""From what a sample is drawn: all devices or units below an office, and what is declared of each.

The office's own devices and the office itself are left out: nobody re-checks themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Max

from quetsach_portal.campaigns.models import COUNTED, CampaignNode
from quetsach_portal.cases.models import Case, Outcome
from quetsach_portal.rechecks.models import Subject
from quetsach_portal.rights.scope import below

CLEAN_OUTCOMES = (Outcome.VERIFIED.value, Outcome.FALSE_ALARM.value)
"""Ends of a case by which a device counts as declared clean; a risk that was accepted does not."""


@dataclass(frozen=True)
class Framed:
    """One thing that may be drawn."""

    node_id: int
    case_id: int | None
    declared: bool


def frame_of(node: CampaignNode, subject: str) -> Mapping[str, Framed]:
    """Return what lies below `node`, by the name under which it is drawn.

    Cost: reads every device with a case, or every unit, of the subtree; for the act alone.
    """
    return _devices(node) if subject == Subject.DEVICES else _units(node)


def _devices(node: CampaignNode) -> dict[str, Framed]:
    """Return each device with a case once, by its latest case."""
    cases = Case.objects.filter(below(node.path, "node__")).exclude(node=node)
    cases = cases.exclude(outcome=Outcome.MERGED).filter(device__merged_into__isnull=True)
    latest = cases.values("device").annotate(last=Max("pk")).values("last")
    rows = Case.objects.filter(pk__in=latest).only("pk", "node_id", "outcome", "owner_says")
    return {
        case.number: Framed(case.node_id, case.pk, _is_declared_clean(case))
        for case in rows.iterator(chunk_size=5000)
    }


def _is_declared_clean(case: Case) -> bool:
    return case.outcome in CLEAN_OUTCOMES or case.owner_says == "clean"


def _units(node: CampaignNode) -> dict[str, Framed]:
    rows = CampaignNode.objects.filter(
        below(node.path), campaign_id=node.campaign_id, state__in=COUNTED
    ).exclude(pk=node.pk)
    named = rows.values_list("unit__code", "pk", "deployed_at")
    return {code: Framed(pk, None, at is not None) for code, pk, at in named}
