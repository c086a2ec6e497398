"""Read a file of counts as the public plane writes it; anything else is refused, whole."""

import errno
import os
import re
import stat
from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

import msgspec

NAME = re.compile(r"\d{20}-[0-9a-f]{16}\.json")
MOST_BYTES = 8_000_000
MOST_ROWS = 20_000
MOST_OF_FILE = 1_000_000
"""More than a plane counts while its inbox cannot be written."""
OLDEST = timedelta(days=40)
"""For so long the inbox may wait for a portal that is down."""

_CODE = re.compile(r"[A-Za-z0-9-]{0,40}")
_NO_FILE = frozenset({errno.ELOOP, errno.ENXIO, errno.EISDIR, errno.EACCES})
_ACTS = frozenset({"joined", "scanned", "cleaned", "pulled"})


class Flaw(StrEnum):
    """What is wrong with a file."""

    NAME = "name"
    NOT_A_FILE = "not-a-file"
    TOO_LARGE = "too-large"
    NOT_COUNTS = "not-counts"
    WRONG_VALUE = "wrong-value"


class RefusedCounts(Exception):
    """The file is not one that the plane writes."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw)
        self.flaw = flaw


class Counted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many did `act` on `day` under `code`; `of` says more where the act has kinds."""

    act: str
    code: str
    day: date
    of: str
    count: int


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    counts: list[Counted]


def read_count_file(path: Path, today: date) -> Sequence[Counted]:
    """Return the counts in the file at `path`. Errors: RefusedCounts; OSError for what may pass."""
    check_place(path)
    return counts_in(_bytes_of(path), today)


def check_place(path: Path) -> None:
    """Look at the name and kind of `path` alone. Errors: RefusedCounts; OSError."""
    if not NAME.fullmatch(path.name):
        raise RefusedCounts(Flaw.NAME)
    if not stat.S_ISREG(path.lstat().st_mode):
        raise RefusedCounts(Flaw.NOT_A_FILE)


def counts_in(data: bytes, today: date) -> Sequence[Counted]:
    """Return the counts in `data`. Errors: RefusedCounts for a single value that is wrong."""
    try:
        found = msgspec.json.decode(data, type=_File)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise RefusedCounts(Flaw.NOT_COUNTS) from error
    if found.version != 1 or len(found.counts) > MOST_ROWS:
        raise RefusedCounts(Flaw.NOT_COUNTS)
    right = all(_is_right(one, today) for one in found.counts)
    if not right or sum(one.count for one in found.counts) > MOST_OF_FILE:
        raise RefusedCounts(Flaw.WRONG_VALUE)
    return found.counts


def _is_right(one: Counted, today: date) -> bool:
    return (
        one.act in _ACTS
        and _CODE.fullmatch(one.code) is not None
        and len(one.of) <= 80
        and one.of.isprintable()
        and 0 < one.count <= MOST_OF_FILE
        and today - OLDEST <= one.day <= today + timedelta(days=1)
    )


def _bytes_of(path: Path) -> bytes:
    # A link, a pipe or a device in the inbox is nothing that we follow or wait for.
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if error.errno in _NO_FILE:
            raise RefusedCounts(Flaw.NOT_A_FILE) from error
        raise
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise RefusedCounts(Flaw.NOT_A_FILE)
    with os.fdopen(handle, "rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise RefusedCounts(Flaw.TOO_LARGE)
    return data
