"""Where rehearsals lie on the disk, and which environment their processes get.

A rehearsal is a folder HOME/rehearsals/ID with its own database, files and secret key. A process
that works on it gets a clean environment: nothing of the real portal's settings comes along but its
public address.
"""

import json
import os
import re
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from django.conf import settings

FOLDER = "rehearsals"
PREFIX = "/dien-tap/"
"""Addresses of rehearsals begin so, each with its id behind it."""

NOTE, ASKED, SOCKET = "rehearsal.json", "asked", "portal.sock"
RUNS = "runs.lock"
"""A process that serves a rehearsal holds a lock on this file of its folder until it ends."""

MOST_RUNNING = 2
"""So many rehearsals have a process at a time."""


_ID = re.compile(r"[0-9a-f]{12}")
_PASSED_ON = (
    *("PATH", "LANG", "LC_ALL", "LANGUAGE", "TZ", "TMPDIR", "VIRTUAL_ENV"),
    *("PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "LD_LIBRARY_PATH"),
)


@dataclass(frozen=True)
class RehearsalNote:
    """What is known of a rehearsal without its database.

    Shapes: `made_at` and `gone_at` are moments in ISO 8601 of the real clock, with their zone.
    """

    id: str
    campaign_id: int
    title: str
    made_at: str
    gone_at: str

    @property
    def gone_on(self) -> date:
        """The day on which it goes by itself."""
        return datetime.fromisoformat(self.gone_at).date()

    def is_over(self, now: datetime) -> bool:
        """True when its seven days have passed."""
        return datetime.fromisoformat(self.gone_at) <= now


def is_id(text: str) -> bool:
    """True for what can be the id of a rehearsal: 12 hex digits."""
    return _ID.fullmatch(text) is not None


def base_path(rehearsal_id: str) -> str:
    """Return the path below which the pages of a rehearsal lie, without a slash at its end."""
    return f"{PREFIX}{rehearsal_id}"


def write_note(folder: Path, note: RehearsalNote) -> None:
    """Write what is known of the rehearsal in `folder`."""
    (folder / NOTE).write_text(json.dumps(asdict(note), ensure_ascii=False))


def read_note(folder: Path) -> RehearsalNote | None:
    """Return what is known of the rehearsal in `folder`, None where there is none."""
    try:
        return RehearsalNote(**json.loads((folder / NOTE).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def folders(home: Path) -> list[Path]:
    """Return the folders of the rehearsals below the home of a portal."""
    with suppress(FileNotFoundError):
        return sorted(path for path in (home / FOLDER).iterdir() if is_id(path.name))
    return []


def ask_for(folder: Path) -> None:
    """Say that somebody wants to see the rehearsal in `folder`: its process is started, or stays.

    Errors: FileNotFoundError when it was thrown away.
    """
    if (folder / NOTE).exists():
        (folder / ASKED).touch(mode=0o600)
    else:
        raise FileNotFoundError(folder)


def environment_of(folder: Path) -> dict[str, str]:
    """Return the environment of a process that works on the rehearsal in `folder` alone."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    # The file of settings names the real database.
    environment["QUETSACH_PORTAL_CONFIG"] = ""
    environment["QUETSACH_HOME"] = str(folder)
    environment["QUETSACH_URL"] = settings.QUETSACH.public_url
    environment["QUETSACH_HOSTS"] = ",".join(settings.QUETSACH.hosts)
    environment["QUETSACH_SECOND_FACTOR"] = "off"
    environment.setdefault("DJANGO_SETTINGS_MODULE", "quetsach_portal.config.rehearsal_settings")
    return environment


def command(name: str, *words: str) -> list[str]:
    """Return the command line of one of the portal's commands."""
    return [sys.executable, "-P", "-m", "quetsach_portal.manage", name, *words]
