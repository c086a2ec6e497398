"""What of the submissions names machines or persons and goes when a campaign is archived."""

from django.db.models import Q
from django.utils import timezone

from quetsach_portal.campaigns.models import Campaign
from quetsach_portal.files.forgetting import forget
from quetsach_portal.intake.models import Submission

_NAMING = ("devices", "problems", "sources")
"""Lists of a summary with names of machines, addresses or files; the counts beside them stay."""


def purge(campaign: Campaign) -> dict[str, int]:
    """Return how many submissions and files lost what named somebody; the figures stay.

    The findings folders are removed by the job that tidies up. The caller holds the transaction.
    """
    rows = Submission.objects.filter(node__campaign=campaign)
    files = forget(rows.filter(files__isnull=False).values_list("files", flat=True))
    told = rows.filter(~Q(summary={})).select_for_update(of=("self",))
    for row in told.only("summary").iterator(chunk_size=500):
        row.summary = {**row.summary, **{name: [] for name in _NAMING if name in row.summary}}
        row.save(update_fields=["summary"])
    rows.filter(raw_destroyed_at=None).update(raw_destroyed_at=timezone.now())
    return {
        "submissions": rows.update(note="", told={}, findings=""),
        "submitted_files": files,
    }
