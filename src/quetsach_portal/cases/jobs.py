"""Time alone changes a state: each day every case is judged again, and accepted risks expire."""

from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import CampaignNode, CampaignState
from quetsach_portal.cases import false_alarms
from quetsach_portal.cases.judging import judge_cases, locked_cases
from quetsach_portal.cases.models.case import Case, CaseOutcome
from quetsach_portal.jobs.queue import RunningJob, enqueue
from quetsach_portal.web.acts import Refused


def enqueue_all_nodes(work: RunningJob) -> None:
    """Ask for the judging of each node that has cases, once a day; end decisions that expired."""
    for alarm_id in false_alarms.expired().values_list("pk", flat=True)[:500]:
        try:
            false_alarms.withdraw(alarm_id, actor=None)
        except Refused:
            continue
    today = timezone.localdate().isoformat()
    # An archived campaign has lost what a judgement rests on: its states stay as they were.
    live = Case.objects.exclude(node__campaign__state=CampaignState.ARCHIVED)
    nodes = live.exclude(outcome=CaseOutcome.MERGED).values_list("node_id", flat=True)
    with work.finishing():
        for node_id in nodes.distinct().order_by("node_id"):
            key = f"cases.judge_node:{node_id}:{today}"
            enqueue("cases.judge_node", key=key, payload={"node": node_id})


def judge_node(work: RunningJob) -> None:
    """Judge all cases of one node as of today."""
    reopens = str(work.payload.get("reopens", "sighting"))
    node = CampaignNode.objects.select_related("campaign").get(pk=work.payload["node"])
    if node.campaign.state == CampaignState.ARCHIVED:
        return
    with work.finishing():
        judge_cases(locked_cases(node.pk), reopens=reopens)
