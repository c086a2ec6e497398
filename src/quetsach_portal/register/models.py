"""Files that wait for somebody's yes, and node moves that wait for the next phase."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models import CampaignNode
from quetsach_portal.units.models import OrgEvent, OrgUnit


class UploadState(models.TextChoices):
    """Where a register file stands."""

    OPEN = "open", _lazy("Waits to be confirmed")
    SAVED = "saved", _lazy("Saved")
    DROPPED = "dropped", _lazy("Thrown away")


class RegisterUpload(models.Model):
    """A register file that was read and is not saved yet.

    Shapes: `content` are its rows and errors, packed; emptied once it is saved or thrown away,
    since it holds people's names and telephone numbers.
    """

    top = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    state = models.CharField(max_length=8, choices=UploadState.choices, default=UploadState.OPEN)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)


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
    node = models.ForeignKey(CampaignNode, on_delete=models.PROTECT, related_name="waiting")
    kind = models.CharField(max_length=5, choices=WaitKind.choices)
    parent = models.ForeignKey(CampaignNode, null=True, on_delete=models.PROTECT, related_name="+")
    old_parent = models.ForeignKey(
        CampaignNode, null=True, on_delete=models.PROTECT, related_name="+"
    )
    from_phase = models.PositiveSmallIntegerField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        """One that waits, a node and kind."""

        constraints = [
            models.UniqueConstraint(
                fields=["node", "kind"],
                condition=Q(done_at__isnull=True, cancelled_at__isnull=True),
                name="one_waiting_change",
            ),
        ]
