"""Samples that were drawn for a re-check, and what was found of each thing drawn."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import CampaignNode, Phase
from quetsach_portal.cases.models.case import Case
from quetsach_portal.people.models.account import User


class RecheckSubject(models.TextChoices):
    """The subject of a recheck, and what units declare about it."""

    DEVICES = "devices", _lazy("Devices that are declared clean")
    UNITS = "units", _lazy("Units that declare the campaign deployed")


class DrawState(models.TextChoices):
    """The state of a sample; an abandoned one stays on the list with its reason."""

    OPEN = "open", _lazy("Being re-checked")
    CLOSED = "closed", _lazy("Finished")
    GIVEN_UP = "given_up", _lazy("Given up")


class RecheckResult(models.TextChoices):
    """What the person on the spot found."""

    YES = "yes", _lazy("Confirmed")
    NO = "no", _lazy("Not confirmed")
    UNKNOWN = "unknown", _lazy("Could not tell")


class Draw(models.Model):
    """A random sample of what is below `node`, drawn with the portal's own seed.

    Shapes: `frame` are all from which was drawn, one a line, sorted; with `seed` and `size` anyone
    draws the same again. `declared` of `population` are declared to be so. `number` counts the
    samples of this node, phase and subject: nobody draws until they like what they see unnoticed.
    """

    node = models.ForeignKey(CampaignNode, on_delete=models.PROTECT, related_name="draws")
    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="draws")
    subject = models.CharField(max_length=8, choices=RecheckSubject.choices)
    number = models.PositiveSmallIntegerField()
    seed = models.CharField(max_length=64)
    frame = models.TextField()
    population = models.PositiveIntegerField()
    declared = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=DrawState.choices, default=DrawState.OPEN)
    reason = models.CharField(max_length=500, blank=True)
    drawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(default=timezone.now)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """One that is open a node and subject; what is declared is a part of the whole."""

        constraints = [
            models.UniqueConstraint(
                fields=["node", "phase", "subject", "number"], name="draw_number_once"
            ),
            models.UniqueConstraint(
                fields=["node", "subject"], condition=Q(state="open"), name="one_open_draw"
            ),
            models.CheckConstraint(
                condition=Q(declared__lte=models.F("population"))
                & Q(size__lte=models.F("population")),
                name="draw_is_part_of_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="given_up") | ~Q(reason=""), name="given_up_has_reason"
            ),
        ]


class RecheckItem(models.Model):
    """One thing that was drawn, in the order of the draw.

    Shapes: `ref` is a case's number or a unit's code; `was_declared` what the unit said when it was
    drawn; `answer` is "" until somebody looked.
    """

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="items")
    place = models.PositiveIntegerField()
    ref = models.CharField(max_length=60)
    node = models.ForeignKey(CampaignNode, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    was_declared = models.BooleanField()
    checker = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=8, choices=RecheckResult.choices, blank=True, default="")
    note = models.CharField(max_length=500, blank=True)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        """Each once."""

        constraints = [
            models.UniqueConstraint(fields=["draw", "place"], name="draw_place_once"),
            models.UniqueConstraint(fields=["draw", "ref"], name="draw_ref_once"),
        ]
