"""Which texts are read now: files met, known again under another name, replaced, gone.

A file that nobody has seen is read from its beginning, unless it begins as a text that was read and
whose own file is gone: then it goes on where that ended. Either way nothing is left out; what is
met twice is known by its number.
"""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from quetsach.clocks import MICROSECONDS
from quetsach.containers.refusal import DamagedDataError
from quetsach.containers.signatures import archive_kind
from quetsach.containers.streams import Codec, codec_of
from quetsach.errors.exceptions import Problem
from quetsach.evidence.find import EvidenceFile, printable_path
from quetsach.evidence.rendering import decoder_kind
from quetsach.formats.contract import HEAD_BYTES
from quetsach.scanning.heads import head_of
from quetsach.scanning.job import WorkerTools
from quetsach.scanning.plan import PlannedFile
from quetsach.watch.files import Follow, SeenFile, identity_at, open_plain, siblings
from quetsach.watch.growing_digest import chains_at
from quetsach.watch.state import Stream, StreamState, WatchState
from quetsach.watch.streams import LiveStream, first_line_of, grows_by_lines, plan_of
from quetsach.watch.texts import GrowingText, unpacked_rest, unpacked_text

REST_S = 30.0
"""So long a file without change is at its end: its last line is read, and a gone one is done."""

SETTLED_S = 2.0
"""A file that is read as a whole, or packed, is left alone until it did not change for so long."""

RESTLESS_S = 60.0
"""So long after a rotation the files beside it are looked at each time."""

RESTLESS_LOOKS = 8
"""At least so many times, as a machine may sleep, or a look take long."""

CLOSE_S = 60.0

_LINKS = "links"

_SLACK_US = 2 * MICROSECONDS
_OVER = (StreamState.DONE, StreamState.PACKED)


@dataclass
class LiveFile:
    """A stream whose file is open, and since when its name leads elsewhere or nowhere.

    `packed` is the file where its text was unpacked: it is at its end from the start.
    """

    live: LiveStream
    gone_s: float | None = None
    grown_s: float = 0.0
    packed: SeenFile | None = None


@dataclass
class Roster:
    """The texts that are read, by device and inode; whole files that wait to be read."""

    state: WatchState
    follow: Follow
    tools: WorkerTools
    files: dict[tuple[int, int], LiveFile] = field(default_factory=dict)
    wholes: dict[tuple[int, int], SeenFile] = field(default_factory=dict)
    begun_s: float = 0.0
    _at: dict[Path, tuple[int, int]] = field(default_factory=dict)
    _before: dict[tuple[int, int], SeenFile] = field(default_factory=dict)
    _ahead: dict[tuple[int, int], tuple[SeenFile, float]] = field(default_factory=dict)
    _restless_until: float | None = None
    _looks_left: int = 0
    _next_number: int = 0

    def look(self, now_s: float) -> list[Problem]:
        """Meet the files that are there; return what cannot be followed."""
        if self._restless_until is None:
            self._be_restless(now_s)
            self.begun_s = now_s
            self._remember_links()
        self._next_number = max(self._next_number, self.state.next_number())
        before = self.follow.links
        present, problems = self.follow.find()
        if self.follow.links != before:
            self.state.set({_LINKS: json.dumps(sorted(map(str, self.follow.links)))})
        here = {file.identity: file for file in present}
        for identity, opened in list(self.files.items()):
            self._name(opened, here.get(identity), now_s)
        for file in present:
            if self._at.setdefault(file.path, file.identity) != file.identity:
                self._at[file.path] = file.identity
                self._be_restless(now_s)
            problems += self._meet(file, now_s)
        if self.is_restless(now_s):
            paths = {file.path for file in present}
            self._looks_left -= 1
            for file in self._beside(paths):
                problems += self._meet(file, now_s, is_beside=True)
        self._before = {**self._before, **here}
        return problems

    def _remember_links(self) -> None:
        links = {Path(path) for path in json.loads(self.state.setting(_LINKS, "[]"))}
        paths = {Path(path) for (path,) in self.state.run("SELECT path FROM stream")}
        self.follow.remember(paths, links)

    def is_restless(self, now_s: float) -> bool:
        """Return whether files beside the followed ones are looked for."""
        return self._looks_left > 0 or now_s < (self._restless_until or 0.0)

    def _be_restless(self, now_s: float) -> None:
        self._restless_until = now_s + RESTLESS_S
        self._looks_left = RESTLESS_LOOKS

    def replaced(self, identity: tuple[int, int], now_s: float) -> None:
        """Part a stream from its file, which now holds another text."""
        file = self.files.pop(identity)
        file.live.text.close()
        stream = file.live.stream
        state = stream.state if stream.state in _OVER else StreamState.ROTATED
        stream = replace(stream, dev=0, ino=0, state=state)
        if stream.cursor:
            self.state.save(stream)
        self._be_restless(now_s)

    def close(self, identity: tuple[int, int], state: StreamState) -> None:
        """Close a file; its stream is kept in this state."""
        file = self.files.pop(identity)
        file.live.text.close()
        self.state.save(replace(file.live.stream, state=state))
        if file.packed is not None:
            self.note(file.packed)

    def let_go(self, path: Path) -> None:
        """Close what is open at `path`, as the file is about to go."""
        for identity, file in list(self.files.items()):
            if file.live.stream.path == str(path):
                self.close(identity, StreamState.DONE)
        self.wholes = {key: one for key, one in self.wholes.items() if one.path != path}

    def close_all(self) -> None:
        """Close every file, and forget all that is not in the state."""
        for file in self.files.values():
            file.live.text.close()
        self.files.clear()
        self.wholes.clear()
        self._before.clear()

    def _name(self, file: LiveFile, present: SeenFile | None, now_s: float) -> None:
        stream = file.live.stream
        if file.packed is not None:
            return
        if present is not None:
            file.gone_s = None
            if str(present.path) != stream.path:
                file.live.stream = replace(stream, path=str(present.path))
        elif identity_at(stream.path) == (stream.dev, stream.ino):
            file.gone_s = None
        elif file.gone_s is None:
            file.gone_s = now_s
            self._be_restless(now_s)

    def _beside(self, paths: set[Path]) -> Iterator[SeenFile]:
        """Yield what rotation made of followed files since they were looked at last."""
        for path in sorted(paths | {Path(one) for one in self.follow.arguments}):
            rows = self.state.run("SELECT seen_us FROM source WHERE pattern = ?", str(path))
            for file in siblings(path) if rows else ():
                before = self._before.get(file.identity)
                self._before[file.identity] = file
                # What is being written, as a copy or a packed one, is left alone meanwhile.
                if file.path in paths or before != file:
                    continue
                is_later = file.mtime_ns // 1000 >= rows[0][0] - _SLACK_US
                if is_later or self._is_unfinished(file):
                    yield file

    def _is_unfinished(self, file: SeenFile) -> bool:
        """Return whether a file carries on a text that was not read to its end."""
        if self.state.run("SELECT 1 FROM copy WHERE dev = ? AND ino = ?", *file.identity):
            return False
        try:
            start = head_of(file.path, _codec(file), HEAD_BYTES)
        except (OSError, DamagedDataError):
            return False
        return any(one.state not in _OVER for one in self._begun_as(first_line_of(start)))

    def _begun_as(self, first_line: bytes) -> list[Stream]:
        if not first_line:
            return []
        return self.state.streams("first_line = ?", first_line)

    def _meet(self, file: SeenFile, now_s: float, *, is_beside: bool = False) -> list[Problem]:
        """Open a file that is not open, if there is anything to be read in it."""
        if file.identity in self.files or not file.size or self._is_noted(file):
            return []
        streams = self.state.streams("dev = ? AND ino = ?", *file.identity)
        try:
            if streams:
                self._open_known(file, streams[-1], now_s)
                return []
            return self._adopt(file, now_s, is_beside=is_beside)
        except FileNotFoundError:
            return []
        except DamagedDataError:
            self.note(file)
            return [Problem("E106", printable_path(file.path), {"offset": 0})]
        except OSError as error:
            shown = printable_path(file.path)
            return [Problem("E104", shown, {"reason": error.strerror or str(error)})]

    def _is_noted(self, file: SeenFile) -> bool:
        rows = self.state.run(
            "SELECT size, mtime_ns FROM copy WHERE dev = ? AND ino = ?", *file.identity
        )
        return bool(rows) and rows[0] == (file.size, file.mtime_ns)

    def note(self, file: SeenFile) -> None:
        """Note that a file, as it is now, holds nothing that is to be read."""
        facts = (*file.identity, file.size, file.mtime_ns, printable_path(file.path))
        self.state.run("INSERT OR REPLACE INTO copy VALUES(?, ?, ?, ?, ?)", *facts)

    def _open_known(self, file: SeenFile, stream: Stream, now_s: float) -> None:
        is_same = (file.size, file.mtime_ns) == (stream.size, stream.mtime_ns)
        if stream.state is StreamState.WHOLE:
            if not is_same:
                self.wholes[file.identity] = file
            return
        if is_same and (stream.cursor == file.size or stream.state in _OVER):
            return
        stream = replace(stream, path=str(file.path))
        codec = _codec(file)
        if codec is Codec.PLAIN:
            self._open(file, stream, now_s)
        else:
            text = unpacked_rest(file.path, codec, stream.cursor, self.state.folder)
            self._add(file, LiveStream(stream, text, file.path), now_s, is_packed=True)

    def _open(self, file: SeenFile, stream: Stream, now_s: float) -> None:
        number = open_plain(file)
        self._add(file, LiveStream(stream, GrowingText(number), _location(file, number)), now_s)

    def _add(
        self, file: SeenFile, live: LiveStream, now_s: float, *, is_packed: bool = False
    ) -> None:
        packed = file if is_packed else None
        self.files[file.identity] = LiveFile(live, None, now_s, packed)

    def _adopt(self, file: SeenFile, now_s: float, *, is_beside: bool) -> list[Problem]:
        codec = _codec(file)
        if codec is not Codec.PLAIN and not self._is_settled(file, now_s):
            return []
        evidence = EvidenceFile(printable_path(file.path), file.path, file.size)
        start = head_of(file.path, codec, HEAD_BYTES)
        if archive_kind(start) or decoder_kind(evidence) is not None:
            self.wholes[file.identity] = file
            return []
        if codec is Codec.PLAIN and b"\n" not in start and not self._is_settled(file, now_s):
            return []
        planned = plan_of(file.path, str(file.path), file.size, self.tools)
        if not isinstance(planned, PlannedFile):
            self.note(file)
            return [planned] if isinstance(planned, Problem) else []
        if not grows_by_lines(planned):
            self.wholes[file.identity] = file
            return []
        return self._adopt_text(file, codec, start, now_s, is_beside=is_beside)

    def _adopt_text(
        self, file: SeenFile, codec: Codec, start: bytes, now_s: float, *, is_beside: bool
    ) -> list[Problem]:
        begun = [one for one in self._begun_as(first_line_of(start)) if one.cursor]
        open_ones = [self.files[key] for one in begun if (key := (one.dev, one.ino)) in self.files]
        if any(one.gone_s is not None for one in open_ones) and is_beside:
            # Its own file is still read to the end; then it is known where this one goes on.
            return []
        free = [one for one in begun if (one.dev, one.ino) not in self.files]
        earlier, size = self._carried_on(file, codec, free)
        if earlier is None:
            stream = Stream(self._next_number, str(file.path), *file.identity)
            self._next_number += 1
        else:
            stream = replace(
                earlier,
                path=str(file.path),
                dev=file.dev,
                ino=file.ino,
                size=file.size,
                mtime_ns=file.mtime_ns,
            )
        if codec is Codec.PLAIN:
            self._open(file, stream, now_s)
        elif earlier is not None and size == earlier.cursor:
            self.note(file)
            self.state.save(replace(earlier, state=StreamState.PACKED))
        else:
            text = unpacked_rest(file.path, codec, stream.cursor, self.state.folder)
            self._add(file, LiveStream(stream, text, file.path), now_s, is_packed=True)
        return []

    def _carried_on(
        self, file: SeenFile, codec: Codec, streams: Sequence[Stream]
    ) -> tuple[Stream | None, int]:
        """Return the stream that `file` carries on furthest, and the size of its text."""
        places = sorted({one.cursor for one in streams})
        size = file.size
        if codec is not Codec.PLAIN:
            size = sum(len(piece) for piece in unpacked_text(file.path, codec)) if places else 0
        places = [place for place in places if place <= size]
        if not places:
            return None, size
        chains = dict(chains_at(_text_of(file, codec), places))
        fitting = [one for one in streams if chains.get(one.cursor) == one.chain]
        return max(fitting, key=lambda one: one.cursor, default=None), size

    def _is_settled(self, file: SeenFile, now_s: float) -> bool:
        """Return whether a file did not change for a while; by its looks where its time is to come.

        Whoever sets the time of a file could have it left alone for ever.
        """
        changed_s = file.mtime_ns / 1e9
        if changed_s > now_s + SETTLED_S:
            same, since_s = self._ahead.get(file.identity, (None, 0.0))
            if same != file:
                since_s = now_s
                self._ahead[file.identity] = file, now_s
            changed_s = since_s
        return now_s - changed_s >= SETTLED_S

    def settled_wholes(self, now_s: float) -> list[SeenFile]:
        """Return the whole files that are to be read now."""
        ready = [file for file in self.wholes.values() if self._is_settled(file, now_s)]
        for file in ready:
            del self.wholes[file.identity]
        return ready


def _codec(file: SeenFile) -> Codec:
    number = open_plain(file)
    with os.fdopen(number, "rb") as opened:
        return codec_of(opened.read(8))


def _text_of(file: SeenFile, codec: Codec) -> Iterator[bytes]:
    if codec is not Codec.PLAIN:
        yield from unpacked_text(file.path, codec)
        return
    text = GrowingText(open_plain(file))
    try:
        yield from text.pieces(0, file.size)
    finally:
        text.close()


def _location(file: SeenFile, number: int) -> Path:
    """Return by what path an open file is opened again, also when it has another name by then."""
    own = Path(f"/proc/self/fd/{number}")
    return own if own.exists() else file.path
