"""Machines of a unit, looks at them, and what a unit has looked at in a campaign."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.people.models.account import User
from quetsach_portal.units.models import OrgUnit


class MachineOrigin(models.TextChoices):
    """How it became known that the unit has a machine."""

    INVENTORY = "inventory", _lazy("From the list of machines")
    LOOK = "look", _lazy("From a collection")
    TYPED = "typed", _lazy("Typed in")


class UnitMachine(models.Model):
    """A machine of a unit, until `ended_at`.

    Shapes: `name` is what the unit calls it, `hostname` what it calls itself, "" where that is not
    known; `macs` as 00-17-A4-B2-C3-D4. With `same_as` a person said that it is that machine under
    another name or with another network card: it counts as that one.
    """

    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="machines")
    name = models.CharField(max_length=64)
    hostname = models.CharField(max_length=64, blank=True)
    macs = models.JSONField(default=list)
    room = models.CharField(max_length=80, blank=True)
    user_role = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    asset_tag = models.CharField(max_length=40, blank=True)
    origin = models.CharField(max_length=10, choices=MachineOrigin.choices)
    same_as = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="former_names"
    )
    added_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        """Asked for by unit."""

        indexes = [models.Index(fields=["unit", "ended_at"], name="machine_of_unit")]

    def __str__(self) -> str:
        return self.name


class MachineTotal(models.Model):
    """How many machines a unit says that it has; without a row nobody knows."""

    unit = models.OneToOneField(
        OrgUnit, primary_key=True, on_delete=models.PROTECT, related_name="machine_total"
    )
    machines = models.PositiveIntegerField()
    stated_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    stated_at = models.DateTimeField(default=timezone.now)


class LookGrade(models.TextChoices):
    """How much of what a look needs is there."""

    FULL = "full", _lazy("Looked at")
    PART = "part", _lazy("Looked at in part")


class MachineLook(models.Model):
    """One look at one machine, from one hand-in.

    Shapes: `source` names the hand-in, as in "submission:12"; `taken_at` is by the machine's own
    clock; `lacks` are codes of `recording.LACKS`; `connections` and `names` count lines; `content`
    is the SHA-256 of both tables. A look that `repeats` another counts for nothing.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    node = models.ForeignKey(CampaignNode, on_delete=models.PROTECT, related_name="looks")
    machine = models.ForeignKey(UnitMachine, on_delete=models.PROTECT, related_name="looks")
    source = models.CharField(max_length=40)
    host = models.CharField(max_length=64)
    mac = models.CharField(max_length=17, blank=True)
    address = models.CharField(max_length=45, blank=True)
    taken_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    grade = models.CharField(max_length=4, choices=LookGrade.choices)
    lacks = models.JSONField(default=list)
    connections = models.PositiveIntegerField(default=0)
    names = models.PositiveIntegerField(default=0)
    content = models.CharField(max_length=64)
    repeats = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        """The same content counts once in a campaign, whoever hands it in."""

        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "content"],
                condition=Q(repeats__isnull=True, withdrawn_at__isnull=True),
                name="look_content_once",
            )
        ]
        indexes = [
            models.Index(fields=["node", "machine"], name="look_of_node"),
            models.Index(fields=["source"], name="look_of_source"),
        ]


class UnitLookGrade(models.TextChoices):
    """How far a unit has looked."""

    NONE = "none", _lazy("Nothing looked at")
    PART = "part", _lazy("Looked at in part")
    FULL = "full", _lazy("All looked at")


class UnitLook(models.Model):
    """What a unit itself has looked at in a campaign: what its node adds to the counters.

    Shapes: `machines` are those that it has as far as is known, and `is_sized` says that this is
    their number; `seen` and `part` are those looked at whole and in part. `days` of `of_days` up to
    `until` have logs of the network. `has_no_logs` is the unit's word that it has none.
    """

    node = models.OneToOneField(
        CampaignNode, primary_key=True, on_delete=models.CASCADE, related_name="look"
    )
    machines = models.PositiveIntegerField(default=0)
    is_sized = models.BooleanField(default=False)
    seen = models.PositiveIntegerField(default=0)
    part = models.PositiveIntegerField(default=0)
    days = models.PositiveIntegerField(default=0)
    of_days = models.PositiveIntegerField(default=0)
    until = models.DateField(null=True)
    has_no_logs = models.BooleanField(default=False)
    grade = models.CharField(
        max_length=4, choices=UnitLookGrade.choices, default=UnitLookGrade.NONE
    )
