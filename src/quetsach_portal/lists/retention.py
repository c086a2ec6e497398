"""A campaign's list begins with the campaign, and what names people goes with its archiving."""

from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.lists.deciding import end_version
from quetsach_portal.lists.models import (
    DoubtfulRow,
    ListHold,
    ListVersion,
    ListVersionState,
    OfficeRow,
    VersionNode,
)
from quetsach_portal.lists.receiving import audit, in_force, next_number


def begin(campaign: Campaign) -> None:
    """Make the release with which `campaign` starts a version in force, unless it is one already.

    The two people of the start stand for it. The caller holds the transaction.
    """
    stored, used = campaign.release_file, in_force(campaign.pk)
    if stored is None or (used is not None and stored.pk in (used.release_id, used.in_use_id)):
        return
    end_version(used, ListVersionState.SUPERSEDED)
    version = ListVersion.objects.create(
        campaign=campaign,
        n=next_number(campaign),
        title=str(campaign.release_facts.get("title", ""))[:200],
        state=ListVersionState.IN_FORCE,
        release=stored,
        candidate=stored,
        sha256=campaign.release_sha256,
        facts=campaign.release_facts,
        by=campaign.start_asked_by,
        proposed_by=campaign.start_asked_by,
        approved_by=campaign.started_by,
        in_force_at=timezone.now(),
    )
    version.lists.set([stored])
    audit("list.begun", version, campaign.started_by, sha256=version.sha256)


def purge(campaign: Campaign) -> dict[str, int]:
    """Return how many rows lost who decided, and what a trial said of units.

    Who proposed and approved a version stays: two people answer for a list as long as its cases.
    The caller holds the transaction.
    """
    rows = DoubtfulRow.objects.filter(version__campaign=campaign)
    tried = VersionNode.objects.filter(version__campaign=campaign)
    return {
        "list_decisions": rows.update(reason=""),
        "list_trials": tried.update(told={}),
        "list_versions": ListVersion.objects.filter(campaign=campaign).update(end_reason=""),
        "list_holds": ListHold.objects.filter(version__campaign=campaign).update(reason=""),
        "office_rows": OfficeRow.objects.filter(campaign=campaign).update(reason=""),
    }
