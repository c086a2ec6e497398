"""Folders of sweeps: one for each try, the findings that were kept, and their downloads."""

import hashlib
import os
import re
import shutil
import stat
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from secrets import token_hex

from django.http import FileResponse, Http404

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.campaigns.release import path_of_release
from quetsach_portal.files.storage import as_attachment, home
from quetsach_portal.intake.models import Submission

LONGEST_NAME = 100
"""In bytes; more than a file system takes with a number put before the ending."""

_NOT_PLAIN = re.compile(r"[/\\:*?\"<>|\x00-\x1f]")


def work_folder(submission_id: int | str) -> Path:
    """Make and return the folder of a new try; those of earlier tries are removed.

    Shapes: the number of a submission, or a name for what is none.

    A process of an earlier try that still runs loses its folder and fails.
    """
    base = home() / "sweeps"
    base.mkdir(parents=True, exist_ok=True)
    for old in base.glob(f"{submission_id}-*"):
        shutil.rmtree(old, ignore_errors=True)
    folder = base / f"{submission_id}-{token_hex(8)}"
    folder.mkdir()
    return folder


def findings_folder(name: str) -> Path:
    """Return the place of kept findings."""
    return home() / "findings" / name


def is_plain(folder: Path) -> bool:
    """Return whether `folder` has folders and files of its own alone: no link, pipe or device.

    The process that wrote it read what strangers wrote, so this is asked before anything is opened.
    """
    places = [folder]
    for parent, folders, files in os.walk(folder):
        places += (Path(parent, name) for name in (*folders, *files))
    return folder.exists() and all(_is_plain(place.lstat()) for place in places)


def _is_plain(facts: os.stat_result) -> bool:
    return stat.S_ISDIR(facts.st_mode) or (stat.S_ISREG(facts.st_mode) and facts.st_nlink == 1)


def store_findings(folder: Path, submission_id: int) -> str:
    """Move findings to where they are kept, whole and on disk, and return their name there."""
    name = f"{submission_id}-{token_hex(8)}"
    target = findings_folder(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    for path in folder.rglob("*"):
        _sync(path)
    _sync(folder)
    folder.rename(target)
    _sync(target.parent)
    return name


def stored_findings() -> Iterable[Path]:
    """Return the folders of findings there, known or left behind."""
    return sorted((home() / "findings").glob("*-*"))


def abandoned_work() -> Iterable[Path]:
    """Return the folders of attempts there."""
    return sorted((home() / "sweeps").glob("*-*"))


def sha256_of(path: Path) -> str:
    """Return the digest of a file in hex. Errors: OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def lay_out(files: Iterable[tuple[str, Path]], folder: Path) -> list[str]:
    """Link `files` (shown name, place) into the new `folder` and return the names they have there.

    The names are those that people gave, as far as they can stand in a folder; a second one of a
    name gets a number.
    """
    folder.mkdir()
    used: set[str] = set()
    names = []
    for shown, place in files:
        name = _free_name(plain_name(shown), used)
        used.add(name.casefold())
        (folder / name).symlink_to(place)
        names.append(name)
    return names


def plain_name(shown: str) -> str:
    """Return `shown` as the name of one file in one folder: no path, no control, not hidden."""
    name = _NOT_PLAIN.sub("_", unicodedata.normalize("NFC", shown))
    name = "".join(sign if sign.isprintable() else "_" for sign in name).lstrip(".-~ ").rstrip(" .")
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        stem, ending = name, ""
    short = stem.encode()[: LONGEST_NAME - 11].decode(errors="ignore")
    return f"{short or 'file'}{'.' + ending if ending else ''}"


def _free_name(name: str, used: set[str]) -> str:
    stem, dot, ending = name.partition(".")
    number, free = 1, name
    while free.casefold() in used:
        number += 1
        free = f"{stem} ({number}){dot}{ending}"
    return free


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def report_of(submission: Submission) -> FileResponse:
    """Return the engine's report. Errors: Http404 when there is none."""
    if not submission.findings:
        raise Http404
    place = findings_folder(submission.findings) / "report.html"
    return _attached(place, f"quetsach-{submission.pk}.html")


def release_of(campaign: Campaign) -> FileResponse:
    """Return the campaign's list, for a local sweep. Errors: Http404 when there is none."""
    place = path_of_release(campaign)
    if place is None:
        raise Http404
    return _attached(place, release_name(campaign))


def release_name(campaign: Campaign) -> str:
    """Return the name under which the list is saved at home."""
    return f"danh-sach-{campaign.release_sha256[:12]}.jsonl"


def _attached(place: Path, name: str) -> FileResponse:
    try:
        return as_attachment(place, name)
    except FileNotFoundError as error:
        raise Http404 from error
