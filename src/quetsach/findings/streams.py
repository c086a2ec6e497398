"""The streams of a sweep: each log as a stretch of a text, by which a ledger knows it again."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import MAXYEAR, MINYEAR, datetime
from pathlib import PurePath
from typing import Annotated, Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from quetsach.errors.exceptions import QuetsachError
from quetsach.evidence.beginnings import KnownText
from quetsach.findings.coverage import SourceCoverage
from quetsach.findings.folder import SIGHTINGS, Findings, unread_table
from quetsach.scanning.grades import SightingGrade

MOST_STREAMS = 100_000

_NUMBER = re.compile("[0-9a-f]{16}")

_Digest = Annotated[str, msgspec.Meta(max_length=64, pattern="^[0-9a-f]*$")]
_Count = Annotated[int, msgspec.Meta(ge=0, le=1 << 53)]
_PACKED = (".gz", ".zst", ".xz", ".bz2", ".zip")


def streams_json(sources: Iterable[SourceCoverage]) -> list[dict[str, Any]]:
    """Return the streams as the manifest has them: where each begins and ends, and its chain."""
    return [
        {
            "path": one.path,
            "kind": one.dataset,
            "head": one.head,
            "chain": one.chain,
            "from": one.part_from or 0,
            "to": one.text_bytes,
            **_compared(one),
        }
        for one in sources
        if one.links and not one.is_set_aside
    ]


def _compared(source: SourceCoverage) -> dict[str, Any]:
    """Return the longest earlier text that it begins with, and those that it does not."""
    longest = max(source.begins_with, key=lambda one: one.length, default=None)
    others = [one for one in source.compared_with if one not in source.begins_with]
    told = {"begins_with": [] if longest is None else [longest], "differs_from": others}
    return {
        name: [{"chain": one.chain, "to": one.length} for one in texts]
        for name, texts in told.items()
        if texts
    }


class TextEnd(msgspec.Struct, frozen=True):
    """An earlier text by its chain in hex and its length in bytes, unpacked."""

    chain: _Digest
    to: _Count


class _Written(msgspec.Struct, frozen=True):
    path: str
    kind: str
    head: _Digest
    chain: _Digest
    to: _Count
    begins_with: tuple[TextEnd, ...] = ()
    differs_from: tuple[TextEnd, ...] = ()


class _Covered(msgspec.Struct, frozen=True):
    path: str
    dataset: str
    lines: _Count
    sightings: _Count
    hours: dict[str, _Count] = {}
    first: datetime | None = None
    chain: _Digest = ""
    blake3: _Digest | None = None
    sha256: _Digest | None = None
    duplicate_of: str | None = None
    set_aside: bool = False
    shared_with: str | None = None
    shared_sightings: _Count = 0


class StreamLog(msgspec.Struct, frozen=True):
    """A log as one sweep read it.

    Shapes: `numbers` are those of its sightings but for lines to look at, each 16 hex digits;
    `digests` are all that are known of the text or the file. Findings of earlier versions tell
    neither `head` nor `to`: "" and 0. `days` are its lines by local day, in ISO 8601. Units: `to`
    in bytes, unpacked.
    """

    path: str
    kind: str
    head: str
    chain: str
    to: int
    lines: int
    first: datetime | None
    digests: tuple[str, ...]
    begins_with: tuple[TextEnd, ...] = ()
    differs_from: tuple[TextEnd, ...] = ()
    numbers: frozenset[str] = frozenset()
    days: Mapping[str, int] = {}

    @property
    def name(self) -> str:
        """The name of the file, without that of its packing."""
        name = PurePath(self.path).name
        return next((name.removesuffix(end) for end in _PACKED if name.endswith(end)), name)


def streams_of(findings: Findings) -> list[StreamLog]:
    """Return the logs of a sweep, in its order. Errors: E305 where the folder is damaged."""
    where = str(findings.folder)
    try:
        covered = msgspec.convert(findings.coverage.get("sources"), list[_Covered])
        written = msgspec.convert(findings.manifest.get("streams", []), list[_Written])
    except msgspec.ValidationError as error:
        raise QuetsachError("E305", where, reason=str(error)[:200]) from error
    if max(len(covered), len(written)) > MOST_STREAMS:
        raise QuetsachError("E305", where, reason="streams")
    by_path = {one.path: one for one in written}
    numbers = _numbers(findings, covered)
    return [
        _log(one, by_path.get(one.path), numbers.get(one.duplicate_of or one.path, frozenset()))
        for one in covered
        if not one.set_aside
    ]


def _log(source: _Covered, stream: _Written | None, numbers: frozenset[str]) -> StreamLog:
    digests = tuple(filter(None, (source.chain, source.blake3, source.sha256)))
    of_stream: dict[str, Any] = {}
    if stream is not None and stream.chain == source.chain:
        of_stream = {
            "head": stream.head,
            "to": stream.to,
            "begins_with": stream.begins_with,
            "differs_from": stream.differs_from,
        }
    fields = {"head": "", "to": 0, **of_stream}
    return StreamLog(
        path=source.path,
        kind=source.dataset,
        chain=source.chain,
        lines=source.lines,
        first=_moment(source.first),
        digests=digests,
        numbers=numbers,
        days=_days(source.hours),
        **fields,
    )


def _moment(when: datetime | None) -> datetime | None:
    """Return a time that every zone can write; None for one that no sweep writes."""
    is_told = when is not None and when.tzinfo is not None and MINYEAR < when.year < MAXYEAR
    return when if is_told else None


def _days(hours: Mapping[str, int]) -> Counter[str]:
    days: Counter[str] = Counter()
    for hour, lines in hours.items():
        days[hour[:10]] += lines
    return days


def _numbers(findings: Findings, sources: Sequence[_Covered]) -> Mapping[str, frozenset[str]]:
    """Return the numbers of the sightings in each file, with those that another one counts."""
    rows: dict[str, list[tuple[int, str]]] = {}
    for number, path, offset, grade in _rows(findings):
        if grade != SightingGrade.MENTIONED:
            rows.setdefault(path, []).append((offset, number))
    shared = [one for one in sources if one.shared_with]
    own = {path: frozenset(number for _offset, number in found) for path, found in rows.items()}
    for source in shared:
        first = sorted(rows.get(source.shared_with or "", ()))[: source.shared_sightings]
        numbers = own.get(source.path, frozenset())
        own[source.path] = numbers | {number for _offset, number in first}
    return own


_ASKED = ("quetsach.sighting.id", "log.file.path", "log.offset", "quetsach.grade")


def _rows(findings: Findings) -> Iterable[tuple[str, str, int, str]]:
    path = findings.folder / SIGHTINGS
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(columns=list(_ASKED)):
                columns = (batch.column(name).to_pylist() for name in _ASKED)
                for number, shown, offset, grade in zip(*columns, strict=True):
                    yield _plain_number(number or ""), shown or "", offset or 0, grade or ""
    except (pa.ArrowException, KeyError, OSError) as error:
        raise unread_table(path, error) from error


def _plain_number(number: str) -> str:
    """Return the number, one of the same length where a stranger's is none."""
    if _NUMBER.fullmatch(number):
        return number
    return hashlib.blake2b(number.encode(), digest_size=8).hexdigest()


def known_texts_of(findings: Findings) -> list[KnownText]:
    """Return the texts that a sweep read to their ends, for a later one. Errors: E305."""
    streams = streams_of(findings)
    return [KnownText(one.head, one.to, one.chain) for one in streams if one.head and one.to]
