"""The job that checks large files: evidence and findings."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from quetsach_portal.audit.record import record
from quetsach_portal.files import storage
from quetsach_portal.files.inspection import inspect_office, inspect_packed, inspect_xml
from quetsach_portal.files.kinds import (
    ABOUT,
    OFFICE,
    PACKED_STREAMS,
    PICTURES,
    RULES,
    FileKind,
    FileRules,
    size_text,
)
from quetsach_portal.files.models import FileScanResult, FileState, StoredFile
from quetsach_portal.files.pictures import picture_anew
from quetsach_portal.files.problems import FileProblem, FileRefused
from quetsach_portal.files.quarantine import (
    EICAR_NAME,
    MalwareScan,
    ScanOutcome,
    is_eicar,
    scan,
    scanner_at,
)
from quetsach_portal.files.sniff import START_BYTES, is_private_key, sniff, text_of
from quetsach_portal.files.storage import digest_of, ending_of
from quetsach_portal.jobs.models import Job
from quetsach_portal.jobs.queue import RunningJob, enqueue

# One file from a stranger, checked for what it is meant for: its kind and remarks, or a refusal.

_CLAIMING = tuple(map(FileKind, ["pdf", "jpeg", "png", "docx", "xlsx", "ods", "zip", "program"]))
"""Kinds that a name may only claim if they are so, even where names are free."""


@dataclass(frozen=True)
class CheckedFile:
    """What a file is, and what is said beside it."""

    kind: FileKind
    remarks: tuple[FileProblem, ...] = ()


def check(file: BinaryIO, *, name: str, rules: FileRules) -> CheckedFile:
    """Return what `file` is, if `rules` take it.

    Errors: FileRefused P101 to P123; P123 means quarantine, all others a refusal.
    Cost: for documents and pictures under a second; all of a packed stream is unpacked once.
    """
    size = file.seek(0, 2)
    if not size:
        raise FileRefused("P101")
    if size > rules.max_bytes:
        raise FileRefused("P102", size=size_text(size), limit=size_text(rules.max_bytes))
    file.seek(0)
    start = file.read(START_BYTES)
    if is_eicar(start):
        raise FileRefused("P123", found=EICAR_NAME)
    if is_private_key(start, ending_of(name)):
        raise FileRefused("P137")
    kind = _taken(sniff(file), ending_of(name), rules)
    remarks = _inspect(file, kind, start)
    _refuse_wrong_ending(kind, ending_of(name), rules)
    return CheckedFile(kind, tuple(remarks))


def _taken(kind: FileKind, ending: str, rules: FileRules) -> FileKind:
    """Return the kind as the rules call it.

    Errors: P103 when they take none such.
    """
    is_csv = FileKind.CSV in rules.kinds and ending in ABOUT[FileKind.CSV].endings
    if kind is FileKind.TEXT and is_csv:
        return FileKind.CSV
    if kind not in rules.kinds:
        raise FileRefused("P103", kinds=rules.titles(), found=[ABOUT[kind].title])
    return kind


def _inspect(file: BinaryIO, kind: FileKind, start: bytes) -> list[FileProblem]:
    if kind in OFFICE:
        return inspect_office(file, kind)
    if kind in PACKED_STREAMS or kind in (FileKind.ZIP, FileKind.TAR):
        return inspect_packed(file, kind)
    if kind in (FileKind.XML, FileKind.SVG):
        inspect_xml(_from_first_sign(start, file), kind.value)
    elif kind is FileKind.HTML and b"<!entity" in (text_of(start) or b"").lower():
        raise FileRefused("P118", part=kind.value)
    return []


def _from_first_sign(start: bytes, file: BinaryIO) -> Iterator[bytes]:
    file.seek(len(start))
    return chain((start.lstrip(),), iter(lambda: file.read(START_BYTES), b""))


def _refuse_wrong_ending(kind: FileKind, ending: str, rules: FileRules) -> None:
    claimed = [kind for kind in _CLAIMING if ending in ABOUT[kind].endings]
    fits = ending in ABOUT[kind].endings if rules.exact else kind in claimed or not claimed
    if not fits:
        raise FileRefused(
            "P104",
            kinds=rules.titles(),
            ending=f".{ending}" if ending else "",
            found=[ABOUT[kind].title],
        )


# Look through bytes that have arrived, and say what is kept of them.


@dataclass(frozen=True)
class FileLook:
    """The result of a check: kind and remarks, scan, digest, and a re-encoded picture."""

    checked: CheckedFile
    scan: MalwareScan
    sha256: str
    anew: bytes | None = None


def look_through(
    place: Path,
    stored: StoredFile,
    *,
    expected_sha256: str = "",
    renew: Callable[[int], None] | None = None,
) -> FileLook:
    """Return what the file at `place` is; nothing is changed.

    Errors: FileRefused; P123 is what quarantine is for, P128 when it is not what was sent.
    """
    with place.open("rb") as file:
        sha256 = digest_of(file, renew)
        if expected_sha256 and sha256 != expected_sha256:
            raise FileRefused("P128")
        checked = check(file, name=stored.name, rules=RULES[stored.purpose])
        scanned = scan(file, scanner_at(settings.QUETSACH.clamd))
        if scanned.result is ScanOutcome.FOUND:
            raise FileRefused("P123", found=scanned.said)
        if scanned.result is ScanOutcome.NOT_SCANNED and settings.QUETSACH.clamd:
            # There is a scanner, and it did not look: that is said. Without one nobody expects it.
            checked = replace(checked, remarks=(*checked.remarks, FileProblem("P144")))
        anew = picture_anew(place, checked.kind) if checked.kind in PICTURES else None
    return FileLook(checked, scanned, sha256, anew)


def filled(stored: StoredFile, look: FileLook, *, size: int, sha256: str) -> None:
    """Put what was seen into the fields of `stored`; saves nothing."""
    stored.kind = look.checked.kind.value
    stored.remarks = [remark.as_json() for remark in look.checked.remarks]
    stored.scan = FileScanResult(look.scan.result)
    stored.size, stored.sha256 = size, sha256


KIND = "files.check"


def enqueue_check(stored: StoredFile, *, expected_sha256: str) -> Job:
    """Return the job that will look through `stored`, asked for in the caller's transaction.

    Shapes: `expected_sha256` is what the bytes must come to, "" where nobody has said it.
    """
    return enqueue(
        KIND,
        key=f"{KIND}:{stored.pk}",
        payload={"file": str(stored.pk), "sha256": expected_sha256},
        asked_by_id=None if stored.uploaded_by is None else stored.uploaded_by.pk,
        unit_path=stored.owner_path,
    )


def check_file(work: RunningJob, *, follows: Mapping[str, str]) -> None:
    """Look through one file and say how it ended; a second run of the same job changes nothing.

    Shapes: `follows` has, by purpose, the kind of the job that is enqueued then.
    """
    stored = StoredFile.objects.filter(pk=UUID(work.payload["file"])).first()
    if stored is None or stored.state != FileState.CHECKING:
        return
    place = storage.place_of(stored.pk)
    if not place.exists():
        # A run before this one was ended between moving the bytes and saying so.
        place = storage.quarantine_of(stored.pk)
    try:
        look = look_through(
            place,
            stored,
            expected_sha256=work.payload["sha256"],
            renew=lambda done: work.progress(done, 2 * stored.size),
        )
    except FileNotFoundError:
        _end(work, stored, FileRefused("P131"), follows)
    except FileRefused as refused:
        _end(work, stored, refused, follows)
    else:
        filled(stored, look, size=stored.size, sha256=look.sha256)
        stored.state = FileState.ACCEPTED
        _write(work, stored, "file.accepted", follows)


def _end(
    work: RunningJob, stored: StoredFile, refused: FileRefused, follows: Mapping[str, str]
) -> None:
    stored.refusal = refused.problem.as_json()
    if refused.problem.code == "P123":
        storage.isolate(stored.pk)
        stored.state, stored.scan = FileState.QUARANTINED, FileScanResult.FOUND
        _write(work, stored, "file.quarantined", follows)
        return
    stored.state = FileState.REFUSED
    _write(work, stored, "file.refused", follows)


def _write(work: RunningJob, stored: StoredFile, action: str, follows: Mapping[str, str]) -> None:
    stored.checked_at = timezone.now()
    follow = follows.get(stored.purpose)
    with work.finishing():
        stored.save()
        record(
            action,
            actor=None,
            kind="file",
            object_id=stored.pk,
            unit_path=stored.owner_path,
            detail={"code": stored.refusal.get("code", ""), "kind": stored.kind},
        )
        if follow is not None:
            enqueue(
                follow,
                key=f"{follow}:{stored.pk}",
                payload={"file": str(stored.pk)},
                unit_path=stored.owner_path,
            )
        if stored.state == FileState.REFUSED:
            transaction.on_commit(lambda: storage.remove(stored.pk))
