"""The dry run of a start: everything looked at and rendered, nothing sent.

What other apps would send is looked at by what settings.DRY_RUN_CHECKS names: each gets the
campaign and gives `Fault`s; the number of texts it rendered comes first.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.actions.life import mark_ready
from quetsach_portal.campaigns.contacts import health, is_address, usable, with_contact
from quetsach_portal.campaigns.models import (
    Campaign,
    CampaignNode,
    DryRun,
    DryRunFault,
    Material,
    Phase,
    Slot,
)
from quetsach_portal.campaigns.release import release_problem
from quetsach_portal.files.storage import path_of
from quetsach_portal.jobs.work import Work

FAULTS = {
    "no_legal_basis": _lazy("The legal basis is missing."),
    "no_tasks": _lazy("There are no tasks."),
    "no_tree": _lazy("The tree is not frozen."),
    "no_phase": _lazy("There is no phase."),
    "phase_over": _lazy("This phase is over already:"),
    "level_over": _lazy("The lowest level would be late at the start of this phase:"),
    "no_release": _lazy("No list of harmful addresses was chosen."),
    "bad_release": _lazy("The list of harmful addresses cannot be used:"),
    "no_material": _lazy("There is no material for the units."),
    "lost_file": _lazy("The file of this material is lost:"),
    "few_contacts": _lazy("Fewer than 95 of 100 units have a usable contact."),
    "no_contact": _lazy("No contact"),
    "contact_off": _lazy("All contacts are switched off"),
    "bad_address": _lazy("This address cannot be used:"),
    "cannot_render": _lazy("The text for this unit cannot be made:"),
}
"""What can be wrong, in words; `detail` follows."""

KEPT = 1000


@dataclass(frozen=True)
class Fault:
    """One thing that is broken; with `stops`, the campaign cannot start before it is put right."""

    code: str
    node_id: int | None = None
    detail: str = ""
    stops: bool = True


@dataclass(frozen=True)
class Looked:
    """How many texts a check rendered, and what it found broken."""

    rendered: int
    faults: list[Fault]


Check: TypeAlias = Callable[[Campaign], Looked]


def run(work: Work) -> None:
    """Do a dry run that was asked for; a job."""
    asked = DryRun.objects.select_related("campaign__lead_unit").get(pk=work.payload["run_id"])
    campaign = asked.campaign
    reach = health(campaign)
    faults = [*faults_of_set_up(campaign), *faults_of_contacts(campaign)]
    rendered = 0
    for name in settings.DRY_RUN_CHECKS:
        work.renew()
        check: Check = import_string(name)
        looked = check(campaign)
        rendered += looked.rendered
        faults += looked.faults
    with work.finishing():
        DryRunFault.objects.bulk_create(
            DryRunFault(
                run=asked,
                node_id=one.node_id,
                code=one.code,
                detail=one.detail[:300],
                stops=one.stops,
            )
            for one in islice(sorted(faults, key=lambda one: not one.stops), KEPT)
        )
        asked.finished_at = timezone.now()
        asked.units, asked.reachable, asked.rendered = reach.units, reach.reachable, rendered
        asked.faults_found = len(faults)
        asked.passed = not any(one.stops for one in faults)
        asked.save()
        if asked.passed:
            mark_ready(asked)


def faults_of_set_up(campaign: Campaign) -> Iterator[Fault]:
    """Return what is missing or broken in the preparation itself."""
    now = timezone.now()
    if not campaign.legal_basis.strip():
        yield Fault("no_legal_basis")
    if not campaign.tasks:
        yield Fault("no_tasks")
    if campaign.frozen_on is None or not CampaignNode.objects.filter(campaign=campaign).exists():
        yield Fault("no_tree")
    phases = list(Phase.objects.filter(campaign=campaign).order_by("no"))
    if not phases:
        yield Fault("no_phase")
    for phase in phases:
        yield from _faults_of_phase(phase, max(now, phase.opens_at))
    if campaign.release_file is None:
        yield Fault("no_release", stops=False)
    elif problem := release_problem(campaign):
        yield Fault("bad_release", detail=problem)
    yield from _faults_of_materials(campaign)


def _faults_of_phase(phase: Phase, begins: object) -> Iterator[Fault]:
    named = f"{phase.no}. {phase.title}".strip()
    if phase.due_at <= timezone.now():
        yield Fault("phase_over", detail=named)
    elif Slot.objects.filter(phase=phase, due_at__lte=begins).exists():
        yield Fault("level_over", detail=named)


def _faults_of_materials(campaign: Campaign) -> Iterator[Fault]:
    materials = Material.objects.filter(campaign=campaign, withdrawn_at__isnull=True)
    held = list(materials.select_related("file"))
    if not held:
        yield Fault("no_material", stops=False)
    for material in held:
        if not path_of(material.file).is_file():
            yield Fault("lost_file", detail=material.title)


def faults_of_contacts(campaign: Campaign) -> Iterator[Fault]:
    """Return the units that cannot be reached; too many of them stop the start."""
    reach = health(campaign)
    if reach.units and not reach.is_enough:
        yield Fault("few_contacts", detail=f"{reach.reachable}/{reach.units}")
    broken = with_contact(campaign).exclude(Q(state_of_contact="ok")).order_by("path")
    for node in broken.iterator(chunk_size=2000):
        code = "contact_off" if getattr(node, "state_of_contact", "") == "off" else "no_contact"
        yield Fault(code, node.pk, stops=False)
    nodes = dict(CampaignNode.objects.filter(campaign=campaign).values_list("unit_id", "pk"))
    held = usable().filter(unit__nodes__campaign=campaign).values_list("unit_id", "mail")
    for unit_id, mail in held.iterator(chunk_size=2000):
        if not is_address(mail):
            yield Fault("bad_address", nodes[unit_id], detail=mail, stops=False)
