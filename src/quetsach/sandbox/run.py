"""Carry out one act in a process of its own, bounded and shut in.

The process has its own session, and whatever it started ends with it; a process that is started in
the sandbox stays in the group of the one around it. It gets no database, no secret and no address:
only the bytes for the act, the files named, and the folder that it may write to.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from quetsach.sandbox import contract
from quetsach.sandbox.clock import is_inside, stopped
from quetsach.sandbox.environment import clean_environment, working_directory
from quetsach.sandbox.own_user import take_back
from quetsach.sandbox.warm import ForkedProcess, forked
from quetsach.started_threads import StartedThread

_Process: TypeAlias = "subprocess.Popen[bytes] | ForkedProcess"

OnProgress: TypeAlias = Callable[[contract.SandboxProgress | None], None]
"""Called about once a second, with how far the process is where that is known."""

_LONGEST_PROGRESS = 4_096
_MESSAGES_KEPT = 4_096
_LONGEST_LINE = 300
_LOOK_EVERY_S = 1.0
_CLOSING_S = 1.0


FULL_BELOW = 64 << 20
"""Bytes of a disk that stay free for the rest of the machine."""

_LITTLE = 64 << 20
"""Whoever has written no more than this is not who fills the disk."""


def _codes(*names: str) -> frozenset[int]:
    """Return the exit codes of processes ended by these signals, where the system has them."""
    return frozenset(-getattr(signal, name) for name in names if hasattr(signal, name))


_MEMORY = {contract.OUT_OF_MEMORY} | _codes("SIGABRT", "SIGILL", "SIGTRAP")
"""As the child itself, C++, Rust and PDFium end a process that gets no more memory."""
_TIME = _codes("SIGXCPU", "SIGALRM")
_FROM_OUTSIDE = _codes("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP")


def run(
    act: str,
    payload: bytes,
    *,
    limits: contract.SandboxLimits,
    reads: Iterable[Path | str] = (),
    folder: Path | None = None,
    on_progress: OnProgress | None = None,
    profile: contract.SandboxProfile = contract.SandboxProfile.READER,
    ports: Iterable[int] = (),
) -> bytes:
    """Return what `act`, "module:function", returns for `payload`, run in a process of its own.

    The process reads `reads` besides the program itself; its working directory is `folder`,
    the only one it writes to. What `on_progress` raises ends it. A sender calls `ports` by TCP.
    Errors: SandboxFailed; EndedFromOutside.
    Cost: 0.1 s for the process, and a second where the act loads the engine; forked off a warm one
    (`warm.kept_warm`) a few milliseconds.
    """
    writes = () if folder is None else (str(folder),)
    order = contract.SandboxTask(
        act,
        limits,
        len(payload),
        reads=tuple(str(path) for path in reads),
        writes=writes,
        profile=profile,
        ports=tuple(ports),
    )
    if folder is not None:
        (folder / "tmp").mkdir(exist_ok=True)
    until = time.monotonic() + limits.seconds
    with stopped():
        process = start_process(folder)
        pipes = _Pipes(process, limits.answer)
        try:
            pipes.open(msgspec.json.encode(order) + b"\n", payload)
            in_time = pipes.follow(until, on_progress, folder) and _has_ended(process, until)
        finally:
            _end(process)
            pipes.close()
            if folder is not None:
                # What cannot be had back is still read: only root gives users of their own.
                with contextlib.suppress(OSError, RecursionError):
                    take_back(folder)
    return _answer(process.wait(), pipes, in_time=in_time)


def start_process(folder: Path | None) -> _Process:
    """Start the process that stands in `folder`, with pipes to it. Errors: OSError."""
    return forked(folder) or subprocess.Popen(
        # -P keeps the working directory of the process out of the module path.
        [sys.executable, "-P", "-m", "quetsach.sandbox.child"],
        cwd=working_directory(folder),
        env=clean_environment(folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=_leads_a_group(),
    )


def call(
    act: str,
    payload: Any,
    *,
    limits: contract.SandboxLimits,
    reads: Iterable[Path | str] = (),
    folder: Path | None = None,
    on_progress: OnProgress | None = None,
) -> contract.SandboxAnswer:
    """Return what an act of plain values answers to `payload`; a problem is an answer, too.

    Errors: as `run`.
    """
    raw = run(
        act,
        msgspec.json.encode(payload),
        limits=limits,
        reads=reads,
        folder=folder,
        on_progress=on_progress,
    )
    try:
        return msgspec.json.decode(raw, type=contract.SandboxAnswer)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise contract.SandboxFailed(contract.SandboxFailure.BROKE, type(error).__name__) from error


class _Pipes:
    """The pipes of one process: its order goes in, frames and messages come out, all bounded.

    Each has a thread, so that neither side waits for the other with a full pipe.
    """

    def __init__(self, process: _Process, most: int) -> None:
        self._process, self._most = process, most
        self._threads: list[StartedThread] = []
        self._changed = threading.Event()
        self._is_closed = False
        self._progress: contract.SandboxProgress | None = None
        self.answer: bytes | None = None
        self.is_too_long = False
        self.messages = b""

    def open(self, head: bytes, payload: bytes) -> None:
        """Start to hand over the order and to read what comes back. Errors: MemoryError."""
        for work in (
            lambda: self._hand_over(head, payload),
            self._read_frames,
            self._read_messages,
        ):
            self._threads.append(StartedThread(work))

    def follow(self, until: float, on_progress: OnProgress | None, folder: Path | None) -> bool:
        """Wait for the answer or the end of the process; False when that is too late.

        Errors: SandboxFailed when the process fills the disk that `folder` lies on.
        """
        reported_at = 0.0
        looked_at = time.monotonic()
        while (now := time.monotonic()) < until:
            if self._changed.wait(min(_LOOK_EVERY_S, until - now)):
                self._changed.clear()
                if self._is_closed:
                    return True
            if folder is not None and time.monotonic() - looked_at >= _LOOK_EVERY_S:
                if _fills_disk(folder):
                    raise contract.SandboxFailed(contract.SandboxFailure.BROKE, "disk")
                looked_at = time.monotonic()
            if on_progress is not None and time.monotonic() - reported_at >= _LOOK_EVERY_S:
                on_progress(self._progress)
                reported_at = time.monotonic()
        return False

    def close(self) -> None:
        """Close the pipes of a process that has ended."""
        for thread in self._threads:
            thread.join(_CLOSING_S)
        for pipe in (self._process.stdout, self._process.stderr)[max(0, len(self._threads) - 1) :]:
            # Nobody reads it: its thread did not begin.
            assert pipe is not None
            pipe.close()
        assert self._process.stdin is not None
        if not self._threads or self._threads[0].join(0):
            with contextlib.suppress(OSError):
                self._process.stdin.close()

    def _hand_over(self, head: bytes, payload: bytes) -> None:
        # Left open: the process ends when its stdin does.
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.write(head)
            self._process.stdin.write(payload)
            self._process.stdin.flush()

    def _read_frames(self) -> None:
        assert self._process.stdout is not None
        try:
            with self._process.stdout as frames:
                while self.answer is None and self._read_frame(frames.read):
                    self._changed.set()
        finally:
            self._is_closed = True
            self._changed.set()

    def _read_frame(self, read: Callable[[int], bytes]) -> bool:
        """Read a frame; False at the end, and for one that is cut off or too long."""
        head = read(contract.FRAME.size)
        if len(head) < contract.FRAME.size:
            return False
        kind, size = contract.FRAME.unpack(head)
        if size > (self._most if kind == contract.ANSWER else _LONGEST_PROGRESS):
            self.is_too_long = True
            return False
        content = read(size)
        if len(content) < size:
            return False
        if kind == contract.ANSWER:
            self.answer = content
        else:
            with contextlib.suppress(msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
                self._progress = msgspec.json.decode(content, type=contract.SandboxProgress)
        return True

    def _read_messages(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as messages:
            while piece := os.read(messages.fileno(), 65_536):
                self.messages = (self.messages + piece)[-_MESSAGES_KEPT:]


def _fills_disk(folder: Path) -> bool:
    """Return whether the disk is nearly full, by what lies in `folder`.

    Cost: one question to the file system; the folder is looked through only when it is full.
    """
    with contextlib.suppress(OSError):
        usage = shutil.disk_usage(folder)
        # Some file systems count no blocks at all: of those nobody knows.
        return usage.total > 0 and usage.free < FULL_BELOW and _holds_much(folder)
    return False


def _holds_much(folder: Path) -> bool:
    size, folders = 0, [str(folder)]
    while folders:
        with contextlib.suppress(OSError), os.scandir(folders.pop()) as entries:
            for inside in entries:
                if inside.is_dir(follow_symlinks=False):
                    folders.append(inside.path)
                else:
                    size += inside.stat(follow_symlinks=False).st_size
                if size > _LITTLE:
                    return True
    return False


def _leads_a_group() -> bool:
    return os.name == "posix" and not is_inside()


def _has_ended(process: _Process, until: float) -> bool:
    """Wait for the end without reaping: while it is a zombie nobody else gets its number."""
    if isinstance(process, ForkedProcess):
        return process.has_ended(until - time.monotonic())
    if not hasattr(os, "waitid"):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, until - time.monotonic()))
        return process.returncode is not None
    look = os.WEXITED | os.WNOWAIT | os.WNOHANG
    while os.waitid(os.P_PID, process.pid, look) is None:
        if time.monotonic() >= until:
            return False
        time.sleep(0.01)
    return True


def _end(process: _Process) -> None:
    if isinstance(process, ForkedProcess):
        process.end_group()
    elif _leads_a_group():
        # The group is ended even when the process has gone: what it started may not have.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        try:
            process.kill()
        except PermissionError:
            # Where this process may not signal others, that one ends with its stdin.
            assert process.stdin is not None
            with contextlib.suppress(OSError):
                process.stdin.close()
    process.wait()


def _answer(code: int, pipes: _Pipes, *, in_time: bool) -> bytes:
    if not in_time or code in _TIME:
        raise contract.SandboxFailed(contract.SandboxFailure.TIME)
    if pipes.is_too_long:
        raise contract.SandboxFailed(contract.SandboxFailure.BROKE, "size")
    if code in _FROM_OUTSIDE:
        raise contract.EndedFromOutside(signal.Signals(-code))
    if code in _MEMORY or (code != 0 and b"MemoryError" in pipes.messages):
        raise contract.SandboxFailed(contract.SandboxFailure.MEMORY)
    if code != 0:
        raise contract.SandboxFailed(
            contract.SandboxFailure.BROKE, _name_of(code), _last_line(pipes.messages)
        )
    if pipes.answer is None:
        raise contract.SandboxFailed(contract.SandboxFailure.BROKE, "EOFError")
    return pipes.answer


def _name_of(code: int) -> str:
    if code >= 0:
        return f"exit {code}"
    with contextlib.suppress(ValueError):
        return signal.Signals(-code).name
    return str(code)


def _last_line(messages: bytes) -> str:
    return messages.decode("utf-8", "replace").strip().rpartition("\n")[2][:_LONGEST_LINE]
