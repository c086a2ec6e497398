"""The job that reads a list in the sandbox and compares it with the one in use."""

from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from quetsach.sandbox.contract import SandboxFailed
from quetsach.sandbox.run import call
from quetsach_portal.files.models import FileState
from quetsach_portal.files.storage import path_of
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.publishing.lists.queries import (
    Doubt,
    doubts_of,
    rows_of,
    store_rows,
    why_unusable,
)
from quetsach_portal.publishing.lists.sandboxed_list import ACT, LIMITS, ListContent, ListInput
from quetsach_portal.publishing.models import ListKind, ListState, PublicList

MOST_EXAMPLES = 10


class UnreadableList(Exception):
    """The list cannot be used; the text is for people."""


def read_list_job(work: RunningJob) -> None:
    """Read the list that `work` names; how it went is written with the job's end."""
    rows = PublicList.objects.select_related("stored", "campaign")
    public_list = rows.filter(pk=work.payload["list"], state=ListState.WAITING).first()
    if public_list is None:
        return
    with override("vi"):
        try:
            read = _read(work, public_list)
        except UnreadableList as error:
            with work.finishing():
                public_list.state, public_list.problem = ListState.FAILED, str(error)[:500]
                public_list.save(update_fields=["state", "problem"])
            return
    digest = store_rows(read.rows)
    with work.finishing():
        _write(public_list, read, digest)


def _write(public_list: PublicList, read: ListContent, digest: str) -> None:
    used = PublicList.objects.filter(
        campaign=public_list.campaign, kind=public_list.kind, state=ListState.TAKEN
    )
    before = {one[0] for one in rows_of(next(iter(used.values_list("sha256", flat=True)), ""))}
    now = {one[0] for one in read.rows}
    fresh, gone = sorted(now - before), sorted(before - now)
    public_list.state, public_list.rows, public_list.sha256 = ListState.READ, len(read.rows), digest
    public_list.fresh, public_list.gone = len(fresh), len(gone)
    public_list.left_out = [list(one) for one in read.left_out]
    public_list.doubts = [list(one) for one in _doubts(public_list, read)]
    public_list.examples = [fresh[:MOST_EXAMPLES], gone[:MOST_EXAMPLES]]
    public_list.save()


def _doubts(public_list: PublicList, read: ListContent) -> list[Doubt]:
    if public_list.kind != ListKind.LISTED:
        return []
    used = PublicList.objects.filter(
        campaign=public_list.campaign, kind=ListKind.RANGES, state=ListState.TAKEN
    )
    digest = next(iter(used.values_list("sha256", flat=True)), "")
    return doubts_of(read.rows, [one[0] for one in rows_of(digest)])


def _read(work: RunningJob, public_list: PublicList) -> ListContent:
    if public_list.stored.state != FileState.ACCEPTED:
        raise UnreadableList(_("The file is still being checked, or was refused."))
    path = path_of(public_list.stored).resolve()
    today = timezone.localdate()
    list_input = ListInput(str(path), public_list.kind, public_list.country, today)
    try:
        with TemporaryDirectory() as folder:
            answer = call(
                ACT,
                list_input,
                folder=Path(folder),
                limits=LIMITS,
                reads=[path],
                on_progress=lambda _progress: work.renew(),
            )
        if answer.problem:
            # The internal file name means nothing to people.
            problem = answer.problem.replace(str(path), public_list.stored.name)
            raise UnreadableList(why_unusable(problem))
        return msgspec.convert(answer.value, ListContent)
    except (SandboxFailed, msgspec.ValidationError) as error:
        text = _("Reading it took too long, needed too much memory, or failed (%(how)s).")
        raise UnreadableList(text % {"how": error}) from error
