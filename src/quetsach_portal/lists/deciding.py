"""What people decide: each doubtful row, then the version as a whole, by two of them."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach.api import lists as api_lists
from quetsach_portal.campaigns.actions.phases import put_in_force
from quetsach_portal.campaigns.actions.state import locked
from quetsach_portal.campaigns.models.campaign import CampaignState
from quetsach_portal.campaigns.release import as_json, facts_of, hex_of
from quetsach_portal.files.actions import store_upload
from quetsach_portal.files.models import StoredFile
from quetsach_portal.jobs.queue import RunningJob, enqueue
from quetsach_portal.lists.models import (
    OPEN,
    DoubtfulRow,
    ListVersion,
    ListVersionState,
    RowDecision,
)
from quetsach_portal.lists.receiving import (
    TAKES,
    ask,
    audit,
    given_for,
    in_force,
    made_in,
)
from quetsach_portal.lists.sandboxed_lists import BUILD
from quetsach_portal.people.models.account import User
from quetsach_portal.people.roles.second_person import refuse_same_hand
from quetsach_portal.web.acts import Refused

USUAL_DAYS = 180
MOST_DAYS = 366
"""A decision holds for a year at most; then the question is open again."""


def _locked_version(version: ListVersion, *states: ListVersionState) -> ListVersion:
    """Return the version's row, locked after its campaign's. Errors: Refused in another state."""
    locked(version.campaign, *TAKES)
    rows = ListVersion.objects.select_for_update(of=("self",))
    kept = rows.select_related("campaign__lead_unit", "campaign__release_file").get(pk=version.pk)
    if kept.state not in states:
        raise Refused(
            _("This cannot be done while the version is “%(state)s”.")
            % {"state": kept.get_state_display()}
        )
    return kept


def decide_rows(
    version: ListVersion,
    rows: Iterable[int],
    decision: str,
    *,
    reason: str,
    until: date | None,
    actor: User,
) -> int:
    """Write a decision on doubtful rows and return how many; "" takes decisions back.

    Errors: Refused for keeping without a reason, or an end that is past or too far away.
    """
    reason = " ".join(reason.split())
    if decision == RowDecision.KEEP and not reason:
        raise Refused(_("Say why a contact with it shall accuse a machine."), field="reason")
    today = timezone.localdate()
    end = until or today + timedelta(days=USUAL_DAYS)
    if decision and not today <= end <= today + timedelta(days=MOST_DAYS):
        raise Refused(_("Choose a day within the next 12 months."), field="until")
    with transaction.atomic():
        version = _locked_version(version, ListVersionState.CHECKED, ListVersionState.TRIED)
        chosen = DoubtfulRow.objects.filter(version=version, pk__in=list(rows))
        if decision:
            count = chosen.update(
                decision=RowDecision(decision),
                reason=reason[:300],
                until=end,
                decided_by=actor,
                decided_at=timezone.now(),
            )
        else:
            count = chosen.update(
                decision="", reason="", until=None, decided_by=None, decided_at=None
            )
        if not count:
            raise Refused(_("Choose at least one row."))
        audit("list.decided", version, actor, rows=count, decision=decision)
    return count


def follow_proposals(version: ListVersion, *, actor: User) -> int:
    """Decide all open rows as proposed and return how many; none of it accuses anybody."""
    now, end = timezone.now(), timezone.localdate() + timedelta(days=USUAL_DAYS)
    with transaction.atomic():
        version = _locked_version(version, ListVersionState.CHECKED, ListVersionState.TRIED)
        count = 0
        for proposed in (RowDecision.DROP, RowDecision.WATCH):
            rows = DoubtfulRow.objects.filter(version=version, decision="", proposal=proposed)
            count += rows.update(decision=proposed, until=end, decided_by=actor, decided_at=now)
        audit("list.decided", version, actor, rows=count, decision="proposed")
    return count


def propose(version: ListVersion, *, shrink_reason: str, actor: User) -> None:
    """Ask a second person to put the version in force; a job makes its release meanwhile.

    Errors: Refused where it lost much and no reason is given.
    """
    reason = " ".join(shrink_reason.split())[:300]
    with transaction.atomic():
        version = _locked_version(version, ListVersionState.TRIED)
        if version.changes.get("shrunken") and not reason:
            raise Refused(_("Say why it is meant that so much is gone."), field="shrink_reason")
        audit("list.proposed", version, actor, shrink_reason=reason)
        version.state, version.problem = ListVersionState.PROPOSED, ""
        version.shrink_reason = reason
        version.proposed_by, version.proposed_at = actor, timezone.now()
        version.release, version.sha256, version.facts = None, "", {}
        version.save()
        enqueue(
            "lists.build",
            key=f"lists.build:{version.pk}:{version.proposed_at.timestamp()}",
            payload={"version": version.pk},
            asked_by_id=actor.pk,
            unit_path=version.campaign.lead_unit.path,
            max_attempts=3,
        )


def run_build(work: RunningJob) -> None:
    """Make the release of a proposed version, with its decisions in it; a job."""
    rows = ListVersion.objects.select_related("campaign__release_file", "campaign__lead_unit")
    version = rows.get(pk=work.payload["version"])
    if version.state != ListVersionState.PROPOSED or version.release_id is not None:
        return
    if (same := _unchanged_release(version)) is not None:
        with work.finishing():
            _keep_release(version, same)
        return
    try:
        with TemporaryDirectory() as name:
            folder = Path(name)
            decisions = folder / "decisions.jsonl"
            decisions.write_bytes(api_lists.decision_lines(_decisions(version)))
            given = given_for(
                version, folder, decisions=decisions.name, accepted=version.shrink_reason
            )
            ask(work, BUILD, given, folder, [given.previous])
            release_file = made_in(folder)
    except (Refused, OSError) as error:
        with work.finishing():
            version.state, version.problem = ListVersionState.TRIED, str(error)[:400]
            version.save(update_fields=["state", "problem"])
        return
    with work.finishing():
        path = version.campaign.lead_unit.path
        stored = store_upload(release_file, purpose="release", owner_path=path, actor=None)
        _keep_release(version, stored)


def _keep_release(version: ListVersion, stored: StoredFile) -> None:
    facts = facts_of(stored)
    version.release, version.sha256 = stored, hex_of(facts)
    version.facts = as_json(facts)
    version.save(update_fields=["release", "sha256", "facts"])


def _unchanged_release(version: ListVersion) -> StoredFile | None:
    """Return the one file of the version if it is a release on which nobody decided anything.

    It is looked for as it came, so that its signatures hold.
    """
    forms = [one["form"] for one in version.checked.get("lists", ())]
    if forms != ["release"] or version.doubtful.exclude(decision="").exists():
        return None
    return version.lists.get()


def _decisions(version: ListVersion) -> list[api_lists.Decision]:
    zone = timezone.get_current_timezone()
    return [
        api_lists.Decision(
            key=row.key,
            verdict=api_lists.AllowDecision(row.decision),
            reason=row.reason or _("as proposed by the check"),
            until=_last_moment(row.until).astimezone(zone).isoformat(timespec="seconds"),
            decided=row.decided_at.astimezone(zone).isoformat(timespec="seconds"),
            by="lead office",
            classes=tuple(row.classes),
        )
        for row in version.doubtful.exclude(decision="").order_by("pk")
        if row.until is not None and row.decided_at is not None
    ]


def _last_moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


def approve(version: ListVersion, *, actor: User) -> None:
    """Put the version in force: the act of the second person. What it changes is a job's work.

    Errors: Refused for the person who proposed it or one of the same hand, while its release is
    being made, and where another version has come in force since.
    """
    with transaction.atomic():
        version = _locked_version(version, ListVersionState.PROPOSED)
        if version.proposed_by_id == actor.pk:
            raise Refused(_("A second person has to approve what you proposed."))
        refuse_same_hand(version.proposed_by_id, actor)
        if version.release is None:
            raise Refused(_("The list is still being made. Try again in a minute."))
        before = in_force(version.campaign_id)
        if _was_overtaken(version, before):
            raise Refused(
                _("Another version has come into force since: take this one back and propose it.")
            )
        audit("list.approved", version, actor, sha256=version.sha256)
        end_version(before, ListVersionState.SUPERSEDED)
        version.approved_by = actor
        _begin(version, actor=actor)
        _follow(version, before)


def _was_overtaken(version: ListVersion, before: ListVersion | None) -> bool:
    if before is None or before.in_force_at is None or version.proposed_at is None:
        return False
    return before.in_force_at > version.proposed_at


def _begin(version: ListVersion, *, actor: User) -> None:
    version.state, version.in_force_at = ListVersionState.IN_FORCE, timezone.now()
    version.ended_at, version.ended_by, version.end_reason = None, None, ""
    version.save()
    assert version.release is not None
    put_in_force(version.campaign, version.release, version.sha256, version.facts, actor=actor)


def end_version(
    version: ListVersion | None,
    state: ListVersionState,
    *,
    actor: User | None = None,
    reason: str = "",
) -> None:
    """Write that a version ended, in this transaction; nothing for None."""
    if version is not None:
        version.state, version.ended_at = state, timezone.now()
        version.ended_by, version.end_reason = actor, reason
        version.save(update_fields=["state", "ended_at", "ended_by", "end_reason"])


def _follow(version: ListVersion, before: ListVersion | None) -> None:
    """Ask for what the change brings to evidence and cases; nothing while it is prepared."""
    if version.campaign.state != CampaignState.LIVE:
        return
    moment = timezone.now().timestamp()
    enqueue(
        "lists.follow",
        key=f"lists.follow:{version.pk}:{moment}",
        payload={"version": version.pk, "before": None if before is None else before.pk},
        unit_path=version.campaign.lead_unit.path,
    )


def take_back(version: ListVersion, *, actor: User) -> None:
    """Withdraw a proposal: rows can be decided on again."""
    with transaction.atomic():
        version = _locked_version(version, ListVersionState.PROPOSED)
        audit("list.returned", version, actor)
        version.state = ListVersionState.TRIED
        version.proposed_by, version.proposed_at, version.release = None, None, None
        version.save()


def refuse(version: ListVersion, *, reason: str, actor: User) -> None:
    """Refuse a version that is not in force. Errors: Refused without a reason."""
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise Refused(_("Give a reason."), field="reason")
    with transaction.atomic():
        version = _locked_version(version, *OPEN)
        audit("list.refused", version, actor, reason=reason)
        end_version(version, ListVersionState.REFUSED, actor=actor, reason=reason)


def pull_back(version: ListVersion, *, reason: str, actor: User) -> None:
    """Put the version before in force again: one person may, as two had approved that one.

    Errors: Refused without a reason, or where none was in force before.
    """
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise Refused(_("Give a reason."), field="reason")
    with transaction.atomic():
        version = _locked_version(version, ListVersionState.IN_FORCE)
        before = (
            ListVersion.objects.filter(campaign=version.campaign, state=ListVersionState.SUPERSEDED)
            .exclude(release=None)
            .order_by("-in_force_at")
            .select_related("release", "campaign__lead_unit")
            .first()
        )
        if before is None:
            raise Refused(_("No other version was in force before this one."))
        audit("list.pulled_back", version, actor, reason=reason, again=before.n)
        end_version(version, ListVersionState.PULLED_BACK, actor=actor, reason=reason)
        _begin(before, actor=actor)
        _follow(before, version)
