"""The job that writes the public folder: each of `WRITERS`, in this order; its pages."""

import secrets
from collections.abc import Sequence
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.public_page import PublicPage, page_campaign, shown_page
from quetsach_portal.jobs.queue import RunningJob, enqueue, is_asked_again
from quetsach_portal.participation.handouts.editions import for_site, refresh_editions
from quetsach_portal.participation.handouts.giver import general_giver
from quetsach_portal.publishing import codes_file, documents_file, table
from quetsach_portal.publishing.figures import live
from quetsach_portal.publishing.folder import CannotWrite, Writer, page_to_write, write_all
from quetsach_portal.publishing.lists import open_list
from quetsach_portal.publishing.spoken import queries
from quetsach_portal.publishing.tools import file
from quetsach_public.pages.building import build_closed_site, build_site
from quetsach_public.pages.campaign import write_campaign
from quetsach_public.pages.tools import read_signed, read_tools

WRITE = "publishing.write"

SITE_LABEL = _lazy("Pages")


def write_materials(folder: Path) -> str:
    """Make the editions of what has changed, and return how many there are."""
    page = page_to_write()
    if not page.address:
        raise CannotWrite(
            _("Enter the address of the public page first: the QR codes on posters lead there.")
        )
    editions = refresh_editions(page.campaign, general_giver(page.campaign))
    return _("%(count)s files") % {"count": len(editions)}


def write_site(folder: Path) -> None:
    """Write campaign.json and the site."""
    page = page_to_write()
    campaign, tools = page_campaign(page), read_tools(folder / "tools.json")
    write_campaign(folder / "campaign.json", campaign)
    build_site(
        folder / "site",
        campaign,
        tools,
        for_site(page.campaign),
        read_signed(folder),
        recordings=queries.published(page.campaign),
        reviews=queries.states(page.campaign),
    )


def write_closed_site(folder: Path) -> None:
    """Write the notice in place of all pages. Errors: CannotWrite while a page is shown."""
    if PublicPage.objects.filter(is_shown=True).exists():
        raise CannotWrite("a public page is shown")
    closed = PublicPage.objects.filter(closed_at__isnull=False).order_by("-closed_at").first()
    if closed is None:
        raise CannotWrite("no public page was shown")
    campaign = page_campaign(closed)
    write_campaign(folder / "campaign.json", campaign)
    build_closed_site(folder / "site", campaign)


WRITERS = (
    Writer("quetsach_portal.publishing.table.write", table.write_address_table, table.TABLE_LABEL),
    Writer("quetsach_portal.publishing.tools_file.write", file.write_tools_file, file.TOOLS_LABEL),
    Writer("quetsach_portal.publishing.materials.write", write_materials, _lazy("Materials")),
    Writer("quetsach_portal.publishing.site.write", write_site, SITE_LABEL),
    live.LIVE_FIGURES_WRITER,
    documents_file.DOCUMENTS_WRITER,
    documents_file.ANCHORS_WRITER,
    codes_file.CODES_WRITER,
    Writer(
        "quetsach_portal.publishing.open_list.write",
        open_list.write_open_list,
        open_list.OPEN_LIST_LABEL,
    ),
)

CLOSED = Writer(
    "quetsach_portal.publishing.closing.write",
    write_closed_site,
    _lazy("Notice that the page is closed"),
)


def enqueue_writing(*, asked_by_id: int | None = None) -> None:
    """Enqueue the writing of the folder, in the transaction of the act that changes it."""
    enqueue(WRITE, key=f"{WRITE}:{secrets.token_hex(8)}", asked_by_id=asked_by_id)


def write_folder(work: RunningJob, *, writers: Sequence[Writer] = WRITERS) -> None:
    """Write everything while a page is shown, else the notice of closing.

    Where the same is asked for again already, that one writes it, as everything is written anew.
    """
    if is_asked_again(work):
        pass
    elif shown_page() is not None:
        write_all(writers)
    elif PublicPage.objects.filter(closed_at__isnull=False).exists():
        write_all([CLOSED])
    with work.finishing():
        pass
