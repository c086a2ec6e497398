"""Purge the addresses of the public page when a campaign is archived; counts remain."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.campaigns.public_page import PublicPage, public_folder
from quetsach_portal.files.storage import forget
from quetsach_portal.publishing.lists.queries import forget_rows
from quetsach_portal.publishing.models import PublicList, SpokenRecording
from quetsach_portal.publishing.writing import enqueue_writing


def purge(campaign: Campaign) -> dict[str, int]:
    """Return how many lists lost their rows; a page that was shown answers no more.

    The caller holds the transaction.
    """
    lists = PublicList.objects.filter(campaign=campaign)
    others = PublicList.objects.exclude(campaign=campaign)
    digests = set(lists.values_list("sha256", flat=True)) - {""}
    digests -= set(others.filter(sha256__in=digests).values_list("sha256", flat=True))
    shown = PublicPage.objects.filter(campaign=campaign, is_shown=True)
    if shown.update(is_shown=False, closed_at=timezone.now()):
        enqueue_writing()
        transaction.on_commit(lambda: (public_folder() / "table.bin").unlink(missing_ok=True))
    transaction.on_commit(lambda: _forget(digests))
    return {
        "public_lists": lists.update(examples=[], left_out=[], doubts=[]),
        "public_files": forget(lists.values_list("stored", flat=True)),
        "public_recordings": forget(
            SpokenRecording.objects.filter(campaign=campaign).values_list("stored", flat=True)
        ),
    }


def _forget(digests: Iterable[str]) -> None:
    for one in digests:
        forget_rows(one)
