"""A release: one version of a set of indicators as one file, read back exactly as it was written.

Shapes: JSON Lines in UTF-8. The first line is the header, with the digest of all lines behind it;
then one line an indicator, sorted by key and kind, with all its data. Empty fields are left out.
A last line `{"signature": ...}` may follow; it is no part of the content.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec
from msgspec import Struct

from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.indicators.dates import status_at, us_of
from quetsach.indicators.model import IndicatorSet, ListReading, Refusal
from quetsach.indicators.options import RefusalReason
from quetsach.indicators.releases.lines import (
    UNREADABLE,
    ReleaseEntry,
    decode_entry,
    encode_line,
    line_of,
)
from quetsach.texts import _

FORMAT = "quetsach-release/1"
MARK = b'{"format":"quetsach-release/'
SIGNATURE_MARK = b'{"signature":'
DIGITS = 16
"""How many hex digits of its digest name a release."""


@dataclass(frozen=True)
class Release:
    """A version of a set of indicators; `entries` are unique, sorted by key and kind.

    Shapes: `created` is ISO 8601 with offset; `previous` the digest of the version before, or "".
    """

    created: str
    entries: tuple[ReleaseEntry, ...]
    title: str = ""
    campaign: str = ""
    previous: str = ""
    readings: tuple[ListReading, ...] = ()

    @cached_property
    def indicator_set(self) -> IndicatorSet:
        """The set to match; indicators dropped by decision are among its refusals."""
        return IndicatorSet(
            tuple(
                release_entry.indicator
                for release_entry in self.entries
                if not release_entry.dropped
            ),
            tuple(
                Refusal(origin, RefusalReason.DECIDED)
                for release_entry in self.entries
                if release_entry.dropped
                for origin in release_entry.indicator.origins
            ),
            self.readings,
        )


class _Problem(Struct):
    code: str
    where: str
    facts: dict[str, Any] = {}


class _List(Struct, omit_defaults=True):
    name: str
    sha256: str
    form: str
    column: str = ""
    rows: int = 0
    taken: int = 0
    refused: int = 0
    problems: tuple[_Problem, ...] = ()


class _Header(Struct):
    format: str
    title: str
    campaign: str
    created: str
    previous: str
    count: int
    by_status: dict[str, int]
    dropped: int
    set_digest: str
    lines_sha256: str
    lists: tuple[_List, ...]


_HEADER = msgspec.json.Decoder(_Header)


def release_bytes(release: Release) -> bytes:
    """Return `release` as the bytes of its file; the same release gives the same bytes."""
    lines = b"".join(line_of(release_entry) for release_entry in release.entries)
    kept = [
        release_entry.indicator for release_entry in release.entries if not release_entry.dropped
    ]
    at = us_of(release.created) or 0
    statuses = Counter(status_at(release_entry.claim, at).value for release_entry in kept)
    header = _Header(
        format=FORMAT,
        title=release.title,
        campaign=release.campaign,
        created=release.created,
        previous=release.previous,
        count=len(kept),
        by_status=dict(sorted(statuses.items())),
        dropped=len(release.entries) - len(kept),
        set_digest=release.indicator_set.digest,
        lines_sha256=hashlib.sha256(lines).hexdigest(),
        lists=tuple(map(_list, release.readings)),
    )
    return encode_line(header) + lines


def content_of(raw: bytes) -> bytes:
    """Return the bytes of a release before its signatures: what its digest is made from."""
    end = raw.find(b"\n" + SIGNATURE_MARK)
    return raw if end < 0 else raw[: end + 1]


def digest_of(raw: bytes) -> str:
    """Return the digest that names a release, signed or not: SHA-256 of its content, in hex."""
    return hashlib.sha256(content_of(raw)).hexdigest()


def read_release(raw: bytes, where: str) -> Release:
    """Return the release in the bytes `raw` of the file `where`.

    Errors: E220 when it is none, or was changed or cut off.
    """
    try:
        header = _header(raw)
        release = _from_header(header, tuple(decode_entry(line) for _number, line in lines_of(raw)))
    except UNREADABLE as error:
        raise QuetsachError("E220", where, reason=str(error)) from error
    problem = release_problem(raw, where)
    if problem is not None:
        raise QuetsachError(problem.code, where, **problem.facts)
    return release


def release_problem(raw: bytes, where: str) -> Problem | None:
    """Return what is wrong with the release `raw` as a whole, or None."""
    try:
        header = _header(raw)
    except UNREADABLE as error:
        return Problem("E220", where, {"reason": str(error)})
    lines = content_of(raw).partition(b"\n")[2]
    if hashlib.sha256(lines).hexdigest() != header.lines_sha256:
        reason = _("its lines were changed or truncated after it was written")
        return Problem("E220", where, {"reason": reason})
    return None


def lines_of(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Return the lines of indicators in the release `raw`, with their numbers in the file."""
    for number, line in enumerate(content_of(raw).split(b"\n")[1:], start=2):
        if line:
            yield number, line


def _header(raw: bytes) -> _Header:
    if not raw.startswith(MARK):
        raise ValueError(_("it does not begin like a release"))
    header = _HEADER.decode(content_of(raw).partition(b"\n")[0])
    if header.format != FORMAT:
        raise ValueError(header.format)
    return header


def _from_header(header: _Header, entries: tuple[ReleaseEntry, ...]) -> Release:
    return Release(
        created=header.created,
        entries=entries,
        title=header.title,
        campaign=header.campaign,
        previous=header.previous,
        readings=tuple(map(_reading, header.lists)),
    )


def _list(reading: ListReading) -> _List:
    return _List(
        reading.list_name,
        reading.sha256,
        reading.form,
        reading.column,
        reading.rows,
        reading.taken,
        reading.refused,
        tuple(
            _Problem(problem.code, problem.where, dict(problem.facts))
            for problem in reading.problems
        ),
    )


def _reading(written: _List) -> ListReading:
    return ListReading(
        written.name,
        written.sha256,
        written.form,
        written.column,
        written.rows,
        written.taken,
        written.refused,
        tuple(Problem(problem.code, problem.where, problem.facts) for problem in written.problems),
    )
