"""Paper: sheets to print, and what was handed over on which day."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.jobs.enqueue import enqueue
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.letters import sheets
from quetsach_portal.letters.actions.drafting import locked, note
from quetsach_portal.letters.models import About, Channel, Dispatch, DispatchState, LetterState
from quetsach_portal.people.models import User
from quetsach_portal.web.problems import Refused


def ask_for_sheets(letter_id: int, *, actor: User) -> Job:
    """Return the job that makes the file with the sheets of all units that get paper."""
    with transaction.atomic():
        letter = locked(letter_id)
        if letter.is_outside or letter.state != LetterState.RELEASED:
            raise Refused(_("Release the letter first."))
        if not letter.dispatches.filter(channel=Channel.PAPER).exists():
            raise Refused(_("No unit gets this letter on paper."))
        asked = Job.objects.filter(kind=sheets.KIND, payload__letter_id=letter.pk)
        waiting = asked.filter(state__in=[JobState.READY, JobState.RUNNING]).first()
        if waiting is not None:
            return waiting
        note("letter.sheets_asked", letter, actor)
        return enqueue(
            sheets.KIND,
            key=f"{sheets.KIND}:{letter.pk}:{asked.count() + 1}",
            payload={"letter_id": letter.pk},
            asked_by_id=actor.pk,
            unit_path=letter.node.unit.path,
        )


def add_paper(letter_id: int, dispatch_id: int, *, actor: User) -> Dispatch:
    """Return the row by which the unit of row `dispatch_id` gets the letter on paper as well."""
    with transaction.atomic():
        letter = locked(letter_id)
        if letter.state != LetterState.RELEASED:
            raise Refused(_("Release the letter first."))
        node_id = Dispatch.objects.values_list("to_node_id", flat=True).get(
            pk=dispatch_id, letter=letter
        )
        row, is_new = Dispatch.objects.get_or_create(
            letter=letter, to_node_id=node_id, channel=Channel.PAPER, address="", about=About.ISSUE
        )
        if is_new:
            note("letter.paper_added", letter, actor, dispatch=row.pk)
    return row


def hand_over(dispatch_id: int, *, on: date, remark: str, actor: User) -> Dispatch:
    """Return the row of a printed letter, handed over on a day.

    It says that the paper left; that it arrived is said by a receipt alone.
    Errors: Refused for a day before the release or after today.
    """
    with transaction.atomic():
        locked(Dispatch.objects.values_list("letter_id", flat=True).get(pk=dispatch_id))
        row = (
            Dispatch.objects.select_for_update(of=("self",))
            .select_related("letter__node__unit")
            .get(pk=dispatch_id)
        )
        if row.channel != Channel.PAPER or row.state != DispatchState.QUEUED:
            raise Refused(_("This row is no paper that waits."))
        released = row.letter.released_at or timezone.now()
        if not timezone.localtime(released).date() <= on <= timezone.localdate():
            raise Refused(_("The day lies between the release and today."), field="on")
        row.state, row.handed_on, row.reply = DispatchState.DELIVERED, on, remark.strip()[:500]
        row.done_at = timezone.now()
        row.save(update_fields=["state", "handed_on", "reply", "done_at"])
        note("letter.handed_over", row.letter, actor, dispatch=row.pk, on=on.isoformat())
    return row
