"""The eight steps from a letter to the start of a campaign: how each stands, and what is open.

One function says both; the rail of every page, the page of the start and the start itself ask it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from quetsach_portal.campaigns import queries
from quetsach_portal.campaigns.letter_review import issued_beside, open_questions
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState, Phase
from quetsach_portal.campaigns.scope import PREPARING
from quetsach_portal.campaigns.units import ENOUGH_PERCENT, ContactHealth, health
from quetsach_portal.followup.reminder_rules import calendar_of
from quetsach_portal.letters.launching import LaunchLetter, launch_letter
from quetsach_portal.lifecycle.dry_run import level_is_over
from quetsach_portal.lists.queries import OpenVersion, open_version
from quetsach_portal.web.acts import Refused

DONE, ASKED, STOPPED, WAITING = "ok", "ask", "stop", "wait"
"""How a step stands: done; done, with something to answer; blocking the start; not begun."""


@dataclass(frozen=True)
class OpenPoint:
    """What blocks the start: in a sentence, in two words with its count, and where it is mended."""

    step: int
    words: str
    short: str
    url: str


@dataclass(frozen=True)
class LaunchStep:
    """A step of the preparation: its place on the rail, how it stands and what is open there."""

    no: int
    title: str
    url: str
    mark: str
    note: str
    open: tuple[OpenPoint, ...] = ()


def launch_steps(campaign: Campaign) -> list[LaunchStep]:
    """Return the eight steps in their order.

    Cost: some fifteen queries, however large the tree.
    """
    state = _Preparation(campaign)
    steps: list[LaunchStep] = []
    for number, (title, view, step_of) in enumerate(_STEPS, 1):
        mark, note, points = step_of(state)
        if campaign.state not in PREPARING:
            mark, points = DONE, ()
        url = reverse(view, args=[campaign.pk])
        steps.append(LaunchStep(number, str(title), url, mark, note, tuple(points)))
        state.open += points
    return steps


def open_points(steps: Sequence[LaunchStep]) -> list[OpenPoint]:
    """Return everything that blocks the start, in the order of the steps."""
    return [point for step in steps for point in step.open]


def refuse_blocked(campaign: Campaign) -> None:
    """Refuse the start of a campaign while a step blocks it. Errors: Refused, naming what is open.

    The caller holds the transaction.
    """
    row = Campaign.objects.select_for_update().select_related("lead_unit").get(pk=campaign.pk)
    if row.state not in PREPARING:
        return  # The state itself refuses, in its own words.
    if points := open_points(launch_steps(row)):
        raise Refused(blocked_sentence(points))


def blocked_sentence(points: Sequence[OpenPoint]) -> str:
    """Return "Cannot be started yet: 3 rows of the list, 1 signature."""
    return _("Cannot be started yet: %(what)s.") % {
        "what": ", ".join(point.short for point in points)
    }


StepState = tuple[str, str, tuple[OpenPoint, ...]]


@dataclass
class _Preparation:
    """What several steps ask of a campaign, asked once; `open` is what the steps before found."""

    campaign: Campaign
    open: tuple[OpenPoint, ...] = ()

    @cached_property
    def reach(self) -> ContactHealth:
        return health(self.campaign)

    @cached_property
    def letter(self) -> LaunchLetter:
        return launch_letter(self.campaign)

    def url(self, view: str) -> str:
        return reverse(view, args=[self.campaign.pk])


def _number(count: int) -> str:
    return str(number_format(count, force_grouping=True))


def _letter_step(state: _Preparation) -> StepState:
    campaign, points = state.campaign, []
    if not campaign.legal_basis.strip():
        url = state.url("campaigns:basics")
        points.append(OpenPoint(1, _("The legal basis is missing"), _("1 legal basis"), url))
    if not campaign.tasks:
        url = state.url("campaigns:tasks")
        points.append(
            OpenPoint(1, _("What units have to do is missing"), _("1 list of tasks"), url)
        )
    questions = len(open_questions(campaign.letter))
    if points:
        return STOPPED, points[0].words, tuple(points)
    if questions:
        note = ngettext("%(n)s question is open", "%(n)s questions are open", questions)
        return ASKED, note % {"n": questions}, ()
    if issued_beside(campaign.letter, campaign.lead_unit.name):
        return ASKED, _("a letter of another office"), ()
    note = _("%(count)s tasks") % {"count": len(campaign.tasks)}
    return DONE, note, ()


def _tree_step(state: _Preparation) -> StepState:
    reach = state.reach
    if state.campaign.frozen_on is None or not reach.units:
        url = state.url("campaigns:freeze")
        words = _("Who takes part is not settled")
        return STOPPED, _("not settled"), (OpenPoint(2, words, _("1 tree of units"), url),)
    note = _("%(count)s units") % {"count": _number(reach.units)}
    if reach.is_enough:
        return DONE, note, ()
    missing = -(-ENOUGH_PERCENT * reach.units // 100) - reach.reachable
    words = _("%(good)s of %(all)s units can be reached; 95 of 100 are needed") % {
        "good": _number(reach.reachable),
        "all": _number(reach.units),
    }
    short = ngettext("%(n)s contact", "%(n)s contacts", missing) % {"n": _number(missing)}
    return STOPPED, note, (OpenPoint(2, words, short, state.url("campaigns:contacts")),)


def _deadline_step(state: _Preparation) -> StepState:
    url = state.url("campaigns:deadlines")
    phases = queries.phases_of(state.campaign)
    if not phases:
        words = _("No deadline is set")
        return STOPPED, words, (OpenPoint(3, words, _("1 deadline"), url),)
    over = [phase for phase in phases if _is_over(phase)]
    if over:
        words = _("Phase %(no)s: a deadline has passed") % {"no": over[0].no}
        short = ngettext("%(n)s passed deadline", "%(n)s passed deadlines", len(over))
        return STOPPED, words, (OpenPoint(3, words, short % {"n": len(over)}, url),)
    levels = len(queries.units_by_depth(state.campaign))
    note = ngettext("%(n)s level", "%(n)s levels", levels) % {"n": levels} if levels else ""
    if levels > 1 and not phases[0].level_lead_days:
        return WAITING, _("proposed, not settled"), ()
    if len(phases) > 1:
        note = _("%(count)s phases") % {"count": len(phases)}
    return DONE, note, ()


def _is_over(phase: Phase) -> bool:
    return phase.due_at <= timezone.now() or level_is_over(phase)


def _list_step(state: _Preparation) -> StepState:
    url, waiting = state.url("lists:step"), open_version(state.campaign)
    count = state.campaign.release_facts.get("count", 0)
    if waiting is not None:
        point = _open_list(waiting, url)
        return STOPPED, point.words, (point,)
    if state.campaign.release_file_id is None:
        return WAITING, _("none yet; units can take part without one"), ()
    return DONE, _("%(count)s entries") % {"count": _number(count)}, ()


def _open_list(waiting: OpenVersion, url: str) -> OpenPoint:
    if waiting.is_checked and waiting.undecided:
        n = waiting.undecided
        words = ngettext("%(n)s row is undecided", "%(n)s rows are undecided", n)
        short = ngettext("%(n)s row of the list", "%(n)s rows of the list", n)
        return OpenPoint(4, words % {"n": _number(n)}, short % {"n": _number(n)}, url)
    if waiting.is_proposed:
        return OpenPoint(
            4, _("The list waits for a second person"), _("1 confirmation of the list"), url
        )
    words = _("The list is not proposed") if waiting.is_checked else _("The list is being checked")
    return OpenPoint(4, words, _("1 version of the list"), url)


def _draft_step(state: _Preparation) -> StepState:
    letter, url = state.letter, state.url("campaigns:launch_letter")
    if not letter.recipients:
        note = "" if state.campaign.frozen_on is None else _("no unit below: none is needed")
        return (WAITING if state.campaign.frozen_on is None else DONE), note, ()
    short = _("1 letter")
    if letter.row is None:
        words = _("The letter to the units is not drafted")
        return STOPPED, _("not drafted"), (OpenPoint(5, words, short, url),)
    if letter.is_late:
        words = _("The letter names a later day than the units’ deadline")
        return STOPPED, words, (OpenPoint(5, words, short, url),)
    if letter.is_with_writer:
        words = _("The letter is drafted and not yet submitted for signature")
        return STOPPED, _("drafted, not submitted"), (OpenPoint(5, words, short, url),)
    note = ngettext("to %(n)s unit", "to %(n)s units", letter.recipients)
    return DONE, note % {"n": _number(letter.recipients)}, ()


def _sign_step(state: _Preparation) -> StepState:
    letter, url = state.letter, state.url("campaigns:launch_signing")
    if not letter.recipients:
        return (WAITING if state.campaign.frozen_on is None else DONE), "", ()
    if letter.is_signed:
        return DONE, letter.signed_words, ()
    if letter.row is None:
        return WAITING, _("not signed"), ()
    words = _("The letter is not signed")
    return STOPPED, _("not signed"), (OpenPoint(6, words, _("1 signature"), url),)


def _reminder_step(state: _Preparation) -> StepState:
    calendar = calendar_of(state.campaign)
    if not calendar.is_saved:
        return WAITING, _("the usual reminders"), ()
    count = sum(rule.is_on for rule in calendar.rules)
    if not count:
        return DONE, _("no reminder"), ()
    return DONE, ngettext("%(n)s reminder", "%(n)s reminders", count) % {"n": count}, ()


def _start_step(state: _Preparation) -> StepState:
    campaign, url = state.campaign, state.url("campaigns:start")
    if campaign.state == CampaignState.READY:
        if campaign.start_asked_by_id is not None:
            return WAITING, _("waits for a second owner"), ()
        return WAITING, _blocked_note(state.open) or _("can be requested"), ()
    if campaign.state != CampaignState.DRAFT:
        started = campaign.starts_at
        return DONE, "" if started is None else f"{timezone.localtime(started):%d/%m/%Y}", ()
    run = queries.last_dry_run(campaign)
    if run is not None and run.finished_at is None:
        words = _("Everything is being checked")
    elif run is not None and not run.passed and queries.is_fresh(campaign, run):
        words = _("The check found what blocks the start")
        url = state.url("campaigns:dry_run")
    else:
        words = _("The whole preparation has not been checked since the last change")
    point = OpenPoint(8, words, _("1 check of everything"), url)
    return WAITING, _blocked_note((*state.open, point)), (point,)


def _blocked_note(points: Sequence[OpenPoint]) -> str:
    if not points:
        return ""
    note = ngettext("%(n)s thing blocks", "%(n)s things block", len(points))
    return note % {"n": len(points)}


_STEPS: Sequence[tuple[Any, str, Callable[[_Preparation], StepState]]] = (
    (_lazy("Letter of the campaign"), "campaigns:setup", _letter_step),
    (_lazy("Units"), "campaigns:freeze", _tree_step),
    (_lazy("Deadlines"), "campaigns:deadlines", _deadline_step),
    (_lazy("List of addresses"), "lists:step", _list_step),
    (_lazy("Letter to the units"), "campaigns:launch_letter", _draft_step),
    (_lazy("Signature"), "campaigns:launch_signing", _sign_step),
    (_lazy("Reminders"), "followup:calendar", _reminder_step),
    (_lazy("Rehearsal and start"), "campaigns:start", _start_step),
)
"""Title, page and state of each step."""
