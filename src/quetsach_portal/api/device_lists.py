"""Lists for devices, made from a campaign's release by a job, and handed out with their ETag."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from quetsach.api import lists
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, CampaignState
from quetsach_portal.campaigns.release import path_of_release
from quetsach_portal.campaigns.scope import campaigns_of
from quetsach_portal.cases.false_alarms import decisions_file
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.lists.models import OfficeRowKind
from quetsach_portal.lists.receiving import office_rows
from quetsach_portal.people.roles.scope import Scope
from quetsach_portal.publishing.folder import write_file
from quetsach_portal.ranges.models import PublicRange

RUNNING = (CampaignState.LIVE, CampaignState.CLOSING)

FRESH_FOR = timedelta(days=1)
"""Lists carry their end, thirty days on; they are made anew each day."""


MOST_RANGES = 50_000
"""A never-block list takes 100,000 lines."""


@dataclass(frozen=True)
class DeviceListFormat:
    """A list on offer: the engine's form and mode, the end of its file's name, its media type."""

    form: str
    mode: str
    file: str
    media_type: str = "text/plain; charset=utf-8"

    @property
    def made_as(self) -> tuple[str, str]:
        """Return form and mode: lists that share them come from one conversion."""
        return self.form, self.mode


OFFERED = {
    "rpz-watch.zone": DeviceListFormat("rpz", "watch", ".rpz", "text/dns; charset=utf-8"),
    "rpz-block.zone": DeviceListFormat("rpz", "block", ".rpz", "text/dns; charset=utf-8"),
    # What a firewall does with these, watch or block, is said by its own rule.
    "edl-domains.txt": DeviceListFormat("paloalto", "block", "-domains.txt"),
    "edl-addresses.txt": DeviceListFormat("paloalto", "block", "-addresses.txt"),
    "edl-urls.txt": DeviceListFormat("paloalto", "block", "-urls.txt"),
}


def make_due_lists(work: RunningJob) -> None:
    """Make the lists of all running campaigns that have none or whose are a day old; a job."""
    campaigns = Campaign.objects.filter(state__in=RUNNING).exclude(release_file=None)
    for campaign in campaigns:
        work.renew()
        due = [name for name in OFFERED if not _is_fresh(place_of(campaign, name))]
        if due:
            make(campaign, due)


def make(campaign: Campaign, names: Sequence[str]) -> None:
    """Write the lists `names`; approved false alarms of the campaign are left out.

    So is what would block public addresses of any of its units: one list goes to all of them.

    Errors: QuetsachError for the release.
    """
    ways = list(dict.fromkeys(OFFERED[name].made_as for name in names))
    own = _never_block_of(campaign)
    requests = [
        lists.ConvertRequest(
            form=form,
            at=timezone.localtime(),
            mode=lists.Mode(mode),
            title=campaign.title,
            never_block=own,
        )
        for form, mode in ways
    ]
    release = path_of_release(campaign)
    assert release is not None
    made = lists.convert_each([release], requests, decisions=_decisions_of(campaign))
    converted = dict(zip(ways, made, strict=True))
    for name in names:
        offered = OFFERED[name]
        files = converted[offered.made_as].files
        texts = (text for file, text in files.items() if file.endswith(offered.file))
        place = place_of(campaign, name)
        place.parent.mkdir(parents=True, exist_ok=True)
        write_file(place, "".join(texts).encode())


def place_of(campaign: Campaign, name: str) -> Path:
    """Return where the list of this release lies; another release has another place.

    So has one with other rows that are never blocked: what a row takes out is not handed out again.
    """
    own = "\n".join(office_rows(campaign.pk, OfficeRowKind.BLOCK))
    text = f"{campaign.pk}:{campaign.release_sha256}" + (f":{own}" if own else "")
    key = hashlib.sha256(text.encode()).hexdigest()[:32]
    return Path(settings.QUETSACH.home) / "lists" / key / name


def answer(request: HttpRequest, campaign: Campaign, name: str) -> HttpResponse:
    """Return the list, 304 when the device has it, 503 while it is being made.

    Errors: Http404 for a list that is not offered.
    """
    if name not in OFFERED or campaign.release_file_id is None:
        raise Http404
    try:
        content = place_of(campaign, name).read_bytes()
    except FileNotFoundError:
        waiting = HttpResponse("the list is being made\n", status=503, content_type="text/plain")
        waiting.headers["Retry-After"] = "60"
        return waiting
    etag = f'"{hashlib.sha256(content).hexdigest()}"'
    if etag in request.headers.get("If-None-Match", ""):
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(content, content_type=OFFERED[name].media_type)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, max-age=300"
    return response


@dataclass(frozen=True)
class CampaignLists:
    """A campaign and the names of its lists."""

    campaign: Campaign
    names: Sequence[str]


def lists_of(scope: Scope) -> list[CampaignLists]:
    """Return the running campaigns that have a release, with what devices may fetch."""
    running = campaigns_of(scope).filter(state__in=RUNNING).exclude(release_file=None)
    return [CampaignLists(campaign, list(OFFERED)) for campaign in running]


def _decisions_of(campaign: Campaign) -> Path | None:
    root = CampaignNode.objects.filter(campaign=campaign, parent=None).first()
    return None if root is None else decisions_file(root)


def _never_block_of(campaign: Campaign) -> tuple[tuple[str, str], ...]:
    """Return what two people approved: the units' own public ranges, and rows of the office."""
    today = timezone.localdate()
    rows = PublicRange.objects.exclude(cidr="").filter(
        Q(since=None) | Q(since__lte=today),
        Q(until=None) | Q(until__gte=today),
        unit__in=CampaignNode.objects.filter(campaign=campaign).values("unit"),
        approved_at__isnull=False,
        withdrawn_at=None,
    )
    networks = sorted(set(rows.values_list("cidr", flat=True)))[:MOST_RANGES]
    lists_of_rows = (("units", networks), ("office", office_rows(campaign.pk, OfficeRowKind.BLOCK)))
    return tuple(
        (name, "".join(f"{row}\n" for row in rows)) for name, rows in lists_of_rows if rows
    )


def _is_fresh(path: Path) -> bool:
    try:
        made = path.stat().st_mtime
    except FileNotFoundError:
        return False
    return timezone.now().timestamp() - made < FRESH_FOR.total_seconds()
