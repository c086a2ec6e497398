"""A decision ends with its day: its row is doubtful again, and who decided is told."""

from collections import Counter, defaultdict

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quetsach_portal.alerts.models import AlertKind
from quetsach_portal.alerts.raising import raise_about
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.lists.deciding import ask_to_renew
from quetsach_portal.lists.holding import REMINDED_AFTER, UNDECIDED, undecided_holds
from quetsach_portal.lists.models import (
    DoubtfulRow,
    HoldState,
    ListHold,
    ListVersion,
    ListVersionState,
)
from quetsach_portal.lists.receiving import TAKES, audit
from quetsach_portal.people.models.account import User
from quetsach_portal.people.notices import enqueue_notice


def run_expire(work: RunningJob) -> None:
    """End the decisions and holds whose last day is past; a job's handler.

    Doing it again ends nothing. A decision of a version that is still open is only taken back.
    """
    today = timezone.localdate()
    past = Q(doubtful__until__lt=today, doubtful__expired_at=None) & ~Q(doubtful__decision="")
    held = Q(holds__until__lt=today, holds__state=HoldState.CONFIRMED)
    states = (ListVersionState.CHECKED, ListVersionState.TRIED, ListVersionState.IN_FORCE)
    due = ListVersion.objects.filter(past, state__in=states) | ListVersion.objects.filter(held)
    due = due.filter(campaign__state__in=TAKES)
    for version_id in sorted(set(due.values_list("pk", flat=True))):
        with transaction.atomic():
            expire(version_id)
        work.renew()
    with work.finishing():
        remind_of_holds()


def remind_of_holds() -> int:
    """Tell each lead office of the holds that wait too long; return of how many.

    The alert stands until each is decided on, and comes back with the digest of each morning.
    """
    by_campaign: dict[int, list[ListHold]] = defaultdict(list)
    for list_hold in undecided_holds():
        by_campaign[list_hold.version.campaign_id].append(list_hold)
    for campaign_id, holds in by_campaign.items():
        root = CampaignNode.objects.filter(campaign=campaign_id, parent=None).first()
        if root is None:
            continue
        words = ngettext(
            "%(count)s hold of the list has waited for a second person for more than %(days)s "
            "days. It stays on hold until somebody decides.",
            "%(count)s holds of the list have waited for a second person for more than %(days)s "
            "days. They stay on hold until somebody decides.",
            len(holds),
        ) % {"count": len(holds), "days": REMINDED_AFTER.days}
        page = reverse("lists:step", args=[campaign_id])
        raise_about(root, AlertKind.LIST, f"{UNDECIDED}:{campaign_id}", words, page)
    return sum(map(len, by_campaign.values()))


def expire(version_id: int) -> int:
    """End what is past of one version and return how much; the caller holds a transaction."""
    rows = ListVersion.objects.select_for_update(of=("self",)).select_related("campaign__lead_unit")
    version, today = rows.get(pk=version_id), timezone.localdate()
    past = version.doubtful.exclude(decision="").filter(until__lt=today, expired_at=None)
    if version.state in (ListVersionState.CHECKED, ListVersionState.TRIED):
        return past.update(decision="", reason="", until=None, decided_by=None, decided_at=None)
    ended = list(past) if version.state == ListVersionState.IN_FORCE else []
    DoubtfulRow.objects.filter(pk__in=[row.pk for row in ended]).update(expired_at=timezone.now())
    # One that nobody decided on stays: silence decides nothing, in neither direction.
    holds = list(version.holds.filter(until__lt=today, state=HoldState.CONFIRMED))
    ListHold.objects.filter(pk__in=[row.pk for row in holds]).update(state=HoldState.OVER)
    count = len(ended) + len(holds)
    if count:
        audit("list.expired", version, None, rows=len(ended), holds=len(holds))
        people = [row.decided_by_id for row in ended] + [
            one for row in holds for one in (row.by_id, row.decided_by_id)
        ]
        approved = [version.approved_by_id, version.proposed_by_id] if ended else []
        _tell(version, count, Counter(one for one in [*people, *approved] if one is not None))
        if version.state == ListVersionState.IN_FORCE:
            ask_to_renew(version, rebuild=bool(ended))
        elif holds:
            _renew_in_force(version)
    return count


def _renew_in_force(version: ListVersion) -> None:
    """Make anew what is in use after a hold ended that was put on an earlier version."""
    rows = ListVersion.objects.filter(campaign=version.campaign_id, state=ListVersionState.IN_FORCE)
    for used in rows.select_related("campaign__lead_unit"):
        ask_to_renew(used)


def _tell(version: ListVersion, count: int, people: Counter[int]) -> None:
    """Tell the lead office, and those who decided, that the question is open again."""
    page = reverse("lists:show", args=[version.campaign_id, version.n])
    text = ngettext(
        "%(count)s decision on a row of the list (version %(n)s) has expired: the row is as it "
        "was without it, and needs a new decision.",
        "%(count)s decisions on rows of the list (version %(n)s) have expired: the rows are as "
        "they were without them, and need a new decision.",
        count,
    )
    root = CampaignNode.objects.filter(campaign=version.campaign_id, parent=None).first()
    if root is not None:
        words = text % {"count": count, "n": version.n}
        day = timezone.localdate().isoformat()
        raise_about(root, AlertKind.LIST, f"expired:{version.pk}:{day}", words, page)
    for person in User.objects.filter(pk__in=list(people), is_active=True).order_by("pk"):
        with translation.override(person.language):
            subject = _("Decisions on the list have expired")
            body = "\n\n".join(
                [text % {"count": count, "n": version.n}, f"{settings.QUETSACH.public_url}{page}"]
            )
        enqueue_notice(person.email, subject, body, language=person.language)
