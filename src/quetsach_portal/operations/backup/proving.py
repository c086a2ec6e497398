"""Each night: make a backup, restore the newest one into a scratch home, say what came of it.

The statement is a file beside the data, signed with the portal's own key; the page of jobs shows
it. A backup that nobody has restored is a hope.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from quetsach.api.lists import write_whole
from quetsach.api.problems import QuetsachError
from quetsach.api.signing import sign_path
from quetsach_portal.audit.anchors import office_key
from quetsach_portal.audit.models import ChainHead
from quetsach_portal.audit.record import record
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.jobs.worker import GiveUp
from quetsach_portal.operations.backup.differences import BackupDifferences
from quetsach_portal.operations.backup.manifest import MANIFEST, BackupManifest, read_manifest
from quetsach_portal.operations.backup.restoring import try_backup
from quetsach_portal.operations.backup.writing import back_up

OWN = "quetsach-"
"""How the folders begin that the portal makes, and later removes, by itself."""

YOUNG = timedelta(hours=20)
"""A backup of this age or less is proved; no other one is made."""

CLOCK_AHEAD = timedelta(hours=1)
"""A backup dated further ahead than this is none: with it the newest there would be no new one."""

LATE = timedelta(hours=26)
"""After so long without a proof the page is red."""

STATEMENT = "restorable.json"


class RestoreStatement(msgspec.Struct, frozen=True, kw_only=True):
    """What a trial of a backup says.

    Shapes: times are ISO 8601 with offset; `head` and `head_now` are rows of the audit trail: the
    last one in the backup, and the last one when the trial ended.
    """

    restorable_as_of: str
    proved_at: str
    backup: str
    version: str
    differences: int
    first_differences: list[str]
    acts_since: int
    head: tuple[int, str]
    head_now: int
    rows: int
    files: int


def run_nightly(work: RunningJob) -> None:
    """Make a backup unless an own young one is there, try the newest, sign the outcome; a job.

    Without a folder for backups nothing is done, and the page says so. Own backups beyond the
    number that is kept go, the oldest first, once the newest has proved restorable.
    Errors: GiveUp names what keeps it, or how many differences there are.
    """
    folder = settings.QUETSACH.backups
    if folder is None:
        return
    try:
        own = [backup for backup in _backups(folder) if backup[0].name.startswith(OWN)]
        if not own or timezone.now() - max(map(_when, own)) > YOUNG:
            back_up(folder / f"{OWN}{timezone.localtime():%Y-%m-%d-%H%M%S}")
        place, manifest = max(_backups(folder), key=_when)
        differences = try_backup(place, renew=work.renew)
        statement = write_statement(place, manifest, differences)
    except QuetsachError as error:
        raise GiveUp(str(error)) from error
    with transaction.atomic():
        facts = {"as_of": statement.restorable_as_of, "differences": statement.differences}
        record("backup.tried", actor=None, kind="backup", object_id=place.name, detail=facts)
    if differences.count:
        raise GiveUp(f"{place.name}: {differences.count}: {differences.named[0]}")
    remove_old(folder, settings.QUETSACH.backups_kept)


def write_statement(
    place: Path, manifest: BackupManifest, differences: BackupDifferences
) -> RestoreStatement:
    """Write and sign the statement on the trial of the backup in `place`, and return it."""
    head_now = ChainHead.objects.filter(pk=1).values_list("seq", flat=True).first() or 0
    statement = RestoreStatement(
        restorable_as_of=manifest.at,
        proved_at=timezone.localtime().isoformat(),
        backup=place.name,
        version=manifest.version,
        differences=differences.count,
        first_differences=[str(difference) for difference in differences.named[:20]],
        acts_since=head_now - manifest.head[0],
        head=manifest.head,
        head_now=head_now,
        rows=sum(manifest.row_counts().values()),
        files=len(manifest.files),
    )
    path = statement_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    content = msgspec.json.format(msgspec.json.encode(statement), indent=1)
    # The old signature is none of the new statement, whatever happens between the two.
    path.with_name(f"{path.name}.sig").unlink(missing_ok=True)
    write_whole(path, content)
    sign_path(path, office_key(), timezone.now())
    return statement


def statement_path() -> Path:
    """Return where the newest statement lies; its signature is beside it."""
    return Path(settings.QUETSACH.home) / "proofs" / STATEMENT


def newest_statement() -> RestoreStatement | None:
    """Return what the last trial said; None where there was none."""
    with suppress(OSError, msgspec.MsgspecError):
        return msgspec.json.decode(statement_path().read_bytes(), type=RestoreStatement)
    return None


def _when(backup: tuple[Path, BackupManifest]) -> datetime:
    return datetime.fromisoformat(backup[1].at)


def _backups(folder: Path) -> Iterator[tuple[Path, BackupManifest]]:
    places = sorted(folder.iterdir()) if folder.is_dir() else []
    for place in places:
        with suppress(QuetsachError, ValueError):
            manifest = read_manifest(place)
            made_at = datetime.fromisoformat(manifest.at)
            if made_at.tzinfo is not None and made_at <= timezone.now() + CLOCK_AHEAD:
                yield place, manifest


def remove_old(folder: Path, kept: int) -> list[str]:
    """Remove the portal's own backups in `folder` but the newest `kept`; return their names."""
    own = [backup for backup in _backups(folder) if backup[0].name.startswith(OWN)]
    gone = sorted(own, key=_when, reverse=True)[max(1, kept) :]
    for place, manifest in gone:
        # The manifest goes last: what is left of a folder until then is still found and removed.
        for name in (*manifest.parts, MANIFEST):
            (place / name).unlink(missing_ok=True)
        with suppress(OSError):
            place.rmdir()
    return [place.name for place, _manifest in gone]


def state_of_backups() -> dict[str, Any]:
    """Return what the page shows: whether there is a folder, the statement, and what is wrong.

    Shapes: `state` is "none" without a folder, "never", "late", "bad" or "good".
    """
    statement = newest_statement()
    state = "good"
    if settings.QUETSACH.backups is None:
        state = "none"
    elif statement is None:
        state = "never"
    elif statement.differences:
        state = "bad"
    elif timezone.now() - _older_of(statement) > LATE:
        state = "late"
    proved_at = None if statement is None else datetime.fromisoformat(statement.proved_at)
    as_of = None if statement is None else datetime.fromisoformat(statement.restorable_as_of)
    signer = "" if statement is None else office_key().public.key_id
    facts = {"statement": statement, "proved_at": proved_at, "as_of": as_of, "signer": signer}
    return {"state": state, **facts}


def _older_of(statement: RestoreStatement) -> datetime:
    """Return when the trial was, or of when the backup is that was tried."""
    moments = (statement.proved_at, statement.restorable_as_of)
    return min(datetime.fromisoformat(moment) for moment in moments)
