"""The plan: every evidence file, how it is read, and the splits it is scanned in."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path
from typing import Literal

from quetsach.clocks import MICROSECONDS, Zone
from quetsach.containers.refusal import DamagedDataError
from quetsach.containers.streams import Codec
from quetsach.errors.exceptions import Problem
from quetsach.evidence.beginnings import head_digest
from quetsach.evidence.digests import PIECE_BYTES as DIGEST_BYTES
from quetsach.evidence.find import EvidenceFile, RenderedFrom, capture_time
from quetsach.evidence.line_ends import LineEnds, rewritten
from quetsach.evidence.lines import PIECE_BYTES
from quetsach.evidence.storage import HEAD_BYTES as STORED_HEAD_BYTES
from quetsach.evidence.storage import RemoteFile
from quetsach.formats.contract import Format, LogLayout
from quetsach.formats.registry import FALL_BACK, by_name
from quetsach.scanning.declared_sources import DeclaredSource, patterns_unmet, source_for
from quetsach.scanning.grades import is_unknown
from quetsach.scanning.heads import (
    FULL_HEADS,
    SAMPLED_FORMS,
    FileSetAside,
    HeadFacts,
    KnownKinds,
    head_of,
    kind_name,
)

LONGEST_SPAN_US = 183 * 86_400 * MICROSECONDS
"""How much later than all dated evidence a log without years may lie before it is doubted."""

LOOKED_AT = 24
"""In so many first lines the first time of a file is looked for."""

HEAD_LINES = 200
"""How many first lines of a file are parsed in full, so that a misread log never looks clean."""

FEW_HEAD_LINES = 2
"""So many are of each further file of a kind, and all where these look odd."""

SAMPLED_BYTES = 4_000_000
"""In a file of more bytes all are parsed at once: to read it anew where it looks odd costs more."""

REPLIES_AMONG = frozenset({"dnsmasq"})
"""Forms in which half of the lines are replies, which name no client."""

MORE_HEAD_LINES = 10
"""So many are of such a form: seldom are all of these replies, which would look odd."""

HEADER_LINES = 8
"""So many more where the form puts a header before its records."""

_YEARLESS = re.compile(rb"(?m)^(?:<\d{1,3}>)?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d ")


@dataclass(frozen=True)
class YearSource:
    """What told the year of lines that leave it out, and the file that told it.

    Shapes: `kind` is `declared` (by a person), `name` (a date in its own name), `neighbour` (a file
    of known form whose lines are dated in full) or `file-date`, when it was last changed: a copy
    may be years younger.
    """

    kind: Literal["declared", "name", "neighbour", "file-date"]
    path: str

    @property
    def is_guess(self) -> bool:
        """Whether nothing but the file system told it."""
        return self.kind == "file-date"


@dataclass(frozen=True)
class Split:
    """A part of one file: what a worker scans at a time, in plain values.

    Units: `offset`, `length` and `file_size` in bytes of the file as it lies there. `head_lines` of
    the file's first lines are parsed in full.
    """

    file: int
    shown: str
    location: Path
    codec: Codec
    format: str
    layout: LogLayout
    offset: int
    length: int
    file_size: int
    line_ends: LineEnds = LineEnds.NEWLINE
    declared: DeclaredSource | None = None
    head_lines: int = HEAD_LINES
    stored: RemoteFile | None = None

    def read_here(self) -> "Split":
        """Return it as it is read on this machine: what was copied whole is not fetched again."""
        is_whole_here = self.stored is not None and self.file_size <= STORED_HEAD_BYTES
        return replace(self, stored=None) if is_whole_here else self

    @property
    def ends_the_text(self) -> bool:
        """Whether no other split of the file follows: its digest then reaches the end."""
        return self.codec is not Codec.PLAIN or self.offset + self.length >= self.file_size

    def own_pieces(self, pieces: list[bytes]) -> list[bytes]:
        """Return those of `pieces`, the digest's from the split's first on, that end in it."""
        end = self.offset + self.length
        if self.ends_the_text:
            return pieces
        return pieces[: end // DIGEST_BYTES - self.offset // DIGEST_BYTES]


@dataclass(frozen=True)
class PlannedFile:
    """One file that will be read, and how; `yearless` says that its lines leave the year out.

    With `origin` its lines are the rendering of that file; `declared` holds of it. `dated_by_name`
    says that a date in its name, to which a zone was applied, gives times to its lines; `head` is
    the digest of its first line (evidence/beginnings.py).
    """

    shown: str
    location: Path
    size: int
    codec: Codec
    format: str
    layout: LogLayout
    yearless: bool = False
    origin: RenderedFrom | None = None
    line_ends: LineEnds = LineEnds.NEWLINE
    year_source: YearSource | None = None
    declared: DeclaredSource | None = None
    dated_by_name: bool = False
    stored: RemoteFile | None = None
    head: str = ""


@dataclass(frozen=True)
class _Planned:
    """A planned file, and the zone that holds where its lines name none."""

    file: PlannedFile
    zone: Zone

    @property
    def wants_neighbour(self) -> bool:
        """Whether only a file of known form beside it may tell the year of its lines."""
        layout = self.file.layout
        told = layout.taken_from_name or _tells_year(self.file.declared)
        return self.file.yearless and layout.taken_us is not None and not told

    def first_us(self) -> int | None:
        """Return the first time that the head writes out in full; what vanished has none."""
        if self.file.layout.needs_date or self.file.format == FALL_BACK:
            # What is only guessed in a file of unknown format dates no other file.
            return None
        try:
            head = rewritten(head_of(self.file.location, self.file.codec), self.file.line_ends)
        except (OSError, DamagedDataError):
            return None
        # A line of unknown form among others dates no other file either.
        times = _times(by_name(self.file.format), self.file.layout, head, self.zone)
        return next(iter(times), None)


@dataclass(frozen=True)
class Plan:
    """What will be read, and what was found unreadable before it began."""

    files: tuple[PlannedFile, ...]
    problems: tuple[Problem, ...]
    set_aside: tuple[FileSetAside, ...] = ()

    def splits(self, piece_bytes: int = PIECE_BYTES) -> Iterator[Split]:
        """Yield the splits in order; they do not depend on the engine or its workers."""
        of_kind: Counter[tuple[object, ...]] = Counter()
        for number, file in enumerate(self.files):
            kind = _kind_of(file)
            of_kind[kind] += 1
            is_first = of_kind[kind] <= FULL_HEADS
            is_full = is_first or file.size > SAMPLED_BYTES or file.format not in SAMPLED_FORMS
            few = MORE_HEAD_LINES if file.format in REPLIES_AMONG else FEW_HEAD_LINES
            few += HEADER_LINES if file.layout.header else 0
            yield from splits_of(number, file, piece_bytes, HEAD_LINES if is_full else few)


def _kind_of(file: PlannedFile) -> tuple[object, ...]:
    """Return what files of one kind share: folder, name but for its figures, form and layout."""
    layout = file.layout
    return (
        kind_name(file.shown),
        file.format,
        layout.dataset,
        layout.columns,
        file.codec,
        file.declared,
    )


def make_plan(
    files: Sequence[EvidenceFile],
    problems: Sequence[Problem],
    zone: Zone = UTC,
    sources: Sequence[DeclaredSource] = (),
) -> Plan:
    """Return the plan for `files`; what cannot be read becomes a problem and stays out.

    `zone` is that of a date in a file's name, unless `sources` declare another for the file.
    """
    planned: list[_Planned] = []
    all_problems = [*problems, *patterns_unmet(sources, [file.shown for file in files])]
    set_aside: list[FileSetAside] = []
    kinds = KnownKinds()
    for file in files:
        outcome = _plan_file(file, zone, source_for(file.shown, sources), kinds)
        if isinstance(outcome, Problem):
            all_problems.append(outcome)
            continue
        if isinstance(outcome, FileSetAside):
            set_aside.append(outcome)
            continue
        planned.append(outcome)
    newest = _newest(planned) if any(one.wants_neighbour for one in planned) else None
    return Plan(
        tuple(_in_its_year(one.file, newest) for one in planned),
        tuple(all_problems),
        tuple(set_aside),
    )


def _newest(planned: Sequence[_Planned]) -> tuple[int, str] | None:
    """Return the latest of the first times of all files, and the first file that has it."""
    newest: tuple[int, str] | None = None
    for one in planned:
        first_us = one.first_us()
        if first_us is not None and (newest is None or first_us > newest[0]):
            newest = first_us, one.file.shown
    return newest


def _in_its_year(file: PlannedFile, newest: tuple[int, str] | None) -> PlannedFile:
    """Return a file of lines without year as of the time that its neighbours tell.

    A copied file has the time of its copying: a log of last year's would be taken for this year's.
    """
    layout = file.layout
    if not file.yearless or layout.taken_us is None:
        return file
    if _tells_year(file.declared):
        return replace(file, year_source=YearSource("declared", file.shown))
    if layout.taken_from_name:
        return replace(file, year_source=YearSource("name", file.shown))
    if newest is None:
        return replace(file, year_source=YearSource("file-date", file.shown))
    latest = min(layout.taken_us, newest[0] + LONGEST_SPAN_US)
    dated = replace(layout, taken_us=latest)
    return replace(file, layout=dated, year_source=YearSource("neighbour", newest[1]))


def _tells_year(declared: DeclaredSource | None) -> bool:
    return declared is not None and (declared.year is not None or bool(declared.taken))


def splits_of(
    number: int, file: PlannedFile, piece_bytes: int = PIECE_BYTES, head_lines: int = HEAD_LINES
) -> Iterator[Split]:
    """Yield the splits of one file: pieces of a plain one, else the whole.

    A packed file can only be read from its start; records of several lines must not be cut, nor a
    line end of several bytes.
    """
    whole = file.codec is not Codec.PLAIN or file.layout.record is not None
    whole |= file.line_ends is LineEnds.SEPARATOR
    step = file.size if whole else piece_bytes
    if file.stored is not None:
        # What lies between the beginning of a piece of the digest and a split is not fetched twice.
        step = max(step // DIGEST_BYTES, 1) * DIGEST_BYTES if not whole else step
    for offset in range(0, file.size, step):
        yield Split(
            file=number,
            shown=file.shown,
            location=file.location,
            codec=file.codec,
            format=file.format,
            layout=file.layout,
            offset=offset,
            length=min(step, file.size - offset),
            file_size=file.size,
            line_ends=file.line_ends,
            declared=file.declared,
            head_lines=head_lines,
            stored=file.stored,
        )


def _plan_file(
    file: EvidenceFile, zone: Zone, declared: DeclaredSource | None, kinds: KnownKinds
) -> _Planned | Problem | FileSetAside:
    begins = kinds.told_by_head(file)
    if not isinstance(begins, HeadFacts):
        return begins
    zone = zone if declared is None else declared.zone_or(zone)
    layout = begins.layout
    if file.origin is not None and file.origin.ours:
        layout = replace(layout, ours=True)
    yearless = False
    if layout.needs_date:
        taken_us, from_name = capture_time(file.shown, begins.modified_s, zone)
        layout = replace(layout, taken_us=taken_us, taken_from_name=from_name)
        yearless = _leaves_out_years(begins.form, layout, begins.head, zone)
    layout = _as_declared(layout, declared, zone, yearless=yearless)
    planned = PlannedFile(
        file.shown,
        file.location,
        file.size,
        begins.codec,
        begins.form.name,
        layout,
        yearless,
        file.origin,
        begins.ends,
        declared=declared,
        dated_by_name=layout.needs_date
        and layout.taken_from_name
        and not (declared is not None and declared.taken),
        stored=file.stored,
        head=head_digest(begins.head),
    )
    return _Planned(planned, zone)


def _as_declared(
    layout: LogLayout, declared: DeclaredSource | None, zone: Zone, *, yearless: bool
) -> LogLayout:
    """Return `layout` as of the time at which the log was taken, where that is declared."""
    taken_us = None if declared is None else declared.taken_us(zone)
    if declared is None or taken_us is None:
        return layout
    # A year alone says nothing of a listing without any time, which is of one moment.
    applies = (layout.needs_date or layout.taken_us is None) if declared.taken else yearless
    from_name = bool(declared.taken) or layout.taken_from_name
    return replace(layout, taken_us=taken_us, taken_from_name=from_name) if applies else layout


_TAKEN_ONCE_US = 1_640_822_400 * MICROSECONDS
_TAKEN_AGAIN_US = 1_718_409_600 * MICROSECONDS
"""2021-12-30 and 2024-06-15 UTC: not whole years apart."""


def _leaves_out_years(form: Format, layout: LogLayout, head: bytes, zone: Zone) -> bool:
    """Return whether lines have a date without its year: not all that they lack is a time."""
    if _YEARLESS.search(head) is not None:
        return True
    once, again = (
        _times(form, replace(layout, taken_us=taken_us), head, zone)
        for taken_us in (_TAKEN_ONCE_US, _TAKEN_AGAIN_US)
    )
    apart = _TAKEN_AGAIN_US - _TAKEN_ONCE_US
    return len(once) == len(again) and any(
        later - earlier not in (0, apart) for earlier, later in zip(once, again, strict=True)
    )


def _times(form: Format, layout: LogLayout, head: bytes, zone: Zone) -> list[int]:
    """Return the times of the first lines, but for those of a form that is only guessed."""
    lines = [(0, line) for line in head.split(b"\n", LOOKED_AT)[:LOOKED_AT]]
    events = form.parse(lines, layout, zone).events
    times = (event.get("@timestamp") for _, event in events if not is_unknown(event))
    return [when for when in times if when is not None]
