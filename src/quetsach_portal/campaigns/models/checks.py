"""Checks of a campaign: the faults that a dry run can find, dry runs, and counter checks."""

from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode

FAULTS = {
    "no_legal_basis": _lazy("The legal basis is missing."),
    "no_tasks": _lazy("There are no tasks."),
    "no_tree": _lazy("The tree is not frozen."),
    "no_phase": _lazy("There is no phase."),
    "phase_over": _lazy("This phase is already over:"),
    "level_over": _lazy("The lowest level would be late at the start of this phase:"),
    "no_release": _lazy("No list of harmful addresses is selected."),
    "bad_release": _lazy("The list of harmful addresses cannot be used:"),
    "no_material": _lazy("There is no material for the units."),
    "lost_file": _lazy("The file of this material is lost:"),
    "few_contacts": _lazy("Fewer than 95 of 100 units have a usable contact."),
    "no_contact": _lazy("No contact"),
    "contact_off": _lazy("All contacts are switched off"),
    "bad_address": _lazy("This address cannot be used:"),
    "cannot_render": _lazy("The text for this unit cannot be created:"),
}
"""The texts of the fault codes; `detail` follows the text."""


@dataclass(frozen=True)
class Fault:
    """A fault; with `stops`, the campaign cannot start before it is corrected."""

    code: str
    node_id: int | None = None
    detail: str = ""
    stops: bool = True


@dataclass(frozen=True)
class RenderCheck:
    """How many texts a check rendered, and the faults that it found."""

    rendered: int
    faults: list[Fault]


class DryRun(models.Model):
    """A dry run of the start: everything rendered, every contact checked, nothing sent."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="dry_runs")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    units = models.PositiveIntegerField(default=0)
    reachable = models.PositiveIntegerField(default=0)
    rendered = models.PositiveIntegerField(default=0)
    faults_found = models.PositiveIntegerField(default=0)
    passed = models.BooleanField(default=False)


class DryRunFault(models.Model):
    """A fault that a dry run found; the first thousand are stored.

    Shapes: `code` is a key of `FAULTS`; a fault without `node` concerns the campaign.
    """

    run = models.ForeignKey(DryRun, on_delete=models.CASCADE, related_name="faults")
    node = models.ForeignKey(CampaignNode, null=True, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=40)
    detail = models.CharField(max_length=300, blank=True)
    stops = models.BooleanField(default=True)


class CounterCheck(models.Model):
    """One comparison of all counters of a campaign with a slow recount.

    Shapes: `differences` has the first 50: {"node", "phase", "figure", "stored", "counted"}.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="tally_checks")
    at = models.DateTimeField(default=timezone.now)
    counters = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    differences = models.JSONField(default=list)
