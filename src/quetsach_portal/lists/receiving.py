"""A new version comes in: its files are kept, and a job checks it and compares it."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach.sandbox.contract import SandboxAnswer
from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.actions.state import locked
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState
from quetsach_portal.campaigns.release import now_iso, run_in_sandbox
from quetsach_portal.files.actions import store_upload
from quetsach_portal.files.models import StoredFile
from quetsach_portal.files.storage import path_of
from quetsach_portal.jobs.queue import RunningJob, enqueue
from quetsach_portal.lists.models import (
    HELD as HELD_STATES,
)
from quetsach_portal.lists.models import (
    OPEN,
    DoubtfulRow,
    Feed,
    HoldState,
    ListHold,
    ListVersion,
    ListVersionState,
    OfficeRow,
    OfficeRowKind,
)
from quetsach_portal.lists.sandboxed_lists import (
    BUILD,
    CHANGES,
    CHECK,
    HELD,
    HOLD,
    RELEASE,
    ChangesGiven,
    HoldGiven,
    ListsGiven,
)
from quetsach_portal.people.models.account import User
from quetsach_portal.web.acts import Refused

TAKES = (CampaignState.DRAFT, CampaignState.READY, CampaignState.LIVE)
MOST_FILES = 20
MOST_OPEN = 5
"""So many versions of a campaign may wait at once; a feed that changes daily must not pile up."""

CHECKING = "checking"
"""Why a release that lost much is made all the same: only to be looked at."""


def receive(
    campaign: Campaign, uploads: Sequence["UploadedFile[bytes]"], *, title: str, actor: User | None
) -> ListVersion:
    """Return the new version, which a job checks; nothing is looked for by it yet.

    Errors: Refused for no files or too many, too many open versions, or after the end.
    """
    if not uploads or len(uploads) > MOST_FILES:
        raise Refused(_("Choose between 1 and 20 lists."), field="lists")
    kept = [
        store_upload(one, purpose="list", owner_path=campaign.lead_unit.path, actor=actor)
        for one in uploads
    ]
    return receive_kept(campaign, kept, title=title, actor=actor)


def receive_kept(
    campaign: Campaign,
    kept: Sequence[StoredFile],
    *,
    title: str,
    actor: User | None,
    feed: Feed | None = None,
) -> ListVersion:
    """Return the new version of files that are kept already. Errors: as `receive`."""
    with transaction.atomic():
        campaign = locked(campaign, *TAKES)
        refuse_piled_up(campaign)
        version = ListVersion.objects.create(
            campaign=campaign, n=next_number(campaign), title=title, by=actor, feed=feed
        )
        version.lists.set(kept)
        audit("list.received", version, actor, files=[one.sha256 for one in kept])
        enqueue(
            "lists.check",
            key=f"lists.check:{version.pk}",
            payload={"version": version.pk},
            asked_by_id=None if actor is None else actor.pk,
            unit_path=campaign.lead_unit.path,
            max_attempts=3,
        )
    return version


def receive_again(version: ListVersion, *, actor: User) -> ListVersion:
    """Return a new version of the same files, to decide on its rows anew. Errors: as `receive`."""
    kept = list(version.lists.order_by("created_at", "pk"))
    return receive_kept(version.campaign, kept, title=version.title, actor=actor)


def refuse_piled_up(campaign: Campaign) -> None:
    """Take no more versions while many wait. Errors: Refused."""
    waiting = ListVersion.objects.filter(campaign=campaign, state__in=OPEN).count()
    if waiting >= MOST_OPEN:
        raise Refused(_("Five versions wait already: decide on them, or refuse some."))


def next_number(campaign: Campaign) -> int:
    """Return the number of the next version; the caller holds the campaign's lock."""
    last = ListVersion.objects.filter(campaign=campaign).aggregate(last=Max("n"))["last"]
    return (last or 0) + 1


def in_force(campaign_id: int) -> ListVersion | None:
    """Return the version in force, None while there is none."""
    rows = ListVersion.objects.filter(campaign_id=campaign_id, state=ListVersionState.IN_FORCE)
    return rows.select_related("release").first()


def audit(action: str, version: ListVersion, actor: User | None, **detail: Any) -> None:
    """Write an act on `version`; no indicator stands there, for the trail is read by many.

    The caller holds the transaction.
    """
    record(
        action,
        actor=actor,
        kind="list_version",
        object_id=version.pk,
        unit_path=version.campaign.lead_unit.path,
        detail={"campaign": version.campaign_id, "n": version.n, **detail},
    )


def laid_out(files: Sequence[StoredFile], folder: Path) -> tuple[str, ...]:
    """Copy the lists below `folder` under the names that they came with; return their paths."""
    places = []
    for number, stored in enumerate(files):
        named = folder / str(number) / Path(stored.name.replace("\\", "/")).name
        named.parent.mkdir()
        shutil.copyfile(path_of(stored), named)
        places.append(str(named.relative_to(folder)))
    return tuple(places)


def given_for(version: ListVersion, folder: Path, **more: str) -> ListsGiven:
    """Return what the process is lists_given to make the release of `version` in `folder`."""
    campaign = version.campaign
    before = campaign.release_file
    return ListsGiven(
        lists=laid_out(list(version.lists.order_by("created_at", "pk")), folder),
        created=now_iso(),
        title=version.title,
        campaign=campaign.title,
        previous="" if before is None else str(path_of(before).resolve()),
        **more,
    )


def ask(work: RunningJob, act: str, content: Any, folder: Path, reads: Sequence[str]) -> Any:
    """Return what the process answers. Errors: Refused, with the problem in words."""
    answer: SandboxAnswer = run_in_sandbox(
        act,
        content,
        folder=folder,
        reads=[Path(one) for one in reads if one],
        on_progress=lambda _progress: work.renew(),
    )
    if answer.problem:
        raise Refused(answer.problem)
    return answer.value


def made_in(folder: Path, name: str = RELEASE) -> "UploadedFile[bytes]":
    """Return a file that the process left, not through a link put in its place."""
    handle = os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(handle, "rb") as file:
        return SimpleUploadedFile(name, file.read())


def run_check(work: RunningJob) -> None:
    """Check a version that came in, and compare it with the one in force; a job."""
    rows = ListVersion.objects.select_related("campaign__release_file", "campaign__lead_unit")
    version = rows.get(pk=work.payload["version"])
    if version.state != ListVersionState.RECEIVED:
        return
    campaign = version.campaign
    try:
        with TemporaryDirectory() as name:
            folder = Path(name)
            lists_given = given_for(version, folder, accepted=CHECKING)
            report = ask(work, CHECK, lists_given, folder, ())
            ask(work, BUILD, lists_given, folder, [lists_given.previous])
            compared = ChangesGiven(before=lists_given.previous, after=RELEASE)
            held_back = hold_back(work, version, folder)
            if held_back["count"]:
                compared = ChangesGiven(before=lists_given.previous, after=HELD)
            changes = ask(work, CHANGES, compared, folder, [lists_given.previous])
            candidate = made_in(folder, compared.after)
    except (Refused, OSError) as error:
        with work.finishing():
            version.state, version.problem = ListVersionState.REFUSED, str(error)[:400]
            version.save(update_fields=["state", "problem"])
            audit("list.refused", version, None, problem=version.problem)
        return
    with work.finishing():
        stored = store_upload(
            candidate, purpose="release", owner_path=campaign.lead_unit.path, actor=None
        )
        version.candidate, version.state = stored, ListVersionState.CHECKED
        version.changes = _bounded(changes)
        version.checked = {key: each for key, each in report.items() if key != "questions"}
        version.checked["own"] = held_back["by_own"]
        version.checked["block"] = held_back["by_block"]
        version.save(update_fields=["candidate", "state", "changes", "checked"])
        DoubtfulRow.objects.bulk_create(_row(version, one) for one in report["questions"])
        _take_over_decisions(version)
        audit("list.checked", version, None, count=report["count"], sha256=stored.sha256)
        enqueue(
            "lists.try",
            key=f"lists.try:{version.pk}",
            payload={"version": version.pk},
            unit_path=campaign.lead_unit.path,
            max_attempts=10,
        )


NOTHING_HELD: dict[str, Any] = {"count": 0, "by_key": {}, "by_own": {}, "by_block": {}}


def hold_back(work: RunningJob, version: ListVersion, folder: Path) -> dict[str, Any]:
    """Hold back of the release in `folder` what is on hold, and what the office vouches for.

    Shapes: what `sandboxed_lists.hold` answers; what is left is HELD unless nothing was held.
    """
    given = hold_given(version.campaign_id, RELEASE)
    if not (given.keys or given.own or given.block):
        return NOTHING_HELD
    answer: dict[str, Any] = ask(work, HOLD, given, folder, ())
    return answer


def hold_given(campaign_id: int, release: str, before: str = "") -> HoldGiven:
    """Return what is to be held back of a release in a campaign today."""
    return HoldGiven(
        release=release,
        before=before,
        keys=held_keys(campaign_id),
        own=office_rows(campaign_id),
        block=office_rows(campaign_id, OfficeRowKind.BLOCK),
    )


def held_keys(campaign_id: int) -> tuple[str, ...]:
    """Return the rows that are on hold in a campaign today."""
    rows = ListHold.objects.filter(version__campaign=campaign_id, state__in=HELD_STATES)
    counts = Q(state=HoldState.OPEN) | Q(until__gte=timezone.localdate())
    rows = rows.exclude(key="").filter(counts)
    return tuple(sorted(set(rows.values_list("key", flat=True))))


def office_rows(campaign_id: int, kind: OfficeRowKind = OfficeRowKind.BLAME) -> tuple[str, ...]:
    """Return the rows of the office's list of that kind, approved and not ended."""
    rows = OfficeRow.objects.filter(campaign=campaign_id, kind=kind)
    rows = rows.filter(approved_at__isnull=False, ended_at__isnull=True)
    return tuple(rows.order_by("text").values_list("text", flat=True))


def _take_over_decisions(version: ListVersion) -> None:
    """Keep what two people decided for the version in force as long as they said that it holds."""
    before = in_force(version.campaign_id)
    if before is None:
        return
    rows = before.doubtful.exclude(decision="").filter(
        expired_at__isnull=True, until__gte=timezone.localdate()
    )
    decided = {(row.key, row.kind): row for row in rows}
    changed = []
    for doubtful_row in version.doubtful.all():
        if (old := decided.get((doubtful_row.key, doubtful_row.kind))) is not None:
            for name in ("decision", "reason", "until", "decided_by_id", "decided_at"):
                setattr(doubtful_row, name, getattr(old, name))
            changed.append(doubtful_row)
    fields = ("decision", "reason", "until", "decided_by", "decided_at")
    DoubtfulRow.objects.bulk_update(changed, fields, batch_size=500)


def _bounded(changes: dict[str, Any]) -> dict[str, Any]:
    """Return the changes without the keys themselves, which may be a million."""
    lengths = {name: len(changes[name]) for name in ("fresh", "gone")}
    return {**msgspec.to_builtins(changes), **lengths}


def _row(version: ListVersion, question: dict[str, Any]) -> DoubtfulRow:
    return DoubtfulRow(
        version=version,
        key=question["key"][:500],
        shown=question["shown"],
        kind=question["kind"],
        classes=question["classes"],
        warning_lists=question["lists"],
        list_name=question["list"],
        row=max(0, min(question["row"], 2**31 - 1)),
        proposal=question["proposal"],
    )
