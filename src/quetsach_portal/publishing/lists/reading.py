"""The job that reads a list in the sandbox and holds it against the one in use."""

from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
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
from quetsach_portal.publishing.models.page import ListKind, ListState, PublicList

MOST_EXAMPLES = 10


class UnreadableList(Exception):
    """The list cannot be used; the text is for people."""


def read_list_job(work: RunningJob) -> None:
    """Read the list that `work` names; how it went is written with the job's end."""
    rows = PublicList.objects.select_related("stored", "campaign")
    row = rows.filter(pk=work.payload["list"], state=ListState.WAITING).first()
    if row is None:
        return
    with override("vi"):
        try:
            read = _read(work, row)
        except UnreadableList as told:
            with work.finishing():
                row.state, row.problem = ListState.FAILED, str(told)[:500]
                row.save(update_fields=["state", "problem"])
            return
    digest = store_rows(read.rows)
    with work.finishing():
        _write(row, read, digest)


def _write(row: PublicList, read: ListContent, digest: str) -> None:
    used = PublicList.objects.filter(campaign=row.campaign, kind=row.kind, state=ListState.TAKEN)
    before = {one[0] for one in rows_of(next(iter(used.values_list("sha256", flat=True)), ""))}
    now = {one[0] for one in read.rows}
    fresh, gone = sorted(now - before), sorted(before - now)
    row.state, row.rows, row.sha256 = ListState.READ, len(read.rows), digest
    row.fresh, row.gone = len(fresh), len(gone)
    row.left_out = [list(one) for one in read.left_out]
    row.doubts = [list(one) for one in _doubts(row, read)]
    row.examples = [fresh[:MOST_EXAMPLES], gone[:MOST_EXAMPLES]]
    row.save()


def _doubts(row: PublicList, read: ListContent) -> list[Doubt]:
    if row.kind != ListKind.LISTED:
        return []
    used = PublicList.objects.filter(
        campaign=row.campaign, kind=ListKind.RANGES, state=ListState.TAKEN
    )
    digest = next(iter(used.values_list("sha256", flat=True)), "")
    return doubts_of(read.rows, [one[0] for one in rows_of(digest)])


def _read(work: RunningJob, row: PublicList) -> ListContent:
    if row.stored.state != FileState.ACCEPTED:
        raise UnreadableList(_("The file is still being checked, or was refused."))
    path = path_of(row.stored).resolve()
    given = ListInput(str(path), row.kind, row.country)
    try:
        with TemporaryDirectory() as folder:
            answer = call(
                ACT,
                given,
                folder=Path(folder),
                limits=LIMITS,
                reads=[path],
                on_progress=lambda _progress: work.renew(),
            )
        if answer.problem:
            # The name of the file on our disk tells nobody anything.
            told = answer.problem.replace(str(path), row.stored.name)
            raise UnreadableList(why_unusable(told))
        return msgspec.convert(answer.value, ListContent)
    except (SandboxFailed, msgspec.ValidationError) as error:
        text = _("Reading it took too long, needed too much memory, or failed (%(how)s).")
        raise UnreadableList(text % {"how": error}) from error
