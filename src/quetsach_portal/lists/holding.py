"""One person stops a row, or all that a version brought, at once; a second confirms or lifts it."""

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach.api.holding import keys_in
from quetsach.api.problems import QuetsachError
from quetsach_portal.alerts.raising import end_about
from quetsach_portal.campaigns.actions.state import locked
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.files.actions import store_upload
from quetsach_portal.files.models import StoredFile
from quetsach_portal.files.storage import path_of
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.lists.deciding import (
    MOST_DAYS,
    USUAL_DAYS,
    ask_to_renew,
    begin,
    build_release,
    end_version,
    keep_release,
    put_in_use,
    set_in_use,
)
from quetsach_portal.lists.models import (
    HELD,
    HoldState,
    ListHold,
    ListVersion,
    ListVersionState,
    OfficeRow,
    OfficeRowKind,
)
from quetsach_portal.lists.receiving import (
    NOTHING_HELD,
    TAKES,
    ask,
    audit,
    held_keys,
    hold_given,
    in_force,
    made_in,
    office_rows,
)
from quetsach_portal.lists.sandboxed_lists import HELD as HELD_FILE
from quetsach_portal.lists.sandboxed_lists import HOLD
from quetsach_portal.people.models.account import User
from quetsach_portal.people.roles.second_person import refuse_same_hand
from quetsach_portal.web.acts import Refused

REMINDED_AFTER = timedelta(days=14)
"""A hold that nobody decided on by then is named on the lead office's first page."""

UNDECIDED = "undecided-holds"
"""The alert about them, of a campaign."""


def holds_of(version: ListVersion) -> QuerySet[ListHold]:
    """Return what is or was on hold in the version's campaign, what waits first."""
    rows = ListHold.objects.filter(version__campaign=version.campaign_id)
    return rows.select_related("by", "decided_by", "version").order_by("-state", "-pk")


def undecided_holds(campaign: Campaign | None = None) -> QuerySet[ListHold]:
    """Return the holds that wait for a second person for too long, the oldest first."""
    rows = ListHold.objects.filter(
        state=HoldState.OPEN,
        at__lt=timezone.now() - REMINDED_AFTER,
        version__campaign__state__in=TAKES,
    )
    if campaign is not None:
        rows = rows.filter(version__campaign=campaign)
    return rows.select_related("version").order_by("at", "pk")


def version_before(version: ListVersion) -> ListVersion | None:
    """Return the version that comes back when `version` is pulled back, or None."""
    rows = ListVersion.objects.filter(
        campaign=version.campaign_id, state=ListVersionState.SUPERSEDED
    )
    rows = rows.exclude(release=None).order_by("-in_force_at")
    return rows.select_related("release", "in_use", "campaign__lead_unit").first()


def hold(
    version: ListVersion, text: str, *, reason: str, until: date | None, actor: User
) -> ListHold:
    """Stop a row of the version in force, or with "" all that it brought; one person may.

    It accuses nobody from then on, and brings back nothing that the version took away.
    Errors: Refused without a reason, for what is no row, and where no version was before.
    """
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise Refused(_("Give a reason."), field="reason")
    today = timezone.localdate()
    end = until or today + timedelta(days=USUAL_DAYS)
    if not today <= end <= today + timedelta(days=MOST_DAYS):
        raise Refused(_("Choose a day within the next 12 months."), field="until")
    keys = _keys(text) if text.strip() else ("",)
    with transaction.atomic():
        version = _locked(version)
        if keys == ("",) and version_before(version) is None:
            raise Refused(_("No other version was in force before this one."))
        waiting = version.holds.filter(key__in=keys, state__in=HELD)
        if waiting.exists():
            raise Refused(_("This is on hold already."), field="key")
        holds = [
            ListHold.objects.create(version=version, key=key, reason=reason, until=end, by=actor)
            for key in keys
        ]
        audit("list.held", version, actor, rows=0 if keys == ("",) else len(keys))
        ask_to_renew(version)
    return holds[0]


def _keys(text: str) -> tuple[str, ...]:
    try:
        return keys_in(text)
    except QuetsachError as error:
        raise Refused(
            _("Write one name, address, network or web address as the list has it."), field="key"
        ) from error


def _locked(version: ListVersion) -> ListVersion:
    locked(version.campaign, *TAKES)
    rows = ListVersion.objects.select_for_update(of=("self",))
    kept = rows.select_related("campaign__lead_unit", "campaign__release_file").get(pk=version.pk)
    if kept.state != ListVersionState.IN_FORCE:
        raise Refused(_("Only the version in force can be put on hold."))
    return kept


def settle(list_hold: ListHold, *, confirms: bool, actor: User) -> None:
    """Confirm a hold or lift it: the act of the second person.

    A version that is confirmed is pulled back, and the one before is in force again.
    Errors: Refused for the person who put it on hold or one of the same hand, and once it is over.
    """
    with transaction.atomic():
        version = list_hold.version
        if list_hold.key:  # A row is held in later versions too, and in the one that came back.
            version = in_force(version.campaign_id) or version
        version = _locked(version)
        list_hold = ListHold.objects.select_for_update(of=("self",)).get(pk=list_hold.pk)
        if list_hold.state != HoldState.OPEN:
            raise Refused(_("This hold was decided on already."))
        if list_hold.by_id == actor.pk:
            raise Refused(_("A second person has to decide on what you put on hold."))
        refuse_same_hand(list_hold.by_id, actor)
        list_hold.state = HoldState.CONFIRMED if confirms else HoldState.LIFTED
        list_hold.decided_by, list_hold.decided_at = actor, timezone.now()
        list_hold.save(update_fields=["state", "decided_by", "decided_at"])
        root = CampaignNode.objects.filter(campaign=version.campaign_id, parent=None).first()
        if root is not None and not undecided_holds(version.campaign).exists():
            end_about(root, f"{UNDECIDED}:{version.campaign_id}")
        if list_hold.key or not confirms:
            audit("list.hold_confirmed" if confirms else "list.hold_lifted", version, actor)
            ask_to_renew(version)
        else:
            _pull_back(version, list_hold, actor)


def _pull_back(version: ListVersion, list_hold: ListHold, actor: User) -> None:
    before = version_before(version)
    if before is None:
        raise Refused(_("No other version was in force before this one."))
    audit("list.pulled_back", version, actor, reason=list_hold.reason, again=before.n)
    end_version(version, ListVersionState.PULLED_BACK, actor=actor, reason=list_hold.reason)
    ListHold.objects.filter(version=version, key="", state=HoldState.CONFIRMED).update(
        state=HoldState.OVER
    )
    begin(before, actor=actor)


def _stamp(version: ListVersion) -> tuple[Any, ...]:
    """Return what decides what is in use of a version, to see whether it changed meanwhile."""
    whole = version.holds.filter(key="", state=HoldState.OPEN).exists()
    expired = tuple(version.doubtful.filter(expired_at__isnull=False).values_list("pk", flat=True))
    campaign = version.campaign_id
    block = office_rows(campaign, OfficeRowKind.BLOCK)
    return whole, held_keys(campaign), office_rows(campaign), block, expired


def run_renew(work: RunningJob) -> None:
    """Make anew what is in use of the version in force, and put it to use; a job.

    Doing it again changes nothing.
    """
    rows = ListVersion.objects.select_related(
        "release", "in_use", "campaign__release_file", "campaign__lead_unit"
    )
    version = rows.get(pk=work.payload["version"])
    if version.state != ListVersionState.IN_FORCE or version.release is None:
        return
    if version.campaign.state not in TAKES:
        return
    stamp, release = _stamp(version), version.release
    if work.payload.get("rebuild"):
        release, _in_use = build_release(work, version)
    in_use, held_back = _held_back(work, version, release)
    with work.finishing():
        locked(version.campaign, *TAKES)
        version = rows.select_for_update(of=("self",)).get(pk=version.pk)
        if version.state != ListVersionState.IN_FORCE or _stamp(version) != stamp:
            return  # Whoever changed it asked for another job.
        _write(version, release, in_use)
        for list_hold in ListHold.objects.filter(
            version__campaign=version.campaign_id, state__in=HELD
        ):
            met = (
                held_back["count"]
                if not list_hold.key
                else held_back["by_key"].get(list_hold.key, 0)
            )
            ListHold.objects.filter(pk=list_hold.pk).update(met=met)
        write_effects(version.campaign_id, held_back)


def _held_back(
    work: RunningJob, version: ListVersion, release: StoredFile
) -> tuple[StoredFile | None, dict[str, Any]]:
    """Return what is in use of `release`, None for all of it, and what is held back."""
    whole = version.holds.filter(key="", state=HoldState.OPEN).exists()
    before = version_before(version) if whole else None
    since = "" if before is None or before.release is None else str(path_of(before.release))
    place = str(path_of(release).resolve())
    hold_back = hold_given(version.campaign_id, place, since)
    if not (whole or hold_back.keys or hold_back.own or hold_back.block):
        return None, NOTHING_HELD
    with TemporaryDirectory() as name:
        folder = Path(name)
        answer = ask(work, HOLD, hold_back, folder, [place, since])
        if not answer["count"]:
            return None, answer
        made = made_in(folder, HELD_FILE)
    path = version.campaign.lead_unit.path
    return store_upload(made, purpose="release", owner_path=path, actor=None), answer


def _write(version: ListVersion, release: StoredFile, in_use: StoredFile | None) -> None:
    """Put to use what was made, unless it is what is in use already."""
    used = version.campaign.release_sha256
    if release.pk != version.release_id:
        keep_release(version, release, in_use)
    else:
        set_in_use(version, in_use)
        version.save(update_fields=["in_use", "facts"])
    now = (version.facts.get("in_use") or {"sha256": version.sha256})["sha256"]
    if now != used:
        put_in_use(version, actor=None)


def write_effects(campaign_id: int, held_back: dict[str, Any]) -> None:
    """Write on the rows of the office what each holds back of the list in use."""
    for office_row in OfficeRow.objects.filter(campaign=campaign_id, ended_at=None):
        by_row = held_back["by_own" if office_row.kind == OfficeRowKind.BLAME else "by_block"]
        effect = list(by_row.get(office_row.text, ()))
        if office_row.effect != effect:
            OfficeRow.objects.filter(pk=office_row.pk).update(effect=effect)
