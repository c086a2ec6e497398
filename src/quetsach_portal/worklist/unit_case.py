"""The whole case of a unit on its first page: what is left and by when, in five rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Sum
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quetsach_portal.campaigns.deadlines import before_text, days_left, describe_time_left
from quetsach_portal.campaigns.models.campaign import ExpectedReport, ExpectedReportState
from quetsach_portal.campaigns.queries import tally_of
from quetsach_portal.cases.models.case import Case
from quetsach_portal.followup.pages import receipt_of
from quetsach_portal.followup.tasks import UnitTask, UnitTasks
from quetsach_portal.intake.models import CoverageDay, Submission, SubmissionState
from quetsach_portal.intake.submission_page import SubmissionStatus, standing_of, why_closed
from quetsach_portal.letters.models import Dispatch, DispatchSubject, Letter
from quetsach_portal.looks.counting import window_of
from quetsach_portal.looks.figures import LookFigures, looked_words, nothing_words, own_look
from quetsach_portal.looks.queries import MachineOnPage, machine_rows
from quetsach_portal.reports.models.report import STANDS, ReportVersion
from quetsach_portal.reports.queries import RELATED, newest, parent_slot
from quetsach_portal.reports.status import reader
from quetsach_portal.reports.undoing import sent_until
from quetsach_portal.reports.writing.at_once import SendPage, send_page
from quetsach_portal.units.models import UnitContact
from quetsach_portal.worklist.elsewhere import RUNNING
from quetsach_portal.worklist.unreadable import Unreadable, why_unread

MOST_MACHINES = 12
MOST_CASES = 5
MOST_DAYS = 62


@dataclass(frozen=True)
class CaseRow:
    """A row of the page: where it stands, and whether it is open.

    Shapes: `key` is receive, look, result, clean or report; `mark` is done, now, bad or "".
    """

    key: str
    number: int
    title: str
    line: str
    mark: str
    word: str
    tone: str
    is_open: bool

    @property
    def sign(self) -> str:
        """What stands in the dot before the row."""
        return {"done": "✓", "bad": "!"}.get(self.mark, str(self.number))


@dataclass(frozen=True)
class UnitCase:
    """The case of a unit in a campaign.

    Shapes: `state` is new, working, unread, clean, late or sent; `title` is the heading, `lede`
    the sentence below it; `follows` names what the phone's bar leads to, `follows_key` its row.
    `machines` are the first ones of the unit, `machines_more` how many there are beside them.
    `days` are those of which logs of the network are wanted, each with whether there are any,
    none for a unit without such logs. `under_way` is the hand-in that is being read, with its
    progress; `lines` were compared with `addresses`, "" where none were.
    """

    state: str
    title: str
    lede: str
    follows: str
    follows_key: str
    rows: Sequence[CaseRow]
    tasks: UnitTasks
    slot: ExpectedReport
    look: LookFigures
    machines: Sequence[MachineOnPage]
    machines_more: int
    days: Sequence[tuple[date, bool]]
    cases: Sequence[Case]
    under_way: tuple[Submission, SubmissionStatus] | None
    unread: Unreadable | None
    lines: str
    addresses: str
    send: SendPage | None
    version: ReportVersion | None
    undo_until: datetime | None
    letter: Letter | None
    receipt: Any
    to: str
    closed: str
    time_left: str
    contacts: Sequence[UnitContact]

    @property
    def node(self) -> Any:
        """The unit in the campaign."""
        return self.slot.node


def case_of(tasks: UnitTasks) -> UnitCase | None:
    """Return the case of a unit without units below; None where the list of tasks stays.

    That is for a unit that ended or leads others, a campaign that does not run, where no
    report is expected, and where it came on paper. Cost: some forty queries.
    """
    node = tasks.node
    if node.campaign.state not in RUNNING or tally_of(node).units > 1 or tasks.heirs:
        return None
    if tasks.phase is None or node.unit.closed_on is not None:
        return None
    slots = ExpectedReport.objects.filter(node=node, phase=tasks.phase).select_related(*RELATED)
    slot = slots.exclude(state=ExpectedReportState.EXCUSED).first()
    if slot is None:
        return None
    version = newest(slot)
    is_on_paper = version is None and slot.reported_at is not None
    return None if is_on_paper else _case(tasks, slot, version)


def _case(tasks: UnitTasks, slot: ExpectedReport, version: ReportVersion | None) -> UnitCase:
    node, look = slot.node, own_look(slot.node)
    by_key = {task.key: task for task in tasks.tasks}
    submission = _newest_hand_in(slot)
    standing = None if submission is None else standing_of(submission)
    runs = submission is not None and standing is not None and standing.page == "progress"
    unread = why_unread(submission) if look.is_nothing and not runs else None
    cases = list(_open_cases(slot)[:MOST_CASES])
    state = _state(slot, by_key, look, unread, version)
    swept = Submission.objects.filter(node=node, state=SubmissionState.DONE)
    lines = swept.aggregate(lines=Sum("lines"))["lines"] or 0
    tasks_left = _left(by_key)
    to = reader(parent_slot(slot))
    title, lede = _head(state, slot, look, tasks_left, unread)
    if runs and state != "sent":
        lede = _("The file that you handed in is being read: wait for its result before you send.")
    follows, key = _follows(state, slot, by_key, runs=runs)
    machines = machine_rows(node)
    sends = state not in ("new", "sent") or (state == "new" and node.received_at is not None)
    return UnitCase(
        state=state,
        title=title,
        lede=lede,
        follows=follows,
        follows_key=key,
        rows=_rows(state, slot, by_key, look, unread, key, len(cases)),
        tasks=tasks,
        slot=slot,
        look=look,
        machines=machines[:MOST_MACHINES],
        machines_more=max(0, len(machines) - MOST_MACHINES),
        days=_days(slot, look),
        cases=cases,
        under_way=(submission, standing) if runs and submission and standing else None,
        unread=unread,
        lines=number_format(lines) if lines else "",
        addresses=number_format(node.campaign.release_facts.get("count") or 0),
        send=send_page(slot) if sends else None,
        version=version if state == "sent" else None,
        undo_until=None if version is None or state != "sent" else sent_until(version),
        letter=_letter(slot),
        receipt=receipt_of(node),
        to=to,
        closed=why_closed(node),
        time_left=describe_time_left(slot.due_at, timezone.now()),
        contacts=_contacts(slot),
    )


def _newest_hand_in(slot: ExpectedReport) -> Submission | None:
    rows = Submission.objects.filter(node=slot.node).exclude(state=SubmissionState.RECEIVING)
    return rows.select_related("job", "node").order_by("-pk").first()


def _open_cases(slot: ExpectedReport) -> Any:
    rows = Case.objects.filter(node=slot.node, closed_at__isnull=True)
    return rows.select_related("device", "technician").order_by("due_at", "pk")


def _days(slot: ExpectedReport, look: LookFigures) -> list[tuple[date, bool]]:
    if look.has_no_logs and not look.days:
        return []
    window = window_of(slot.phase)
    coverage = CoverageDay.objects.filter(
        node=slot.node, day__gte=window.first, day__lte=window.last, lines__gt=0
    )
    covered = set(coverage.values_list("day", flat=True))
    wanted = [window.first + timedelta(days=after) for after in range(min(window.days, MOST_DAYS))]
    return [(day, day in covered) for day in wanted]


def _letter(slot: ExpectedReport) -> Letter | None:
    """Return the newest letter of the campaign that came to the unit."""
    rows = Dispatch.objects.filter(to_node=slot.node, about=DispatchSubject.ISSUE)
    dispatch = rows.filter(letter__released_at__isnull=False).order_by("-letter_id").first()
    return None if dispatch is None else dispatch.letter


def _contacts(slot: ExpectedReport) -> list[UnitContact]:
    """Return the desks of the office above that have a telephone."""
    above = slot.node.parent
    if above is None:
        return []
    rows = UnitContact.objects.filter(unit_id=above.unit_id, valid_to__isnull=True)
    return list(rows.exclude(phone="").order_by("role", "pk")[:3])


def _state(
    slot: ExpectedReport,
    by_key: dict[str, UnitTask],
    look: LookFigures,
    unread: Unreadable | None,
    version: ReportVersion | None,
) -> str:
    if by_key["report"].state == "done" and version is not None and version.state in STANDS:
        return "sent"
    if timezone.now() >= slot.due_at and by_key["report"].state != "done":
        return "late"
    if slot.node.received_at is None:
        return "new"
    if unread is not None:
        return "unread"
    looked = by_key["look"].state == "done"
    return "clean" if looked and by_key["clean"].state in ("nothing", "done") else "working"


def _left(by_key: dict[str, UnitTask]) -> int:
    """Return how many of the rows are still to be done."""
    keys = ("receive", "look", "report")
    to_do = sum(by_key[key].state != "done" for key in keys)
    return to_do + (by_key["clean"].state == "todo")


def _head(
    state: str, slot: ExpectedReport, look: LookFigures, tasks_left: int, unread: Unreadable | None
) -> tuple[str, str]:
    """Return the heading and the sentence below it."""
    due = {"due": before_text(slot.due_at), "count": tasks_left}
    todo = ngettext(
        "%(count)s task left, due %(due)s", "%(count)s tasks left, due %(due)s", tasks_left
    )
    if state == "sent":
        return _("The report was sent"), ""
    if slot.state == ExpectedReportState.RETURNED:
        lede = _("Read the comment at step 5, correct the figures, then send it again.")
        return _("The report was returned: correct it, due %(due)s") % due, lede
    if state == "late":
        days = max(1, -days_left(slot.due_at, timezone.now()))
        title = ngettext(
            "The report is %(days)s day overdue", "The report is %(days)s days overdue", days
        )
        lede = _("It was due %(due)s. It can still be sent: it will say that it came late.")
        return title % {"days": days}, lede % due
    if state == "new":
        title = ngettext(
            "A new letter: %(count)s task, due %(due)s",
            "A new letter: %(count)s tasks, due %(due)s",
            tasks_left,
        )
        lede = _(
            "Read the letter, check your machines, then send the report. Its figures are "
            "filled in from the records."
        )
        return title % due, lede
    if state == "unread" and unread is not None:
        lede = _("Nothing could be read in what you handed in. %(todo)s.")
        return _("Nothing checked yet: hand the file in again"), lede % {"todo": todo % due}
    if state == "clean":
        lede = _("The report is filled in: read it once more and send it.")
        return _("1 task left: send the report %(due)s") % due, lede
    return todo % due, _next_look(look)


def _next_look(look: LookFigures) -> str:
    if look.machines is not None and look.machines_left:
        text = ngettext(
            "Next: check %(count)s more machine, about 2 minutes.",
            "Next: check %(count)s more machines, about 2 minutes each.",
            look.machines_left,
        )
        return text % {"count": number_format(look.machines_left)}
    if look.machines is None:
        return _("Next: check your machines, about 2 minutes each, and say how many there are.")
    return _("Next: send the report; what was not checked stands in it.")


def _follows(
    state: str, slot: ExpectedReport, by_key: dict[str, UnitTask], *, runs: bool
) -> tuple[str, str]:
    """Return what comes next, in words, and its row; "" where nothing is left.

    Nobody sends while a file is being read, not even late: its result belongs into the report.
    """
    if state == "sent":
        return "", ""
    if by_key["receive"].state != "done":
        return _("Next: confirm the receipt"), "receive"
    if runs and by_key["look"].state == "todo":
        return _("Next: wait for the result"), "look"
    if slot.state == ExpectedReportState.RETURNED:
        return _("Next: correct the report"), "report"
    if by_key["look"].state == "todo" and state != "late":
        return _("Next: check a machine"), "look"
    return _("Next: send the report"), "report"


def _rows(
    state: str,
    slot: ExpectedReport,
    by_key: dict[str, UnitTask],
    look: LookFigures,
    unread: Unreadable | None,
    current: str,
    cases: int,
) -> list[CaseRow]:
    clean = by_key["clean"]
    lines = {
        "receive": "",
        "look": looked_words(look),
        "result": _result_line(look, cases),
        "clean": clean.note if clean.state == "todo" else "",
        "report": _report_line(state, slot),
    }
    titles = (
        ("receive", _("Receive the letter"), by_key["receive"]),
        ("look", _("Check machines"), by_key["look"]),
        ("result", _("Result"), None),
        ("clean", _("Clean up"), clean),
        ("report", _("Send the report"), by_key["report"]),
    )
    rows = []
    for number, (key, title, task) in enumerate(titles, start=1):
        mark, word, tone = _mark(key, task, look, cases, current, unread)
        is_open = key == current or (key == "result" and not look.is_nothing)
        rows.append(CaseRow(key, number, title, lines[key], mark, word, tone, is_open))
    return rows


def _mark(
    key: str,
    task: UnitTask | None,
    look: LookFigures,
    cases: int,
    current: str,
    unread: Unreadable | None,
) -> tuple[str, str, str]:
    """Return how a row is marked, its tag and the tag's tone."""
    if key == "look" and unread is not None:
        return "now", _("Hand in again"), "warn"
    if key == current and task is not None:
        return "now", task.word, task.tone
    if key == "result":
        if cases:
            return "bad", _("Malware"), "bad"
        if look.is_nothing:
            return "", _("Not yet"), "calm"
        if look.is_whole:
            return "done", _("All looked at"), "good"
        return "", _("Looked at in part"), "warn"
    if task is None:
        return "", "", "calm"
    if key == "clean" and task.state == "nothing":
        return ("done" if look.is_whole else ""), task.word, task.tone
    return ("done" if task.state == "done" else ""), task.word, task.tone


def _result_line(look: LookFigures, cases: int) -> str:
    if cases:
        return _("Machines contact malicious addresses")
    return nothing_words() if look.is_nothing else _("No machine was seen that contacts them")


def _report_line(state: str, slot: ExpectedReport) -> str:
    if state == "sent":
        return _("Sent at %(when)s") % {
            "when": f"{timezone.localtime(slot.reported_at or timezone.now()):%H:%M %d/%m/%Y}"
        }
    if slot.state == ExpectedReportState.RETURNED:
        return _("Returned by the office above: correct it and send it again")
    if state in ("new", "unread"):
        return _("“Nothing to report” takes a reason while no machine was checked")
    due = {"due": before_text(slot.due_at)}
    due["left"] = describe_time_left(slot.due_at, timezone.now())
    return _("Filled in; due %(due)s, %(left)s") % due
