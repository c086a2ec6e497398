"""Feeds bring lists: what is new is received as a version, and never more."""

from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach.api import feeds as api_feeds
from quetsach.api.problems import QuetsachError
from quetsach_portal.alerts.models import AlertKind
from quetsach_portal.alerts.raising import end_about, raise_about
from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.actions.state import locked
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.files.actions import store_upload
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.lists.models import Feed, FeedKind, FeedState, ListVersion
from quetsach_portal.lists.receiving import TAKES, receive_kept, refuse_piled_up
from quetsach_portal.people.models.account import User
from quetsach_portal.web.acts import Refused

MOST_FEEDS = 20
FAILS = 3
"""After so many tries in a row that brought nothing usable a feed counts as not working."""

STALE_PERIODS = 3
SOON = 60
"""Minutes until a feed that failed is asked again, where its own time is longer."""

LONGEST_SECRET = 4096


def allowed_hosts() -> api_feeds.AllowedHosts:
    """Return whom feeds may be fetched from here."""
    return api_feeds.AllowedHosts.named(settings.QUETSACH.feed_hosts)


def add_feed(
    campaign: Campaign, *, title: str, kind: str, url: str, every: int, actor: User
) -> Feed:
    """Return the new feed, which is asked within a quarter of an hour.

    One that was switched off is switched on again.
    Errors: Refused for an address that is not allowed or is there already, or after the end.
    """
    try:
        api_feeds.host_of(url, allowed_hosts())
    except QuetsachError as error:
        raise Refused(str(error), field="url") from error
    with transaction.atomic():
        campaign = locked(campaign, *TAKES)
        feeds = Feed.objects.filter(campaign=campaign)
        if feeds.filter(url=url).exclude(state=FeedState.OFF).exists():
            raise Refused(_("This address is a feed already."), field="url")
        if feeds.exclude(state=FeedState.OFF).count() >= MOST_FEEDS:
            raise Refused(_("A campaign has 20 feeds at most."))
        feed, _is_new = Feed.objects.update_or_create(
            campaign=campaign,
            url=url,
            defaults={
                "title": title,
                "kind": kind,
                "every": every,
                "state": FeedState.WELL,
                "failures": 0,
                "problem": "",
                "asked_at": None,
                "changed_at": None,
                "made_by": actor,
                "made_at": timezone.now(),
            },
        )
        _audit("list.feed_added", feed, actor)
    return feed


def stop_feed(feed: Feed, *, actor: User) -> None:
    """Switch a feed off; what it brought stays."""
    with transaction.atomic():
        feed = Feed.objects.select_for_update(of=("self",)).get(pk=feed.pk)
        if feed.state != FeedState.OFF:
            feed.state = FeedState.OFF
            feed.save(update_fields=["state"])
            _audit("list.feed_stopped", feed, actor)
            _tell(feed, "")


def _audit(action: str, feed: Feed, actor: User) -> None:
    record(
        action,
        actor=actor,
        kind="list_feed",
        object_id=feed.pk,
        unit_path=feed.campaign.lead_unit.path,
        detail={"campaign": feed.campaign_id, "kind": feed.kind},
    )


def feeds_of(campaign: Campaign) -> QuerySet[Feed]:
    """Return the feeds of a campaign, those switched off last."""
    rows = Feed.objects.filter(campaign=campaign).select_related("made_by")
    return rows.order_by("title", "pk")


def run_feeds(work: RunningJob) -> None:
    """Ask the feeds that are due; a job's handler."""
    running = Feed.objects.filter(campaign__state__in=TAKES).exclude(state=FeedState.OFF)
    for feed in running.select_related("campaign__lead_unit").order_by("pk"):
        now = timezone.now()
        if is_due(feed, now):
            ask_feed(feed, now)
        look_at(feed, now)
        work.renew()
    with work.finishing():
        pass


def is_due(feed: Feed, now: datetime) -> bool:
    """True when it is time to ask a feed, sooner after a failure."""
    minutes = min(feed.every, SOON) if feed.failures else feed.every
    return feed.asked_at is None or now - feed.asked_at >= timedelta(minutes=minutes)


def ask_feed(feed: Feed, now: datetime) -> ListVersion | None:
    """Return the version that a feed brought, None when it brought nothing new or failed."""
    feed.asked_at = now
    try:
        version = _receive_new(feed, now)
    except (QuetsachError, Refused, OSError) as error:
        feed.failures, feed.problem, version = feed.failures + 1, str(error)[:300], None
    else:
        feed.failures, feed.problem = 0, ""
    _keep(feed, "asked_at", "failures", "problem", "digest", "etag", "changed_at")
    return version


def _receive_new(feed: Feed, now: datetime) -> ListVersion | None:
    refuse_piled_up(feed.campaign)
    with TemporaryDirectory() as name:
        target = Path(name) / "list"
        allowed = allowed_hosts()
        fetched = api_feeds.fetch_feed(
            feed.url,
            target,
            feed.kind,
            allowed,
            secret=_secret(api_feeds.host_of(feed.url, allowed)),
            etag=feed.etag,
        )
    if not fetched.count or fetched.sha256 == feed.digest:
        feed.etag = fetched.etag or feed.etag
        return None
    campaign = feed.campaign
    stored = store_upload(
        SimpleUploadedFile(_file_name(feed), fetched.body),
        purpose="list",
        owner_path=campaign.lead_unit.path,
        actor=None,
    )
    title = f"{feed.title[:180]} {timezone.localtime(now):%d/%m/%Y}"
    version = receive_kept(campaign, [stored], title=title, actor=None, feed=feed)
    feed.digest, feed.etag, feed.changed_at = fetched.sha256, fetched.etag, now
    return version


def _secret(host: str) -> str:
    """Return the password or key for `host`, which the portal's keeper put into a file; "" else."""
    place = Path(settings.QUETSACH.home) / "feed-secrets" / host
    if not place.is_file():
        return ""
    with place.open(encoding="utf-8") as file:
        return file.read(LONGEST_SECRET + 1).strip()


def _file_name(feed: Feed) -> str:
    if feed.kind != FeedKind.HTTP:
        return "feed.json"
    name = Path(urlsplit(feed.url).path).name[-100:]
    return name if Path(name).suffix else f"{name or 'feed'}.txt"


def look_at(feed: Feed, now: datetime) -> None:
    """Tell the lead office what is wrong with a feed, once, and end it when it is well again."""
    silent = now - (feed.changed_at or feed.made_at)
    problem, state = "", FeedState.WELL
    if feed.failures >= FAILS:
        state = FeedState.FAILING
        problem = _("The feed “%(title)s” does not work: %(problem)s") % {
            "title": feed.title,
            "problem": feed.problem,
        }
    elif silent > timedelta(minutes=feed.every * STALE_PERIODS):
        state = FeedState.STALE
        problem = _("The feed “%(title)s” has brought nothing new for %(hours)s hours.") % {
            "title": feed.title,
            "hours": int(silent.total_seconds() // 3600),
        }
    elif _is_shrunken(feed):
        problem = _("The feed “%(title)s” brought a list that lost much; look at it.") % {
            "title": feed.title
        }
    with transaction.atomic():
        feed.state = state
        if _keep(feed, "state"):
            _tell(feed, problem)


def _is_shrunken(feed: Feed) -> bool:
    last = feed.versions.order_by("-n").first()
    return last is not None and last.is_open and bool(last.changes.get("shrunken"))


def _keep(feed: Feed, *fields: str) -> bool:
    """Write these fields unless somebody switched the feed off meanwhile; True when written."""
    rows = Feed.objects.filter(pk=feed.pk).exclude(state=FeedState.OFF)
    return bool(rows.update(**{name: getattr(feed, name) for name in fields}))


def _tell(feed: Feed, problem: str) -> None:
    """Raise the alert about a feed at the lead office, or end it; the caller holds the lock."""
    root = CampaignNode.objects.filter(campaign=feed.campaign_id, parent=None).first()
    if root is None:
        return
    key = f"feed:{feed.pk}"
    if problem:
        page = reverse("lists:index", args=[feed.campaign_id])
        raise_about(root, AlertKind.LIST, key, problem, page)
    else:
        end_about(root, key)
