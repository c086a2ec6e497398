"""Whether the portal can serve: what `/ready` looks at."""

import shutil
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from quetsach_portal.files.storage import KEPT_FREE
from quetsach_portal.jobs import beats
from quetsach_portal.operations.backup.proving import state_of_backups
from quetsach_portal.web.database_state import DATABASE_ERRORS
from quetsach_portal.web.write_stops import stopped_since


@dataclass(frozen=True)
class VitalSign:
    """One thing that was looked at: its name, how it is, and whether the portal can serve so."""

    name: str
    state: str
    is_ready: bool = True


def vital_signs() -> list[VitalSign]:
    """Return what has to be well for the portal to serve; the backup's state is told alone.

    An old backup is for its operator; it is no reason to send nobody to this portal any more.
    """
    answers = database_answers()
    free = free_bytes()
    since = stopped_since() if answers else None
    worker = beats.state_of_workers()
    return [
        VitalSign("database", "ok" if answers else "no answer", answers),
        VitalSign("writing", "ok" if since is None else f"stopped since {since:%FT%TZ}", not since),
        VitalSign("disk", "ok" if free >= KEPT_FREE else "short", free >= KEPT_FREE),
        VitalSign("worker", worker, worker == "ok"),
        VitalSign("backup", str(state_of_backups()["state"])),
    ]


def database_answers() -> bool:
    """Return whether the database answers a question."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DATABASE_ERRORS:
        connection.close()
        return False
    return True


def free_bytes() -> int:
    """Return how many bytes are free on the disk of the home."""
    home = settings.QUETSACH.home
    return shutil.disk_usage(home if home.exists() else home.parent).free
