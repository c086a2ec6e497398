"""What people decide: each doubtful row, then the version as a whole, by two of them."""

import shutil
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quetsach.api import lists as api_lists
from quetsach_portal.campaigns.actions.phases import put_in_force
from quetsach_portal.campaigns.actions.state import locked
from quetsach_portal.campaigns.models.campaign import CampaignState
from quetsach_portal.campaigns.news import tell_of_campaign
from quetsach_portal.campaigns.release import as_json, facts_of, hex_of
from quetsach_portal.files.actions import store_upload
from quetsach_portal.files.models import StoredFile
from quetsach_portal.files.storage import path_of
from quetsach_portal.jobs.queue import RunningJob, enqueue
from quetsach_portal.lists.models import (
    OPEN,
    DoubtfulRow,
    HoldState,
    ListVersion,
    ListVersionState,
    RowDecision,
)
from quetsach_portal.lists.receiving import (
    TAKES,
    ask,
    audit,
    given_for,
    held_keys,
    hold_back,
    in_force,
    made_in,
    office_rows,
)
from quetsach_portal.lists.sandboxed_lists import BUILD, HELD, RELEASE
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.news import NewsKind
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


def propose(
    version: ListVersion, *, shrink_reason: str, actor: User, leaves_open: bool = False
) -> None:
    """Ask a second person to put the version in force; a job makes its release meanwhile.

    Shapes: `leaves_open` says that undecided rows are left as they are: they accuse nobody.
    Errors: Refused where it lost much and no reason is given, and for undecided rows.
    """
    reason = " ".join(shrink_reason.split())[:300]
    with transaction.atomic():
        version = _locked_version(version, ListVersionState.TRIED)
        if version.changes.get("shrunken") and not reason:
            raise Refused(_("Say why it is meant that so much is gone."), field="shrink_reason")
        undecided = undecided_of(version)
        if undecided and not leaves_open:
            raise Refused(
                ngettext(
                    "%(count)s doubtful row is undecided: decide on it, or say that it is left as "
                    "it is and accuses nobody.",
                    "%(count)s doubtful rows are undecided: decide on them, or say that they are "
                    "left as they are and accuse nobody.",
                    undecided,
                )
                % {"count": undecided},
                field="leaves_open",
            )
        audit("list.proposed", version, actor, shrink_reason=reason, undecided=undecided)
        version.state, version.problem = ListVersionState.PROPOSED, ""
        version.shrink_reason = reason
        version.proposed_by, version.proposed_at = actor, timezone.now()
        version.release, version.in_use, version.sha256, version.facts = None, None, "", {}
        version.save()
        enqueue(
            "lists.build",
            key=f"lists.build:{version.pk}:{version.proposed_at.timestamp()}",
            payload={"version": version.pk},
            asked_by_id=actor.pk,
            unit_path=version.campaign.lead_unit.path,
            max_attempts=3,
        )


def undecided_of(version: ListVersion) -> int:
    """Return how many doubtful rows of a version nobody decided on, those not listed among them."""
    not_listed: int = version.checked.get("questions_count", 0) - version.doubtful.count()
    return version.doubtful.filter(decision="").count() + max(0, not_listed)


def run_build(work: RunningJob) -> None:
    """Make the release of a proposed version, with its decisions in it; a job."""
    rows = ListVersion.objects.select_related("campaign__release_file", "campaign__lead_unit")
    version = rows.get(pk=work.payload["version"])
    if version.state != ListVersionState.PROPOSED or version.release_id is not None:
        return
    try:
        stored, in_use = build_release(work, version)
    except (Refused, OSError) as error:
        with work.finishing():
            version.state, version.problem = ListVersionState.TRIED, str(error)[:400]
            version.save(update_fields=["state", "problem"])
        return
    with work.finishing():
        keep_release(version, stored, in_use)


def build_release(work: RunningJob, version: ListVersion) -> tuple[StoredFile, StoredFile | None]:
    """Return the release of a version with the decisions that hold, and what is in use of it.

    The second is None where nothing of it is held back. Errors: Refused, OSError.
    """
    stored = _unchanged_release(version)
    with TemporaryDirectory() as name:
        folder = Path(name)
        if stored is None:
            decisions = folder / "decisions.jsonl"
            decisions.write_bytes(api_lists.decision_lines(_decisions(version)))
            given = given_for(
                version, folder, decisions=decisions.name, accepted=version.shrink_reason
            )
            ask(work, BUILD, given, folder, [given.previous])
            stored = _stored(version, made_in(folder))
        else:
            shutil.copyfile(path_of(stored), folder / RELEASE)
        held_back = hold_back(work, version, folder)
        return stored, _stored(version, made_in(folder, HELD)) if held_back["count"] else None


def _stored(version: ListVersion, made: "UploadedFile[bytes]") -> StoredFile:
    path = version.campaign.lead_unit.path
    return store_upload(made, purpose="release", owner_path=path, actor=None)


def keep_release(version: ListVersion, stored: StoredFile, in_use: StoredFile | None) -> None:
    """Write what the release of a version is; the caller holds the transaction."""
    facts = facts_of(stored)
    version.release, version.sha256, version.facts = stored, hex_of(facts), as_json(facts)
    set_in_use(version, in_use)
    version.save(update_fields=["release", "sha256", "facts", "in_use"])


def set_in_use(version: ListVersion, in_use: StoredFile | None) -> None:
    """Write on the row what of its release is in use, with its digest; it is not saved."""
    version.in_use = in_use
    version.facts.pop("in_use", None)
    if in_use is not None:
        facts = facts_of(in_use)
        version.facts["in_use"] = {"sha256": hex_of(facts), "facts": as_json(facts)}


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
        for row in version.doubtful.exclude(decision="").filter(expired_at=None).order_by("pk")
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
        refuse_open_hold(before)
        if version.doubtful.exclude(decision="").filter(until__lt=timezone.localdate()).exists():
            raise Refused(
                _("A decision has expired since it was proposed: take it back and decide again.")
            )
        audit("list.approved", version, actor, sha256=version.sha256)
        end_version(before, ListVersionState.SUPERSEDED)
        version.approved_by = actor
        begin(version, actor=actor)


def _was_overtaken(version: ListVersion, before: ListVersion | None) -> bool:
    if before is None or before.in_force_at is None or version.proposed_at is None:
        return False
    return before.in_force_at > version.proposed_at


def refuse_open_hold(version: ListVersion | None) -> None:
    """Let no other version follow while one is on hold. Errors: Refused."""
    if version is not None and version.holds.filter(state=HoldState.OPEN, key="").exists():
        raise Refused(
            _("Version %(n)s is on hold: decide first whether it is pulled back.")
            % {"n": version.n}
        )


def begin(version: ListVersion, *, actor: User) -> None:
    """Put a version in force and ask for what follows; the caller holds the transaction."""
    version.state, version.in_force_at = ListVersionState.IN_FORCE, timezone.now()
    version.ended_at, version.ended_by, version.end_reason = None, None, ""
    version.save()
    put_in_use(version, actor=actor)
    tell_of_campaign(NewsKind.LIST, version.campaign, by=actor, page="lists:index")
    if held_keys(version.campaign_id) or office_rows(version.campaign_id):
        # What is held back may be more or less than when its release was made.
        ask_to_renew(version)


def put_in_use(version: ListVersion, *, actor: User | None) -> None:
    """Let the campaign look for what is in use of a version; the caller holds the transaction."""
    campaign, stored = version.campaign, version.in_use or version.release
    assert stored is not None
    in_use = version.facts.get("in_use") or {"sha256": version.sha256, "facts": version.facts}
    before = campaign.release_file_id
    put_in_force(campaign, stored, in_use["sha256"], in_use["facts"], actor=actor)
    _follow(version, before)


def ask_to_renew(version: ListVersion, *, rebuild: bool = False) -> None:
    """Ask for what is in use to be made anew; `rebuild` also applies the decisions again."""
    enqueue(
        "lists.renew",
        key=f"lists.renew:{version.pk}:{timezone.now().timestamp()}",
        payload={"version": version.pk, "rebuild": rebuild},
        unit_path=version.campaign.lead_unit.path,
        max_attempts=10,
    )


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


def _follow(version: ListVersion, before: UUID | None) -> None:
    """Ask for what the change brings to evidence and cases; nothing while it is prepared."""
    if version.campaign.state != CampaignState.LIVE:
        return
    moment = timezone.now().timestamp()
    enqueue(
        "lists.follow",
        key=f"lists.follow:{version.pk}:{moment}",
        payload={"version": version.pk, "old": None if before is None else str(before)},
        unit_path=version.campaign.lead_unit.path,
    )


def take_back(version: ListVersion, *, actor: User) -> None:
    """Withdraw a proposal: rows can be decided on again."""
    with transaction.atomic():
        version = _locked_version(version, ListVersionState.PROPOSED)
        audit("list.returned", version, actor)
        version.state = ListVersionState.TRIED
        version.proposed_by, version.proposed_at = None, None
        version.release, version.in_use = None, None
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
