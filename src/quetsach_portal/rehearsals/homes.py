"""The rehearsals of a portal as folders: found by campaign, made aside, running, gone."""

import fcntl
import secrets
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from quetsach_portal.files.storage import home
from quetsach_portal.web.scratch_homes import (
    FOLDER,
    MOST_RUNNING,
    RUNS,
    RehearsalNote,
    folders,
    is_id,
    read_note,
)

KEPT = timedelta(days=7)
MOST_HOMES = 10
"""So many rehearsals lie on the disk at a time."""

_BEING_MADE, _GOING = ".making-", ".going-"


def notes() -> list[RehearsalNote]:
    """Return all rehearsals that can be opened."""
    found = (read_note(folder) for folder in folders(home()))
    return [note for note in found if note is not None]


def note_of(campaign_id: int) -> RehearsalNote | None:
    """Return the rehearsal of a campaign, None where it has none."""
    return next((note for note in notes() if note.campaign_id == campaign_id), None)


def folder_of(rehearsal_id: str) -> Path:
    """Return the folder of a rehearsal. Errors: ValueError for what is no id."""
    if not is_id(rehearsal_id):
        raise ValueError(rehearsal_id)
    return home() / FOLDER / rehearsal_id


def note_called(rehearsal_id: str) -> RehearsalNote | None:
    """Return the rehearsal with this id, None where there is none."""
    return read_note(folder_of(rehearsal_id)) if is_id(rehearsal_id) else None


def new_folder() -> Path:
    """Return a new folder, for its owner alone, in which a rehearsal is made."""
    place = home() / FOLDER / f"{_BEING_MADE}{secrets.token_hex(6)}" / FOLDER / secrets.token_hex(6)
    place.mkdir(mode=0o700, parents=True)
    (home() / FOLDER).chmod(0o700)
    return place


def move_into_place(folder: Path) -> None:
    """Let the rehearsal that was made in `folder` be found."""
    folder.rename(home() / FOLDER / folder.name)
    drop(folder)


def drop(folder: Path) -> None:
    """Remove what is left of the making of the rehearsal in `folder`."""
    shutil.rmtree(folder.parents[1], ignore_errors=True)


def throw_away(rehearsal_id: str) -> None:
    """Remove a rehearsal with all that is in it; again is the same as once.

    From the first moment nobody finds it, and its process ends as its note is gone.
    """
    folder = folder_of(rehearsal_id)
    going = folder.with_name(f"{_GOING}{rehearsal_id}")
    if folder.exists():
        folder.rename(going)
    shutil.rmtree(going, ignore_errors=True)


def sweep(now: datetime) -> list[RehearsalNote]:
    """Return the rehearsals whose days are over; remove what an ended process left half-made."""
    place = home() / FOLDER
    if not place.is_dir():
        return []
    for path in place.iterdir():
        is_old = now.timestamp() - path.stat().st_mtime > timedelta(hours=1).total_seconds()
        if path.name.startswith((_BEING_MADE, _GOING)) and is_old:
            shutil.rmtree(path, ignore_errors=True)
    return [note for note in notes() if note.is_over(now)]


def is_running(folder: Path) -> bool:
    """True while a process serves the rehearsal in `folder`: it holds a lock there to its end."""
    try:
        with (folder / RUNS).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def others_running(folder: Path) -> bool:
    """True when as many others run as may at a time."""
    others = [path for path in folders(folder.parents[1]) if path != folder]
    return sum(map(is_running, others)) >= MOST_RUNNING
