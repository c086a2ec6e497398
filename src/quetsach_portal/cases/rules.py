"""What a campaign asks for before a machine counts as clean; the lead office says so."""

from django.db import transaction
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models import Campaign
from quetsach_portal.cases.history import rule_of
from quetsach_portal.cases.models import Rule
from quetsach_portal.jobs.enqueue import enqueue
from quetsach_portal.people.models import User
from quetsach_portal.web.problems import Refused


def set_rule(
    campaign: Campaign, *, due_days: int, covered_days: int, alive_days: int, actor: User
) -> None:
    """Set the rule; every case is judged anew by it, new ones are due by it."""
    if alive_days > covered_days:
        raise Refused(_("More days alive than days covered."), field="alive_days")
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        before = rule_of(campaign.pk)
        values = {"due_days": due_days, "covered_days": covered_days, "alive_days": alive_days}
        event = record(
            "cases.rule",
            actor=actor,
            kind="campaign",
            object_id=campaign.pk,
            unit_path=campaign.lead_unit.path,
            detail={name: [getattr(before, name), value] for name, value in values.items()},
        )
        Rule.objects.update_or_create(campaign=campaign, defaults=values)
        for node_id in campaign.nodes.filter(cases__isnull=False).distinct().values_list("pk"):
            key = f"cases.judge_node:{node_id[0]}:rule:{event.seq}"
            enqueue("cases.judge_node", key=key, payload={"node": node_id[0], "reopens": "proof"})
