"""Tree changes that wait for the next phase, and the former parents of moved nodes."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.units.models import OrgEvent

if TYPE_CHECKING:
    from quetsach_portal.campaigns.models.campaign import Campaign


class WaitKind(models.TextChoices):
    """What waits for the next phase."""

    MOVE = "move", _lazy("Moves to another parent")
    CLOSE = "close", _lazy("Ends")


class WaitingChange(models.Model):
    """A change of a campaign's tree that counts from the next phase on; also the record of it.

    Shapes: `parent` is the new parent of a move. `old_parent` and `from_phase` are set when it is
    done: phases before `from_phase` (by number) keep their totals under `old_parent`.
    """

    event = models.ForeignKey(OrgEvent, on_delete=models.PROTECT, related_name="waiting")
    node = models.ForeignKey(
        "campaigns.CampaignNode", on_delete=models.PROTECT, related_name="waiting"
    )
    kind = models.CharField(max_length=5, choices=WaitKind.choices)
    parent = models.ForeignKey(
        "campaigns.CampaignNode", null=True, on_delete=models.PROTECT, related_name="+"
    )
    old_parent = models.ForeignKey(
        "campaigns.CampaignNode", null=True, on_delete=models.PROTECT, related_name="+"
    )
    from_phase = models.PositiveSmallIntegerField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        """At most one change of a kind waits for a node."""

        constraints = [
            models.UniqueConstraint(
                fields=["node", "kind"],
                condition=Q(done_at__isnull=True, cancelled_at__isnull=True),
                name="one_waiting_change",
            )
        ]


def history(campaign: "Campaign") -> list[tuple[int | None, int, int | None]]:
    """Return (from phase, node, old parent) of each move that was done, the latest first.

    In phases with a lower number, in all if it is None, the node was below the old parent.
    """
    done = WaitingChange.objects.filter(
        node__campaign=campaign, kind=WaitKind.MOVE, done_at__isnull=False, cancelled_at=None
    )
    return list(done.order_by("-pk").values_list("from_phase", "node_id", "old_parent_id"))
