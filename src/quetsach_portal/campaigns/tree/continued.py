"""Which nodes continue a node: codes and links of one that ended lead there."""

from quetsach_portal.campaigns.models import CampaignNode
from quetsach_portal.campaigns.tree.figures import COUNTED

_FURTHEST = 20


def continued_by(node: CampaignNode) -> list[CampaignNode]:
    """Return the nodes that stand for `node` today: itself, the one it was merged into, or several.

    Several mean that it was split, and the person has to say which one is theirs; none means that
    it was dissolved. Cost: one query for each event since.
    """
    if node.state in COUNTED:
        return [node]
    found: list[CampaignNode] = []
    seen = {node.pk}
    layer = [node]
    for _step in range(_FURTHEST):
        heirs = CampaignNode.objects.filter(replaces__in=layer).exclude(pk__in=seen).distinct()
        layer = list(heirs.select_related("unit").order_by("pk"))
        seen |= {one.pk for one in layer}
        found += [one for one in layer if one.state in COUNTED]
        layer = [one for one in layer if one.state not in COUNTED]
        if not layer:
            break
    return found
