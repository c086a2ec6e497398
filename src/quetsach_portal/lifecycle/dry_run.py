"""The dry run of a start: everything is checked and rendered, nothing is sent.

The preparation and the contacts are checked here; the follow-up renders the text of each reminder.
"""

from collections.abc import Iterator
from itertools import islice

from django.db.models import Case, CharField, Q, QuerySet, Value, When
from django.utils import timezone

from quetsach_portal.campaigns.actions.state import mark_ready
from quetsach_portal.campaigns.models.campaign import (
    Campaign,
    CampaignNode,
    ExpectedReport,
    Material,
    Phase,
)
from quetsach_portal.campaigns.models.checks import FAULTS, DryRun, DryRunFault, Fault
from quetsach_portal.campaigns.release import release_problem
from quetsach_portal.campaigns.units import health, is_address, usable, with_contact
from quetsach_portal.files.storage import path_of
from quetsach_portal.followup import mails as followup
from quetsach_portal.jobs.queue import RunningJob

KEPT = 1000
"""Faults of a dry run that are stored; the others are only counted."""


def run(work: RunningJob) -> None:
    """Run a requested dry run; a job."""
    dry_run = DryRun.objects.select_related("campaign__lead_unit").get(pk=work.payload["run_id"])
    campaign = dry_run.campaign
    reach = health(campaign)
    faults = [*faults_of_set_up(campaign), *faults_of_contacts(campaign)]
    work.renew()
    texts = followup.check(campaign)
    faults += texts.faults
    with work.finishing():
        DryRunFault.objects.bulk_create(
            DryRunFault(
                run=dry_run,
                node_id=fault.node_id,
                code=fault.code,
                detail=fault.detail[:300],
                stops=fault.stops,
            )
            for fault in islice(sorted(faults, key=lambda fault: not fault.stops), KEPT)
        )
        dry_run.finished_at = timezone.now()
        dry_run.units = reach.units
        dry_run.reachable = reach.reachable
        dry_run.rendered = texts.rendered
        dry_run.faults_found = len(faults)
        dry_run.passed = not any(fault.stops for fault in faults)
        dry_run.save()
        if dry_run.passed:
            mark_ready(dry_run)


def faults_of_set_up(campaign: Campaign) -> Iterator[Fault]:
    """Return what is missing or broken in the preparation itself."""
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
        yield from _faults_of_phase(phase)
    if campaign.release_file is None:
        yield Fault("no_release", stops=False)
    elif problem := release_problem(campaign):
        yield Fault("bad_release", detail=problem)
    yield from _faults_of_materials(campaign)


def _faults_of_phase(phase: Phase) -> Iterator[Fault]:
    named = f"{phase.no}. {phase.title}".strip()
    if phase.due_at <= timezone.now():
        yield Fault("phase_over", detail=named)
    elif level_is_over(phase):
        yield Fault("level_over", detail=named)


def level_is_over(phase: Phase) -> bool:
    """True when a unit would be late as soon as the phase opens. Cost: one query."""
    begins = max(timezone.now(), phase.opens_at)
    return ExpectedReport.objects.filter(phase=phase, due_at__lte=begins).exists()


def _faults_of_materials(campaign: Campaign) -> Iterator[Fault]:
    materials = Material.objects.filter(campaign=campaign, withdrawn_at__isnull=True)
    offered = list(materials.select_related("file"))
    if not offered:
        yield Fault("no_material", stops=False)
    for material in offered:
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
    contacts = usable().filter(unit__nodes__campaign=campaign).values_list("unit_id", "mail")
    for unit_id, mail in contacts.iterator(chunk_size=2000):
        if not is_address(mail):
            yield Fault("bad_address", nodes[unit_id], detail=mail, stops=False)


def faults_of(run: DryRun) -> QuerySet[DryRunFault]:
    """Return what the dry run found broken, each with its `words`; what stops the start first."""
    words = [When(code=code, then=Value(str(text))) for code, text in FAULTS.items()]
    rows = DryRunFault.objects.filter(run=run).select_related("node")
    return rows.annotate(words=Case(*words, default=Value(""), output_field=CharField())).order_by(
        "-stops", "pk"
    )
