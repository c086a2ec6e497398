"""What a check of a backup, or of a restored home, finds unlike: one row a difference."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

import msgspec
from django.utils.translation import gettext_lazy as _lazy

KINDS: Mapping[str, Any] = {
    "part-missing": _lazy("a part of the backup is missing"),
    "part-changed": _lazy("a part of the backup is not as it was written"),
    "tar-damaged": _lazy("the archive of the files cannot be read to its end"),
    "file-missing": _lazy("a file is missing"),
    "file-changed": _lazy("a file is not as it was"),
    "file-unlisted": _lazy("the archive holds what the backup does not list"),
    "database-damaged": _lazy("the database says of itself that it is damaged"),
    "rows": _lazy("a table has more or fewer rows"),
    "content": _lazy("rows of a table are not as they were"),
    "stored-missing": _lazy("a stored file has no bytes"),
    "stored-changed": _lazy("the bytes of a stored file do not match its digest"),
    "counter": _lazy("a counter is not what its rows add up to"),
    "report": _lazy("a report does not match its digest"),
    "figure": _lazy("figures of a report do not add up"),
    "findings": _lazy("findings do not match their digest"),
    "trail": _lazy("the chain of the audit trail is broken"),
}
"""Every kind of difference, in words."""

MOST = 200
"""So many differences are named; the rest is counted."""


class BackupDifference(msgspec.Struct, frozen=True):
    """One difference: its kind, the place, what was there then and what is there now."""

    kind: str
    where: str
    then: str = ""
    now: str = ""

    def __str__(self) -> str:
        change = f": {self.then or '–'} -> {self.now or '–'}" if self.then or self.now else ""
        return f"{KINDS[self.kind]}: {self.where}{change}"


class BackupDifferences(msgspec.Struct, frozen=True):
    """The first `MOST` differences, and how many there are in all."""

    named: list[BackupDifference]
    count: int


def collected(differences: Iterable[BackupDifference]) -> BackupDifferences:
    """Return all of `differences` counted, the first ones named."""
    running = iter(differences)
    named = list(islice(running, MOST))
    return BackupDifferences(named, len(named) + sum(1 for _rest in running))
