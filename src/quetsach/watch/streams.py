"""One followed text: what it grew by since the last round, and how it goes on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from quetsach.clocks import MICROSECONDS
from quetsach.containers.streams import Codec
from quetsach.errors.exceptions import Problem
from quetsach.evidence.digests import PIECE_BYTES, blake3_each
from quetsach.evidence.find import EvidenceFile, printable_path
from quetsach.evidence.line_ends import LineEnds
from quetsach.evidence.storage import ShrunkError
from quetsach.formats.contract import HEAD_BYTES, LogLayout, relayout
from quetsach.formats.registry import by_name
from quetsach.scanning.declared_sources import DeclaredSource
from quetsach.scanning.heads import FileSetAside
from quetsach.scanning.job import WorkerTools
from quetsach.scanning.line_outcomes import LineCounts
from quetsach.scanning.log_signs import FormCounts
from quetsach.scanning.plan import HEAD_LINES, PlannedFile, Split, make_plan
from quetsach.sieve.contract import LineClock
from quetsach.watch.chunks import ScannedChunk, scan_chunk
from quetsach.watch.growing_digest import GrowingDigest, resumed
from quetsach.watch.state import Stream, StreamState
from quetsach.watch.texts import BEFORE_BYTES, CHUNK_BYTES, GrowingText, WholeLines

PATIENCE_S = 0.5
"""About so long a round lasts: what comes meanwhile is told no later."""

LEAST_CHUNK, FIRST_CHUNK = 1 << 16, 1 << 19

MOST_HEADERS = 200
"""So many headers of one text are kept; a log has a few at each start of its program."""


@dataclass(frozen=True)
class TextStep:
    """What a round found in one text.

    `stream` is as it is then. With `is_anew` it was read from its beginning, as its form became
    clear; with `from_place` what stood from there on is replaced, as its last line went on.
    `is_year_guessed` says that its lines leave out the year, and only the file's age tells it.
    """

    stream: Stream
    chunk: ScannedChunk
    planned: PlannedFile
    is_anew: bool = False
    from_place: int | None = None
    is_year_guessed: bool = False


class ReplacedError(Exception):
    """The file holds another text than the one that was read."""


class LiveStream:
    """A stream whose file is open; `take` what a step found once it is kept."""

    def __init__(self, stream: Stream, text: GrowingText, location: Path) -> None:
        self.stream, self.text, self.location = stream, text, location
        self._planned: PlannedFile | None = None
        self._layout: LogLayout | None = None
        self._digest: GrowingDigest | None = None
        # Grows at once where it is quick.
        self._most = min(FIRST_CHUNK, CHUNK_BYTES)

    def forget(self) -> None:
        """Forget what was not kept; it is read again."""
        self._digest = self._layout = self._planned = None

    def take(self, step: TextStep) -> None:
        """Go on from where `step` ended."""
        self.stream = step.stream
        self._layout = step.chunk.result.layout

    def lag(self) -> int:
        """Return how many bytes are not read yet. Errors: OSError."""
        return max(self.text.status().st_size - self.stream.cursor, 0)

    def step(self, tools: WorkerTools, *, to_end: bool = False) -> TextStep | None:
        """Return what the text grew by, None where no further line is whole.

        With `to_end` a last line without end is read as it is; it is read again if it goes on.
        Errors: ReplacedError; OSError.
        """
        status = self.text.status()
        stream = replace(self.stream, size=status.st_size, mtime_ns=status.st_mtime_ns)
        self._check(stream)
        if stream.open_line:
            if stream.size <= stream.cursor:
                return None
            stream, from_place = _before_open_line(stream), stream.open_line["cursor"]
            self._digest = self._layout = None
        else:
            from_place = None
        is_anew = self._plan(stream, tools)
        if is_anew:
            stream = _anew(stream)
        lines = self.text.whole_lines(stream.cursor, stream.size, to_end=to_end, most=self._most)
        if not lines.length:
            return None
        try:
            chunk = self._scan(stream, lines, tools)
        except ShrunkError as error:
            self.forget()
            raise ReplacedError from error
        behind = self._behind(stream, lines, chunk)
        # Between its size and its bytes it may have been cut off and written anew.
        if self.text.status().st_size < behind.cursor:
            self.forget()
            raise ReplacedError
        planned = self._planned
        assert planned is not None, "it was scanned"
        year = planned.year_source
        is_guessed = year is not None and year.is_guess
        return TextStep(behind, chunk, planned, is_anew, from_place, is_guessed)

    def choose_most(self, took_s: float) -> None:
        """Take less the next time where a round took longer than PATIENCE_S, else more."""
        fitting = int(self._most * PATIENCE_S / max(took_s, 0.001))
        if took_s > PATIENCE_S:
            self._most = max(fitting, min(LEAST_CHUNK, self._most))
        else:
            self._most = min(max(fitting // 2, self._most), CHUNK_BYTES)

    def digest_here(self) -> GrowingDigest:
        """Return another digest of the text up to the cursor. Errors: OSError."""
        cursor = self.stream.cursor
        text = self.text.pieces(cursor - cursor % PIECE_BYTES, cursor)
        return resumed(cursor, self.stream.link, text)

    def signs(self) -> tuple[LineClock | None, str, DeclaredSource | None]:
        """Return where a line has its client, its form, and what was declared of the text."""
        if self._planned is None or self._layout is None:
            return None, "", None
        return self._layout.clock, self._planned.format, self._planned.declared

    def early(
        self, place: int, line: bytes, digest: GrowingDigest, tools: WorkerTools
    ) -> Sequence[pa.RecordBatch]:
        """Return the sightings in a line that is not read yet; `digest` stands at it, then behind.

        Nothing of it is kept: the line is read in its turn. Errors: OSError.
        """
        if self._planned is None or self._layout is None:
            return ()
        split = self._split(self.stream, self._layout, place, len(line))
        return scan_chunk(split, (line,), digest, tools, HEAD_LINES).rows

    def _check(self, stream: Stream) -> None:
        """Raise ReplacedError where what stands before the cursor is not what was read there."""
        if stream.size < stream.cursor:
            raise ReplacedError
        if stream.cursor:
            place = max(stream.cursor - BEFORE_BYTES, 0)
            if _digest_of(self.text.read(place, stream.cursor - place)) != stream.before:
                raise ReplacedError

    def _plan(self, stream: Stream, tools: WorkerTools) -> bool:
        """Find out the form of the text; return whether what was read is to be read anew.

        The form is told by the first 64 KiB: until they are there, it may turn out to be another.
        """
        if self._planned is not None and stream.cursor >= HEAD_BYTES:
            return False
        planned = plan_of(self.location, stream.path, stream.size, tools)
        if isinstance(planned, PlannedFile):
            form = form_of(planned)
            self._planned = planned
            if 0 < stream.cursor < HEAD_BYTES and form != stream.form:
                self._layout, self._digest = planned.layout, None
                return True
            if self._layout is None:
                self._layout = _layout_behind(planned, stream.headers)
        elif self._planned is None:
            raise OSError(planned.what() if isinstance(planned, Problem) else planned.kind)
        return False

    def _scan(self, stream: Stream, lines: WholeLines, tools: WorkerTools) -> ScannedChunk:
        planned, layout = self._planned, self._layout
        assert planned is not None
        assert layout is not None, "it was planned"
        if self._digest is None or self._digest.place != stream.cursor:
            begin = stream.cursor - stream.cursor % PIECE_BYTES
            text = self.text.pieces(begin, stream.cursor)
            self._digest = resumed(stream.cursor, stream.link, text)
        is_told = planned.year_source is not None and not planned.year_source.is_guess
        if layout.taken_us is not None and not layout.taken_from_name and not is_told:
            # It was written until now: that tells the year of lines that leave it out.
            layout = replace(layout, taken_us=stream.mtime_ns // 1000)
        end = lines.place + lines.length
        split = self._split(stream, layout, lines.place, lines.length)
        is_all = len(lines.start) == lines.length
        pieces = (lines.start,) if is_all else self.text.pieces(lines.place, end)
        return scan_chunk(split, pieces, self._digest, tools, stream.lines)

    def _split(self, stream: Stream, layout: LogLayout, place: int, length: int) -> Split:
        planned = self._planned
        assert planned is not None, "it was planned"
        return Split(
            file=stream.number,
            shown=printable_path(stream.path),
            location=self.location,
            codec=Codec.PLAIN,
            format=planned.format,
            layout=layout,
            offset=place,
            length=length,
            file_size=place + length,
            line_ends=planned.line_ends,
            declared=planned.declared,
        )

    def _behind(self, stream: Stream, lines: WholeLines, chunk: ScannedChunk) -> Stream:
        digest, planned = self._digest, self._planned
        assert digest is not None
        assert planned is not None, "it was scanned"
        before = dict(stream.counts)
        forms = FormCounts(**before.pop("forms", {}))
        forms.add(chunk.result.forms)
        counts = LineCounts(**before)
        counts.add(chunk.result.counts)
        end = lines.place + lines.length
        last = self.text.read(max(end - BEFORE_BYTES, 0), min(end, BEFORE_BYTES))
        is_open = not last.endswith(b"\n")
        return replace(
            stream,
            cursor=end,
            link=digest.link(),
            chain=digest.chain(),
            before=_digest_of(last),
            first_line=stream.first_line or first_line_of(lines.start),
            headers=[*stream.headers, *chunk.headers][-MOST_HEADERS:],
            taken_us=stream.mtime_ns // 1000,
            state=StreamState.READING,
            form=form_of(planned),
            lines=counts.lines,
            counts={**vars(counts), "forms": vars(forms)},
            open_line=_kept_place(stream) if is_open else {},
        )


def plan_of(
    location: Path, path: str, size: int, tools: WorkerTools
) -> PlannedFile | Problem | FileSetAside:
    """Return how the file at `location`, called `path`, is read, or why it is not."""
    file = EvidenceFile(printable_path(path), location, size)
    plan = make_plan([file], (), tools.zone, tools.job.options.sources)
    if plan.files:
        return plan.files[0]
    if plan.set_aside:
        return plan.set_aside[0]
    own = [one for one in plan.problems if one.where == file.shown]
    return own[0] if own else Problem("E103", file.shown)


def form_of(planned: PlannedFile) -> str:
    """Return form and layout in short: what differs in it is read differently."""
    layout = replace(planned.layout, taken_us=None)
    text = repr((planned.format, layout, planned.line_ends, planned.declared))
    return f"{planned.format} {_digest_of(text.encode())[:8].hex()}"


def grows_by_lines(planned: PlannedFile) -> bool:
    """Return whether a file of this form is read line by line as it grows.

    Records of several lines, and lines that end otherwise, are read with the whole file.
    """
    return planned.layout.record is None and planned.line_ends in (LineEnds.NEWLINE, LineEnds.JSON)


def first_line_of(start: bytes) -> bytes:
    """Return what a text is found again by: the digest of its first line, b"" without one."""
    newline = start.find(b"\n", 0, BEFORE_BYTES) + 1
    if not newline and len(start) < BEFORE_BYTES:
        return b""
    return _digest_of(start[: newline or BEFORE_BYTES])


def _digest_of(text: bytes) -> bytes:
    return blake3_each([text])[0]


def _layout_behind(planned: PlannedFile, headers: Sequence[bytes]) -> LogLayout:
    layout, form = planned.layout, by_name(planned.format)
    for header in headers:
        layout = relayout(form, header, layout) or layout
    return layout


def _kept_place(stream: Stream) -> dict[str, object]:
    """Return what brings a stream back to before its last line."""
    return {
        "cursor": stream.cursor,
        "link": stream.link.hex(),
        "chain": stream.chain.hex(),
        "before": stream.before.hex(),
        "headers": [one.hex() for one in stream.headers],
        "lines": stream.lines,
        "counts": stream.counts,
    }


def _before_open_line(stream: Stream) -> Stream:
    kept = stream.open_line
    return replace(
        stream,
        cursor=kept["cursor"],
        link=bytes.fromhex(kept["link"]),
        chain=bytes.fromhex(kept["chain"]),
        before=bytes.fromhex(kept["before"]),
        headers=[bytes.fromhex(one) for one in kept["headers"]],
        lines=kept["lines"],
        counts=kept["counts"],
        open_line={},
    )


def _anew(stream: Stream) -> Stream:
    """Return a stream at its beginning."""
    return Stream(
        stream.number,
        stream.path,
        stream.dev,
        stream.ino,
        size=stream.size,
        mtime_ns=stream.mtime_ns,
    )


def seconds(moment_ns: int) -> float:
    """Return a time of the file system in s."""
    return moment_ns / (1000 * MICROSECONDS)
