"""Counters in memory, brought to the portal's inbox every few seconds.

What was counted since the last time is lost when the machine dies: at most FLUSH_EVERY seconds.
When only a process dies, its journal is left, and the next process brings what stands in it.
"""

import contextlib
import fcntl
import json
import os
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from multiprocessing.util import Finalize
from pathlib import Path

# What was counted since the last file, line by line: a process that is killed loses none of it.

MOST_LINES = 500_000
"""Lines of a journal, some 30 MB, while the inbox cannot be written; more are held in memory."""


class Journal:
    """Lines in `folder`/`name` that are another's to bring once this process is gone.

    What cannot be written is written nowhere: it is held in memory as well.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._path, self._room, self._file = folder / name, MOST_LINES, -1
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            aside = folder / f".{name}"
            self._file = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
            # Locked before it has its name: an unlocked file may be taken over.
            fcntl.flock(self._file, fcntl.LOCK_EX)
            aside.rename(self._path)

    def write(self, line: bytes) -> None:
        """Add `line`, which has no end of line in it."""
        if self._file >= 0 and self._room:
            self._room -= 1
            # The first end of line closes what a full disk may have cut off.
            with contextlib.suppress(OSError):
                os.write(self._file, b"\n" + line + b"\n")

    def end(self) -> None:
        """Remove it: its file is in the inbox."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)
        if self._file >= 0:
            os.close(self._file)


def recover_journals(folder: Path, bring: Callable[[str, list[bytes]], None]) -> None:
    """Hand name and lines of each journal whose process is gone to `bring`, and remove it.

    Where `bring` raises OSError it stays for the next time.
    """
    with contextlib.suppress(OSError):
        for path in sorted(folder.glob("[0-9]*")):
            with contextlib.suppress(OSError):
                _bring(path, bring)


def _bring(path: Path, bring: Callable[[str, list[bytes]], None]) -> None:
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Between opening and locking another may have brought it.
        if os.fstat(file.fileno()).st_nlink:
            lines = file.read().split(b"\n")
            bring(path.name, [one for one in lines if one])
            path.unlink()


FLUSH_EVERY = 5.0
"""Seconds; the loss window of a machine that dies."""

MOST_KINDS = 20_000
"""Different counters that are held between two flushes: units × kinds × acts. More are dropped."""

MOST_FILES = 20_000
"""Files that may lie in the inbox while the portal is down: more than a day of two processes."""


class PublicAct(StrEnum):
    """What people say they did."""

    JOINED = "joined"
    SCANNED = "scanned"
    CLEANED = "cleaned"
    PULLED = "pulled"


@dataclass(frozen=True)
class CounterKey:
    """What is counted together: an act on a day under a unit's code ("" for none).

    `of` says more where the act has kinds: which material was pulled.
    """

    act: PublicAct
    code: str
    day: date
    of: str = ""


class _Batch:
    """Counts that become one file of the inbox, and the journal of the same name."""

    def __init__(self, journals: Path) -> None:
        self.name = f"{time.time_ns():020d}-{secrets.token_hex(8)}.json"
        self.held: Counter[CounterKey] = Counter()
        self._journal = Journal(journals, self.name)

    def add(self, count: CounterKey) -> bool:
        """Count one; False where there is no room."""
        if count not in self.held and len(self.held) >= MOST_KINDS:
            return False
        self.held[count] += 1
        self._journal.write(_line(count))
        return True

    def end(self) -> None:
        """Forget the journal, once the file is there."""
        self._journal.end()


class PublicCounters:
    """The counters of one process; `journals` is a folder that all processes of the plane share."""

    def __init__(self, inbox: Path, journals: Path) -> None:
        self._inbox, self._journals = inbox, journals
        self._open: _Batch | None = None
        self._closed: _Batch | None = None
        """What could not be brought the last time: it keeps its name, and nothing is added."""
        self._lock, self._flushing = threading.Lock(), threading.Lock()
        self.dropped = 0
        """Counts since the start that found no room or came too fast; `/health` tells them."""

    def add(self, count: CounterKey) -> bool:
        """Count one; False where there is no room."""
        with self._lock:
            if self._open is None:
                self._open = _Batch(self._journals)
            has_room = self._open.add(count)
            self.dropped += not has_room
            return has_room

    def drop(self) -> None:
        """Tell of one that is not counted."""
        with self._lock:
            self.dropped += 1

    def flush(self) -> Path | None:
        """Bring what was counted to the inbox, as one file that appears whole; None for nothing.

        What cannot be written is held until the next time.
        """
        with self._flushing:
            brought = self._brought()
            if self._closed is None:
                with self._lock:
                    self._closed, self._open = self._open, None
                brought = self._brought() or brought
        return brought

    def bring_left(self) -> None:
        """Bring to the inbox what processes left that were killed."""
        recover_journals(self._journals, self._bring_lines)

    def _brought(self) -> Path | None:
        """Bring the closed batch, and return its file; None where there is none or it cannot."""
        batch = self._closed
        if batch is None:
            return None
        try:
            path = self._bring(batch.name, batch.held)
        except OSError:
            return None
        batch.end()
        self._closed = None
        return path

    def _bring_lines(self, name: str, lines: list[bytes]) -> None:
        found = (_count(line) for line in lines)
        held = Counter(one for one in found if one is not None)
        # A file that is there already is whole; a journal may lack what found no room.
        if held and not (self._inbox / name).exists():
            self._bring(name, held)

    def _bring(self, name: str, counter: Counter[CounterKey]) -> Path:
        self._inbox.mkdir(parents=True, exist_ok=True)
        if sum(1 for _ in os.scandir(self._inbox)) >= MOST_FILES:
            raise OSError("the inbox is full")
        aside = self._inbox / f".{name}"
        with aside.open("w", encoding="utf-8") as file:
            file.write(_text(counter))
            file.flush()
            os.fsync(file.fileno())
        return aside.replace(self._inbox / name)

    def run(self) -> None:
        """Flush every FLUSH_EVERY seconds from now on, and once more at the end."""
        # granian's processes are children of multiprocessing, which run no `atexit`.
        Finalize(None, self.flush, exitpriority=1)
        threading.Thread(target=self._run, name="counts", daemon=True).start()

    def _run(self) -> None:
        while True:
            self.bring_left()
            time.sleep(FLUSH_EVERY)
            self.flush()


def _text(counter: Counter[CounterKey]) -> str:
    rows = [
        {
            "act": one.act.value,
            "code": one.code,
            "day": one.day.isoformat(),
            "of": one.of,
            "count": many,
        }
        for one, many in sorted(counter.items(), key=lambda item: _order(item[0]))
    ]
    return json.dumps({"version": 1, "counts": rows}, ensure_ascii=False)


def _line(one: CounterKey) -> bytes:
    return json.dumps([one.act.value, one.code, one.day.isoformat(), one.of]).encode()


def _count(line: bytes) -> CounterKey | None:
    """Return the count of a line of a journal, None for one that was cut off or damaged.

    A single line that raised would end the thread that brings all counts.
    """
    try:
        act, code, day, of = json.loads(line)
        # Text in UTF-8, as the file in the inbox has it.
        for said in (code, of):
            str.encode(said)
        return CounterKey(PublicAct(act), code, date.fromisoformat(day), of)
    except (ValueError, TypeError, RecursionError):
        return None


def _order(one: CounterKey) -> tuple[str, ...]:
    return one.day.isoformat(), one.code, one.act.value, one.of
