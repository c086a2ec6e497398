"""Import the counts of the public plane: each file once, also after a crash.

A file's counts and its name are written in one transaction; then the file goes. Killed in between,
the file is found again, its name is on record, and it is deleted without being counted.
"""

import errno
import logging
import os
import re
import secrets
import stat
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

import msgspec
from django.conf import settings
from django.db import DataError, IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import CampaignNode, CampaignState
from quetsach_portal.campaigns.public_page import public_folder, shown_page
from quetsach_portal.campaigns.queries import root_of
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.participation.counting_limits import JoinAct, count_many
from quetsach_portal.participation.handouts.editions import count_public
from quetsach_portal.participation.models import JoinCode
from quetsach_portal.participation.queries import current
from quetsach_portal.participation.slips.pressing import SlipPress, is_slip, press
from quetsach_portal.publishing.folder import alone
from quetsach_portal.publishing.models import RefusedFile, SetAsideCount, SetAsideReason, TakenFile

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


class CountFileFlaw(StrEnum):
    """What is wrong with a file."""

    NAME = "name"
    NOT_A_FILE = "not-a-file"
    TOO_LARGE = "too-large"
    NOT_COUNTS = "not-counts"
    WRONG_VALUE = "wrong-value"


class RefusedCounts(Exception):
    """The file is not one that the plane writes."""

    def __init__(self, flaw: CountFileFlaw) -> None:
        super().__init__(flaw)
        self.flaw = flaw


class CountLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The count of `act` on `day` under `code`; `of` is the kind where the act has kinds."""

    act: str
    code: str
    day: date
    of: str
    count: int


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    counts: list[CountLine]


def read_count_file(path: Path, today: date) -> Sequence[CountLine]:
    """Return the counts in the file at `path`. Errors: RefusedCounts; OSError for what may pass."""
    check_place(path)
    return counts_in(_bytes_of(path), today)


def check_place(path: Path) -> None:
    """Look at the name and kind of `path` alone. Errors: RefusedCounts; OSError."""
    if not NAME.fullmatch(path.name):
        raise RefusedCounts(CountFileFlaw.NAME)
    if not stat.S_ISREG(path.lstat().st_mode):
        raise RefusedCounts(CountFileFlaw.NOT_A_FILE)


def counts_in(data: bytes, today: date) -> Sequence[CountLine]:
    """Return the counts in `data`. Errors: RefusedCounts for a single value that is wrong."""
    try:
        file = msgspec.json.decode(data, type=_File)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise RefusedCounts(CountFileFlaw.NOT_COUNTS) from error
    if file.version != 1 or len(file.counts) > MOST_ROWS:
        raise RefusedCounts(CountFileFlaw.NOT_COUNTS)
    right = all(_is_right(one, today) for one in file.counts)
    if not right or sum(one.count for one in file.counts) > MOST_OF_FILE:
        raise RefusedCounts(CountFileFlaw.WRONG_VALUE)
    return file.counts


def _is_right(line: CountLine, today: date) -> bool:
    return (
        line.act in _ACTS
        and _CODE.fullmatch(line.code) is not None
        and len(line.of) <= 80
        and line.of.isprintable()
        and 0 < line.count <= MOST_OF_FILE
        and today - OLDEST <= line.day <= today + timedelta(days=1)
    )


def _bytes_of(path: Path) -> bytes:
    # A link, a pipe or a device in the inbox is nothing that we follow or wait for.
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if error.errno in _NO_FILE:
            raise RefusedCounts(CountFileFlaw.NOT_A_FILE) from error
        raise
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise RefusedCounts(CountFileFlaw.NOT_A_FILE)
    with os.fdopen(handle, "rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise RefusedCounts(CountFileFlaw.TOO_LARGE)
    return data


MOST_CODES_A_DAY = 500
"""The most codes of a day that are set aside one by one: a script may invent any number."""

MOST_ASKED = 500
"""Codes, or rows, in one query."""

_REST = "…"

_Key: TypeAlias = tuple[date, str, str, SetAsideReason]
"""A day, a code as it was sent, an act, and why it moved no counter."""

_Place: TypeAlias = tuple[JoinCode | None, CampaignNode | None, SetAsideReason]
"""The code that counts and its node, or why there is none."""


def count_all(counts: Sequence[CountLine], hour: datetime) -> tuple[int, int]:
    """Return how many were counted and how many set aside. The caller holds the transaction.

    Cost: by row only for codes that are ours; all made-up codes of a file together are a few
    queries, however many there are.
    """
    counted, aside = 0, Counter[_Key]()
    places = _places({one.code.lower() for one in counts if not is_slip(one.code)})
    for line in counts:
        if is_slip(line.code):
            why = _press(line, hour)
            counted += why is None
            # The code of a slip is written nowhere, not even of one that counts for nobody.
            if over := line.count - (why is None):
                aside[line.day, "", line.act, why or SetAsideReason.OVER] += over
            continue
        code, node, why = places.get(line.code.lower(), (None, None, SetAsideReason.UNKNOWN))
        over = line.count if node is None else _count(line, code, node, hour)
        counted += line.count - over
        if over:
            aside[line.day, line.code, line.act, why] += over
    _keep_aside(aside)
    return counted, aside.total()


_WHY = {
    SlipPress.USED: SetAsideReason.OVER,
    SlipPress.REVOKED: SetAsideReason.ENDED,
    SlipPress.UNKNOWN: SetAsideReason.UNKNOWN,
    SlipPress.NOT_RUNNING: SetAsideReason.NOT_RUNNING,
}


def _press(line: CountLine, hour: datetime) -> SetAsideReason | None:
    """Press the slip of `line` once; return why it counts for nobody, None where it counted."""
    if line.act != JoinAct.JOINED:
        return SetAsideReason.UNKNOWN
    became = press(line.code, hour)
    return None if became is SlipPress.COUNTED else _WHY[became]


def _count(line: CountLine, code: JoinCode | None, node: CampaignNode, hour: datetime) -> int:
    """Return how many of `line` were above a cap."""
    over = count_many(node, code, JoinAct(line.act), day=line.day, hour=hour, many=line.count)
    if line.act == JoinAct.PULLED and line.of and line.count > over:
        count_public(node, line.of, line.day, line.count - over)
    return over


def _places(texts: set[str]) -> dict[str, _Place]:
    """Return where codes count, for those that are known at all."""
    places = {"": _without_code()} if "" in texts else {}
    named = JoinCode.objects.select_related("node__campaign", "node__unit")
    codes = sorted(texts - {""})
    for start in range(0, len(codes), MOST_ASKED):
        some = codes[start : start + MOST_ASKED]
        either = Q(code__in=some) | Q(short__in=[one.upper() for one in some])
        for code in named.filter(either):
            places[code.code] = places[code.short.lower()] = _place_of(code)
    return places


def _without_code() -> _Place:
    page = shown_page()
    if page is None:
        return None, None, SetAsideReason.NO_PAGE
    runs = page.campaign.state == CampaignState.LIVE
    return (
        None,
        root_of(page.campaign) if runs else None,
        SetAsideReason.OVER if runs else SetAsideReason.NOT_RUNNING,
    )


def _place_of(asked: JoinCode) -> _Place:
    code = current(asked)
    if code is None:
        return None, None, SetAsideReason.ENDED
    if code.node.campaign.state != CampaignState.LIVE:
        return None, None, SetAsideReason.NOT_RUNNING
    return code, code.node, SetAsideReason.OVER


def _keep_aside(aside: Mapping[_Key, int]) -> None:
    # The caller alone takes files (folder.alone), so nobody else adds to these rows.
    days = {day for day, _code, _act, _why in aside}
    rows = {
        (row.day, row.code, row.act, SetAsideReason(row.why)): row
        for row in SetAsideCount.objects.filter(day__in=days)
    }
    named = Counter(day for day, _code, _act, why in rows if why is SetAsideReason.UNKNOWN)
    fresh, changed = list[SetAsideCount](), dict[_Key, SetAsideCount]()
    for (day, code, act, why), many in aside.items():
        key = (day, code, act, why)
        if why is SetAsideReason.UNKNOWN and key not in rows:
            key = key if named[day] < MOST_CODES_A_DAY else (day, _REST, act, why)
            named[day] += 1
        aside_count = rows.get(key)
        if aside_count is None:
            aside_count = rows[key] = SetAsideCount(day=day, code=key[1], act=act, why=why)
            fresh.append(aside_count)
        elif aside_count.pk is not None:
            changed[key] = aside_count
        aside_count.count += many
    SetAsideCount.objects.bulk_create(fresh, batch_size=MOST_ASKED)
    SetAsideCount.objects.bulk_update(changed.values(), ["count"], batch_size=MOST_ASKED)


_logger = logging.getLogger(__name__)

MOST_AT_ONCE = 5_000
MOST_SET_ASIDE = 200
REMEMBERED = timedelta(days=60)
"""Longer than a file's days are taken: after that its counts would be refused anyway."""


def inbox() -> Path:
    """Return the folder into which the plane brings its counts."""
    folder = public_folder() / "inbox"
    folder.mkdir(exist_ok=True)
    return folder


def waiting() -> int:
    """Return how many files wait."""
    return sum(1 for path in inbox().iterdir() if not path.name.startswith("."))


def take_counts(work: RunningJob) -> None:
    """Import the inbox now."""
    take_all(on_file=work.renew)
    with work.finishing():
        TakenFile.objects.filter(taken_at__lt=timezone.now() - REMEMBERED).delete()


def take_all(on_file: object = None) -> int:
    """Import the files of the inbox, oldest first, and return how many were counted."""
    with alone("inbox"):
        # A file that is being written has a dot before its name until it is whole.
        paths = sorted(path for path in inbox().iterdir() if not path.name.startswith("."))
        counted = gone = 0
        for path in paths:
            counted += _take(path)
            gone += not os.path.lexists(path)
            if callable(on_file):
                on_file()
            if gone >= MOST_AT_ONCE:
                break
    return counted


def _take(path: Path) -> bool:
    """Return True when `path` was counted; a bad file does not stop those after it."""
    try:
        return _counted(path)
    except RefusedCounts as refused:
        _set_aside(path, refused.flaw)
    except (DataError, IntegrityError, UnicodeError):
        _logger.exception("A file of counts could not be counted")
        _set_aside(path, CountFileFlaw.WRONG_VALUE)
    except FileNotFoundError:
        return False
    except OSError:
        # Too many open files, a disk that answers late: the file is looked at again next time.
        _logger.exception("A file of counts could not be read")
    return False


def _counted(path: Path) -> bool:
    check_place(path)
    if TakenFile.objects.filter(pk=path.name).exists():
        path.unlink(missing_ok=True)
        return False
    count_file(path.name, read_count_file(path, timezone.localdate()))
    path.unlink(missing_ok=True)
    return True


def count_file(name: str, counts: Sequence[CountLine]) -> None:
    """Count the file called `name`; its name and its counts are written together or not at all."""
    with transaction.atomic():
        row = TakenFile.objects.create(name=name)
        row.counted, row.kept_aside = count_all(counts, _hour_of(name))
        row.save(update_fields=["counted", "kept_aside"])


def _hour_of(name: str) -> datetime:
    # The plane's clock, but never ahead of ours: an hour to come would hold up all until then.
    written = datetime.fromtimestamp(int(name[:20]) / 1_000_000_000, tz=UTC)
    return min(written, timezone.now()).replace(minute=0, second=0, microsecond=0)


def _set_aside(path: Path, flaw: CountFileFlaw) -> None:
    """Set a malformed file aside, out of the reach of the plane, for a person to review.

    A file that cannot be moved stays in place and is reported as well.
    """
    folder: Path = settings.QUETSACH.home / "public-refused"
    name = "".join(sign if sign.isprintable() else "?" for sign in path.name)[:255]
    RefusedFile.objects.get_or_create(name=name, defaults={"reason": flaw.value})
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if sum(1 for _one in folder.iterdir()) >= MOST_SET_ASIDE and not path.is_dir():
            path.unlink(missing_ok=True)
            return
        path.rename(folder / f"{secrets.token_hex(8)}.refused")
    except OSError:
        _logger.exception("A refused file of counts could not be moved")
