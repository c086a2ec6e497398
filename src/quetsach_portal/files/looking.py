"""Look through bytes that have arrived, and say what is kept of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings

from quetsach_portal.files.check import Checked, check
from quetsach_portal.files.kinds import PICTURES, RULES
from quetsach_portal.files.models import ScanResult, StoredFile
from quetsach_portal.files.picture_apart import picture_anew
from quetsach_portal.files.quarantine import Result, Scan, scan, scanner_at
from quetsach_portal.files.refusal import FileRefused, Problem
from quetsach_portal.files.storage import digest_of


@dataclass(frozen=True)
class Seen:
    """What came of a look: the kind with its remarks, the scan, the digest, and a picture anew."""

    checked: Checked
    scan: Scan
    sha256: str
    anew: bytes | None = None


def look_through(
    place: Path,
    stored: StoredFile,
    *,
    expected_sha256: str = "",
    renew: Callable[[int], None] | None = None,
) -> Seen:
    """Return what the file at `place` is; nothing is changed.

    Errors: FileRefused; P123 is what quarantine is for, P128 when it is not what was sent.
    """
    with place.open("rb") as file:
        sha256 = digest_of(file, renew)
        if expected_sha256 and sha256 != expected_sha256:
            raise FileRefused("P128")
        checked = check(file, name=stored.name, rules=RULES[stored.purpose])
        scanned = scan(file, scanner_at(settings.QUETSACH.clamd))
        if scanned.result is Result.FOUND:
            raise FileRefused("P123", found=scanned.said)
        if scanned.result is Result.NOT_SCANNED and settings.QUETSACH.clamd:
            # There is a scanner, and it did not look: that is said. Without one nobody expects it.
            checked = replace(checked, remarks=(*checked.remarks, Problem("P144")))
        anew = picture_anew(place, checked.kind) if checked.kind in PICTURES else None
    return Seen(checked, scanned, sha256, anew)


def filled(stored: StoredFile, seen: Seen, *, size: int, sha256: str) -> None:
    """Put what was seen into the fields of `stored`; saves nothing."""
    stored.kind = seen.checked.kind.value
    stored.remarks = [one.as_json() for one in seen.checked.remarks]
    stored.scan = ScanResult(seen.scan.result.value)
    stored.size, stored.sha256 = size, sha256
