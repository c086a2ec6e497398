"""The job that writes the public folder: each of `WRITERS`, in this order."""

import secrets
from collections.abc import Sequence

from quetsach_portal.campaigns.public_page import PublicPage, shown_page
from quetsach_portal.jobs.queue import RunningJob, enqueue
from quetsach_portal.publishing import codes_file, documents_file, site, table
from quetsach_portal.publishing.figures import live
from quetsach_portal.publishing.lists import open_list
from quetsach_portal.publishing.tools import file
from quetsach_portal.publishing.writer_runs import Writer, write_all

WRITE = "publishing.write"

WRITERS = (
    Writer("quetsach_portal.publishing.table.write", table.write_address_table, table.TABLE_LABEL),
    Writer("quetsach_portal.publishing.tools_file.write", file.write_tools_file, file.TOOLS_LABEL),
    Writer(
        "quetsach_portal.publishing.materials.write",
        site.write_materials,
        site.MATERIALS_LABEL,
    ),
    Writer("quetsach_portal.publishing.site.write", site.write_site, site.SITE_LABEL),
    live.LIVE_FIGURES_WRITER,
    documents_file.DOCUMENTS_WRITER,
    codes_file.CODES_WRITER,
    Writer(
        "quetsach_portal.publishing.open_list.write",
        open_list.write_open_list,
        open_list.OPEN_LIST_LABEL,
    ),
)

CLOSED = Writer(
    "quetsach_portal.publishing.closing.write", site.write_closed_site, site.CLOSED_SITE_LABEL
)


def enqueue_writing(*, asked_by_id: int | None = None) -> None:
    """Enqueue the writing of the folder, in the transaction of the act that changes it."""
    enqueue(WRITE, key=f"{WRITE}:{secrets.token_hex(8)}", asked_by_id=asked_by_id)


def write_folder(work: RunningJob, *, writers: Sequence[Writer] = WRITERS) -> None:
    """Write everything while a page is shown, else the notice of closing."""
    if shown_page() is not None:
        write_all(writers)
    elif PublicPage.objects.filter(closed_at__isnull=False).exists():
        write_all([CLOSED])
    with work.finishing():
        pass
