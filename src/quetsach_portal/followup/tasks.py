"""A unit's own tasks in a campaign, in order, with state and deadline in words."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.deadlines import due_sentence
from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    ExpectedReport,
    ExpectedReportState,
    NodeCounter,
    Phase,
)
from quetsach_portal.campaigns.queries import current_phase, tally_of
from quetsach_portal.campaigns.tree.succession import continued_by
from quetsach_portal.followup.models import (
    DeclarationState,
    DeployDeclaration,
    Extension,
    ExtensionState,
    Reminder,
    Silence,
)
from quetsach_portal.followup.reminders import still_silent
from quetsach_portal.looks.figures import (
    LookFigures,
    figures_of_tree,
    figures_of_unit,
    looked_words,
    zero_words,
)
from quetsach_portal.looks.models import UnitLook
from quetsach_portal.web.compiled_queries import CompiledQuery


@dataclass(frozen=True)
class UnitTask:
    """One of the six tasks.

    Shapes: `key` is receive, pass_on, deploy, look, clean or report; `state` is done, todo, late,
    waiting (for a task above it) or nothing (there is nothing to do); `url` is "" where there is
    no page.
    """

    key: str
    title: str
    state: str
    word: str
    tone: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class UnitTasks:
    """The tasks of a unit, the first that is to be done, and what hurries.

    Shapes: `heirs` are the names of the units that continue one that ended; `reminded_with` is the
    sentence of who reminded last, to be shown as a quotation.
    """

    node: CampaignNode
    phase: Phase | None
    due: str
    tasks: tuple[UnitTask, ...]
    reminded_at: datetime | None
    reminded_with: str = ""
    heirs: tuple[str, ...] = ()

    @property
    def next(self) -> UnitTask | None:
        """Return the first task that can and must be done now."""
        return next((task for task in self.tasks if task.state in ("todo", "late")), None)


def tasks_of(node: CampaignNode, phase: Phase | None = None) -> UnitTasks:
    """Return what `node` has to do in its campaign, by `phase` or the current one.

    Cost: six queries; one less where the phase is given, and where `node` has its counters; one
    more for a unit that ended.
    """
    phase = current_phase(node.campaign) if phase is None else phase
    slot = None if phase is None else _SLOT.first(node_id=node.pk, phase_id=phase.pk)
    tally = tally_of(node)
    last = _LAST_REMINDER.first(node_id=node.pk)
    own = figures_of_unit(_LOOK.first(node_id=node.pk))
    tasks = (
        _receive(node),
        _pass_on(node, tally),
        _deploy(node),
        _look(node, own, slot),
        _clean(tally, own if tally.units <= 1 else figures_of_tree(tally)),
        _report(node, slot),
    )
    is_due = slot is not None and slot.state != ExpectedReportState.EXCUSED
    due = due_sentence(slot.due_at) if slot is not None and is_due else ""
    ended = node.unit.closed_on is not None
    heirs = tuple(map(str, continued_by(node))) if ended else ()
    if last is None:
        return UnitTasks(node, phase, due, tasks, None, heirs=heirs)
    return UnitTasks(node, phase, due, tasks, last.at, last.words, heirs)


_SLOT = CompiledQuery(
    lambda node_id, phase_id: ExpectedReport.objects.filter(node_id=node_id, phase_id=phase_id)
)
_LAST_REMINDER = CompiledQuery(
    lambda node_id: Reminder.objects.filter(node_id=node_id, undone_at__isnull=True).order_by(
        "-day"
    )[:1]
)
_LOOK = CompiledQuery(lambda node_id: UnitLook.objects.filter(node_id=node_id))
_NOT_TOLD = CompiledQuery(
    lambda node_id: (
        CampaignNode.objects.filter(parent_id=node_id, told_at__isnull=True)
        .order_by()
        .values_list("parent_id")
        .annotate(count=Count("pk"))
        .values_list("count", flat=True)
    )
)


def needs_of_lead(node: CampaignNode) -> dict[str, int]:
    """Return what waits for the office of `node` from its direct children: counts by subject."""
    return {
        "extensions": Extension.objects.filter(
            slot__node__parent=node, state=ExtensionState.ASKED
        ).count(),
        "silent": Silence.objects.filter(still_silent(timezone.now()), node__parent=node).count(),
        "declarations": DeployDeclaration.objects.filter(
            node__parent=node, state=DeclarationState.DECLARED
        ).count(),
    }


def _task(key: str, title: str, state: str, url: str = "", note: str = "") -> UnitTask:
    words = {
        "done": (_("Done"), "good"),
        "todo": (_("To do"), "warn"),
        "late": (_("Late"), "bad"),
        "waiting": (_("Not yet"), "calm"),
        "nothing": (_("Nothing to do"), "calm"),
    }
    word, tone = words[state]
    return UnitTask(key, title, state, word, tone, url, note)


def _receive(node: CampaignNode) -> UnitTask:
    state = "done" if node.received_at else "todo"
    url = reverse("followup:receive", args=[node.pk])
    return _task("receive", _("Confirm that you received the letter"), state, url)


def _pass_on(node: CampaignNode, tally: NodeCounter) -> UnitTask:
    """The unit's own letter informs units below; where there are none, its staff take part."""
    after = "todo" if node.received_at else "waiting"
    if tally.units > 1:
        waiting = _NOT_TOLD.first(node_id=node.pk) or 0
        note = (
            _("%(count)s units below are not informed yet") % {"count": waiting} if waiting else ""
        )
        state = after if waiting else "done"
        return _task(
            "pass_on", _("Pass it on to your units"), state, page_of_app("letters:index"), note
        )
    joined = _("%(joined)s presses of the staff code; %(staff)s staff") % {
        "joined": tally.joined_staff,
        "staff": node.staff,
    }
    state = "done" if tally.joined_staff else after
    url = page_of_app("participation:figures", node.pk)
    return _task("pass_on", _("Invite your staff to take part"), state, url, joined)


def _deploy(node: CampaignNode) -> UnitTask:
    after = "todo" if node.received_at else "waiting"
    state = "done" if node.deployed_at else after
    url = reverse("followup:deploy", args=[node.pk])
    return _task("deploy", _("Declare that you have deployed the campaign"), state, url)


def _look(node: CampaignNode, look: LookFigures, slot: ExpectedReport | None) -> UnitTask:
    """Each unit looks at its own machines; what is left stays told after its report."""
    title, url = _("Check machines"), page_of_app("intake:machines", node.pk)
    words = looked_words(look)
    is_all = look.is_whole or (look.has_no_logs and look.machines_left == 0 < look.seen)
    if is_all and look.machines is not None:
        return _task("look", title, "done", url, words)
    if slot is not None and slot.reported_at is not None:
        word = _("Nothing looked at") if look.is_nothing else _("Looked at in part")
        return replace(_task("look", title, "waiting", url, words), word=word, tone="warn")
    return _task("look", title, "todo" if node.received_at else "waiting", url, words)


def _clean(tally: NodeCounter, look: LookFigures) -> UnitTask:
    """Nothing has to be cleaned only where all was looked at; else it is not known."""
    title, url = _("Clean the devices that were found"), page_of_app("cases:index")
    if tally.cases_open:
        note = _("%(count)s devices to handle; %(looked)s") % {
            "count": tally.cases_open,
            "looked": looked_words(look),
        }
        return _task("clean", title, "todo", url, note)
    if tally.cases_verified + tally.cases_other:
        return _task("clean", title, "done", url, looked_words(look))
    task = _task("clean", title, "nothing", url, zero_words(look))
    if look.is_whole:
        return replace(task, word=_("No machine has to be cleaned"), tone="good")
    return replace(task, word=_("Not known yet"))


def _report(node: CampaignNode, slot: ExpectedReport | None) -> UnitTask:
    title, url = _("Report the results"), reverse("followup:node", args=[node.pk])
    if slot is None or slot.state == ExpectedReportState.EXCUSED:
        return _task("report", title, "nothing", url)
    url = page_of_app("reports:slot", slot.pk) or url
    if slot.state == ExpectedReportState.RETURNED:
        task = _task("report", title, "todo", url, _("Returned by the office above"))
        return replace(task, word=_("Returned"), tone="bad")
    if slot.reported_at is not None:
        return _handed_in(_task("report", title, "done", url), slot)
    note = due_sentence(slot.due_at)
    state = "late" if timezone.now() >= slot.due_at else "todo"
    return _task("report", title, state, url, note)


def _handed_in(task: UnitTask, slot: ExpectedReport) -> UnitTask:
    """Return the task with what is still to come before its report is through."""
    to_come = {
        ExpectedReportState.SUBMITTED.value: _("Submitted, waiting for acceptance"),
        ExpectedReportState.ACCEPTED.value: _("Accepted, waiting for the signature"),
        ExpectedReportState.SIGNED.value: _("Signed, waiting to be sent to the office above"),
    }
    word = to_come.get(slot.state)
    return task if word is None else replace(task, word=word, tone="info")


def page_of_app(name: str, *arguments: int) -> str:
    """Return the address of a page of another app, "" where that app is not there."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
