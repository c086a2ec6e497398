"""The acts of a campaign's life, each readable from top to bottom, and the table of their steps."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import transaction

from quetsach_portal.alerts.retention import purge as purge_alerts
from quetsach_portal.campaigns.actions.state import (
    locked_to_archive,
    mark_archived,
    mark_closed,
    mark_closing,
    mark_started,
    request_start,
)
from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.cases.retention import purge as purge_cases
from quetsach_portal.cases.retention import purge_rechecks
from quetsach_portal.followup.retention import purge as purge_followup
from quetsach_portal.intake.retention import purge as purge_intake
from quetsach_portal.letters.retention import purge as purge_letters
from quetsach_portal.lifecycle.launch_steps import refuse_blocked
from quetsach_portal.lists.retention import begin
from quetsach_portal.lists.retention import purge as purge_lists
from quetsach_portal.looks.retention import purge as purge_looks
from quetsach_portal.participation.slips.lots import purge as purge_participation
from quetsach_portal.people.models.account import User
from quetsach_portal.people.news.writing import forget_campaign
from quetsach_portal.planted.retention import purge as purge_planted
from quetsach_portal.prints.retention import purge as purge_prints
from quetsach_portal.publishing.retention import purge as purge_publishing
from quetsach_portal.ranges.retention import purge as purge_ranges
from quetsach_portal.reports.phase_forms.changing import keep_form
from quetsach_portal.reports.records.units import salt_of
from quetsach_portal.sensors.retention import purge as purge_sensors


def ask_or_confirm_start(campaign: Campaign, *, actor: User) -> None:
    """Request the start, or start when another owner has requested it.

    Errors: as those; Refused while a step of the preparation is open, naming all that are.
    """
    with transaction.atomic():
        if campaign.start_asked_by_id is None:
            refuse_blocked(campaign)
            request_start(campaign, actor=actor)
        else:
            start(campaign, actor=actor)


def start(campaign: Campaign, *, actor: User) -> None:
    """Start the campaign: the act of the second person. It sends nothing.

    Errors: Refused unless it is ready, nothing is open and somebody else asked for it.
    """
    with transaction.atomic():
        refuse_blocked(campaign)
        row = mark_started(campaign, actor=actor)
        keep_form(row)
        salt_of(row)
        begin(row)


def begin_closing(campaign: Campaign, *, actor: User) -> None:
    """Begin the end of the campaign, after the last phase is locked. Errors: Refused before."""
    with transaction.atomic():
        mark_closing(campaign, actor=actor)


def close(campaign: Campaign, *, actor: User) -> None:
    """Make the totals final; supplements may still come. Errors: Refused unless it is closing."""
    with transaction.atomic():
        mark_closed(campaign, actor=actor)


def archive(campaign: Campaign, *, actor: User) -> None:
    """Purge the personal data of the campaign; the sums stay. The act of the second person.

    Errors: Refused unless it is closed, 90 days have passed, and somebody else asked for it.
    """
    with transaction.atomic():
        row = locked_to_archive(campaign, actor=actor)
        mark_archived(row, purge(row), actor=actor)


def purge(campaign: Campaign) -> Mapping[str, int]:
    """Return how much of each kind of personal data was removed, by its name in `GOES`.

    The caller holds the transaction.
    """
    removed: Counter[str] = Counter()
    removed.update(purge_intake(campaign))
    removed.update(purge_lists(campaign))
    removed.update(purge_followup(campaign))
    removed.update(purge_letters(campaign))
    removed.update(purge_participation(campaign))
    removed.update(purge_alerts(campaign))
    removed.update(purge_prints(campaign))
    removed.update(purge_sensors(campaign))
    removed.update(purge_ranges(campaign))
    removed.update(purge_planted(campaign))
    removed.update(purge_looks(campaign))
    removed.update(purge_cases(campaign))
    removed.update(purge_rechecks(campaign))
    removed.update(purge_publishing(campaign))
    removed.update(forget_campaign(campaign.pk))
    return removed


@dataclass(frozen=True)
class LifecycleStep:
    """One call that an act makes, and what it means for people; for the docs."""

    act: str
    function: Callable[..., object]
    meaning: str


LIFECYCLE_STEPS = (
    LifecycleStep(
        "start",
        refuse_blocked,
        "Lock the campaign and refuse while a step of its preparation is open: an undecided list, "
        "an unsigned letter, a deadline that has passed.",
    ),
    LifecycleStep(
        "start",
        mark_started,
        "Lock the campaign, check that another owner requested the start, set it live, and count "
        "the lead office as informed.",
    ),
    LifecycleStep(
        "start",
        keep_form,
        "Store the complete report form, so that a new release changes no report.",
    ),
    LifecycleStep(
        "start", salt_of, "Create the secret by which machines are counted once over many units."
    ),
    LifecycleStep("start", begin, "Make the chosen list version 1 in force, if there is one."),
    LifecycleStep(
        "begin_closing",
        mark_closing,
        "Lock the campaign, check that the last phase is locked, and mark it as closing.",
    ),
    LifecycleStep(
        "close", mark_closed, "Lock the campaign, mark it as closed, which makes its totals final."
    ),
    LifecycleStep(
        "archive",
        locked_to_archive,
        "Lock the campaign, check that 90 days have passed and that another owner requested it.",
    ),
    LifecycleStep("archive", purge, "Remove the personal data by the steps of `purge`."),
    LifecycleStep(
        "archive",
        mark_archived,
        "Empty the letter, write into the audit trail what was removed, and mark it as archived.",
    ),
    LifecycleStep("purge", purge_intake, "Notes, findings and files of the units' submissions."),
    LifecycleStep(
        "purge",
        purge_lists,
        "Reasons of decisions on rows of lists, and what a trial said of units.",
    ),
    LifecycleStep(
        "purge",
        purge_followup,
        "Who confirmed receipts, deployments, paper reports and extensions, with notes and proofs; "
        "mails.",
    ),
    LifecycleStep(
        "purge",
        purge_letters,
        "Addresses of dispatches, printed covering sheets, and contacts of units that no other "
        "campaign needs.",
    ),
    LifecycleStep("purge", purge_alerts, "Alerts about machines, their answers and mails."),
    LifecycleStep("purge", purge_prints, "On which days lists were met in logs that are gone."),
    LifecycleStep("purge", purge_sensors, "What watches reported of themselves and their sources."),
    LifecycleStep(
        "purge",
        purge_ranges,
        "Addresses, answers and links of notices that were allotted to units.",
    ),
    LifecycleStep("purge", purge_planted, "Which planted names the logs of units showed."),
    LifecycleStep("purge", purge_looks, "At which machines units looked, with their names."),
    LifecycleStep(
        "purge",
        purge_cases,
        "Names and addresses of machines, sightings, the history, notes and files of cases, and "
        "notices.",
    ),
    LifecycleStep("purge", purge_rechecks, "Notes on re-checks, and who made them."),
    LifecycleStep(
        "purge",
        purge_publishing,
        "Rows and files of the lists of the public page; the page is taken down if it is shown.",
    ),
)
"""What each act does, in order; docs/campaign-life.md is written from it."""
