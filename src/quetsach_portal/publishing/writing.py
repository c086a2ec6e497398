"""The job that writes the public folder: each of `WRITERS` by itself, in this order."""

import secrets
from collections.abc import Sequence

from quetsach_portal.campaigns.public_page import PublicPage, shown_page
from quetsach_portal.jobs.enqueue import enqueue
from quetsach_portal.jobs.work import Work
from quetsach_portal.publishing import (
    closing,
    codes,
    documents,
    live_figures,
    materials,
    open_list,
    site,
    table,
    tools_file,
)
from quetsach_portal.publishing.writer_runs import Writer, write_all

WRITE = "publishing.write"

WRITERS = (
    Writer("quetsach_portal.publishing.table.write", table.write, table.WHAT),
    Writer("quetsach_portal.publishing.tools_file.write", tools_file.write, tools_file.WHAT),
    Writer("quetsach_portal.publishing.materials.write", materials.write, materials.WHAT),
    Writer("quetsach_portal.publishing.site.write", site.write, site.WHAT),
    live_figures.WRITER,
    documents.WRITER,
    codes.WRITER,
    Writer("quetsach_portal.publishing.open_list.write", open_list.write, open_list.WHAT),
)

CLOSED = Writer("quetsach_portal.publishing.closing.write", closing.write, closing.WHAT)


def ask_to_write(*, asked_by_id: int | None = None) -> None:
    """Have the whole folder written soon; part of the transaction of the act that changes it."""
    enqueue(WRITE, key=f"{WRITE}:{secrets.token_hex(8)}", asked_by_id=asked_by_id)


def run(work: Work, *, writers: Sequence[Writer] = WRITERS) -> None:
    """Write everything while a campaign's page is shown, else that the last one is closed."""
    if shown_page() is not None:
        write_all(writers)
    elif PublicPage.objects.filter(closed_at__isnull=False).exists():
        write_all([CLOSED])
    with work.finishing():
        pass
