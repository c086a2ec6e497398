"""What the follow-up would send, made for every unit before a start; nothing is kept or sent."""

from django.utils import translation

from quetsach_portal.campaigns.faults import Fault, Looked
from quetsach_portal.campaigns.models import COUNTED, Campaign, CampaignNode, Phase, Slot
from quetsach_portal.followup.mails import one_line, reminder_text
from quetsach_portal.followup.models import Waits


def check(campaign: Campaign) -> Looked:
    """Return how many reminders were made, and the units for which none can be."""
    faults: list[Fault] = []
    rendered = 0
    phase = Phase.objects.filter(campaign=campaign).order_by("no").first()
    slots = {one.node_id: one for one in Slot.objects.filter(phase=phase)}
    nodes = CampaignNode.objects.filter(campaign=campaign, state__in=COUNTED)
    with translation.override("vi"):
        for node in nodes.select_related("campaign").iterator(chunk_size=2000):
            if not one_line(node.name_at_freeze):
                faults.append(Fault("cannot_render", node.pk))
                continue
            for waits_for in Waits.values:
                reminder_text(node, waits_for, slots.get(node.pk))
                rendered += 1
    return Looked(rendered, faults)
