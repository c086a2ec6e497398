"""The public page of a campaign: its fields, its addresses, and the public folder.

`publishing` writes the page; code that prints or mails one of its addresses reads it here.
"""

from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from quetsach_public.pages.campaign import PageCampaign


class PublicPage(models.Model):
    """The public page of a campaign; one page at a time `is_shown`.

    Shapes: `address` is the plane's own, as https://host without a slash at its end; `domains` are
    the official hosts; `documents` is the page on which a document's code is typed; `amnesty` is
    the notice that promises amnesty, "" for none; `carriers` are [name, address of the page that
    answers slips] of carriers; `open_release` is the digest in hex of the release of which two
    people said that all that is unmarked may be public, "" for none; the table of addresses is
    valid for `days_valid` days. `closed_at` is when it was taken down, None for one that was never
    shown or is shown again; `opened_at` is when it was first shown; from then on a second owner
    must agree to changes of addresses (PageChange).
    """

    campaign = models.OneToOneField(
        "campaigns.Campaign", on_delete=models.PROTECT, related_name="public_page"
    )
    title = models.CharField(max_length=200)
    office = models.CharField(max_length=200)
    phone = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=200, blank=True)
    domains = models.JSONField(default=list)
    documents = models.CharField(max_length=200, blank=True)
    amnesty = models.CharField(max_length=200, blank=True)
    carriers = models.JSONField(default=list)
    open_release = models.CharField(max_length=64, blank=True)
    days_valid = models.PositiveSmallIntegerField(default=7)
    is_shown = models.BooleanField(default=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_because = models.CharField(max_length=500, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """The plane shows one page at a time."""

        constraints = [
            models.UniqueConstraint(
                fields=["is_shown"], condition=Q(is_shown=True), name="one_public_page_shown"
            )
        ]


def public_folder() -> Path:
    """Return the folder that the public plane reads, created if missing.

    It is QUETSACH_HOME/public, the plane's QUETSACH_PUBLIC_HOME.
    """
    folder: Path = settings.QUETSACH.home / "public"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def shown_page() -> PublicPage | None:
    """Return the page that is shown, None while no campaign has one."""
    pages = PublicPage.objects.filter(is_shown=True)
    return pages.select_related("campaign__lead_unit").first()


def page_campaign(page: PublicPage) -> PageCampaign:
    """Return what the pages say of the campaign."""
    return PageCampaign(
        title=page.title,
        office=page.office,
        phone=page.phone,
        address=page.address,
        domains=tuple(page.domains),
        documents=page.documents,
        amnesty=page.amnesty,
        carriers=tuple((name, address) for name, address in page.carriers),
    )


def join_address(code: str, campaign_id: int) -> str:
    """Return where a unit's code leads on the public plane, "" while its address is not known."""
    page = shown_page()
    if page is None or page.campaign_id != campaign_id or not page.address:
        return ""
    return f"{page.address}/tham-gia?ma={code}"


def slip_address(campaign_id: int) -> str:
    """Return where slips are pressed on the public plane, "" while its address is not known."""
    page = shown_page()
    if page is None or page.campaign_id != campaign_id or not page.address:
        return ""
    return f"{page.address}/phieu"


def check_address(campaign_id: int) -> str:
    """Return where codes of reports are checked on the public plane, "" where they are not.

    The plane answers below /check as the portal does; any other page may be shaped otherwise.
    """
    page = shown_page()
    if page is None or page.campaign_id != campaign_id or not page.address:
        return ""
    here = f"{page.address}/check"
    return here if page.documents.rstrip("/") == here else ""
