"""Standard output and error as a run finds them: closed, full or fine."""

import io
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class AnswerLostError(OSError):
    """Standard output did not take the answer."""


class _Answer(io.FileIO):
    """Standard output; what it does not take is an error with a name of its own."""

    def write(self, content: "ReadableBuffer", /) -> int:
        """Write and return how much. Errors: AnswerLostError, BrokenPipeError."""
        try:
            return super().write(content) or 0
        except BrokenPipeError as error:
            # Without a number: click would end the run with 1, which is our code for "found".
            raise BrokenPipeError(error.strerror) from error
        except OSError as error:
            raise AnswerLostError(error.errno, error.strerror) from error


class _Messages(io.FileIO):
    """Standard error; what it does not take is lost, and changes no result."""

    def write(self, content: "ReadableBuffer", /) -> int:
        """Write what can be written and return the size of `content` in bytes."""
        with suppress(OSError):
            super().write(content)
        return memoryview(content).nbytes


def prepare_streams() -> None:
    """Make standard output and error UTF-8 that says, or does not mind, that it cannot be written.

    A closed one is opened for nothing, so that no file takes its number and gets what is meant
    for a person. Streams that a program or a test put in their place stay.
    """
    for number in (0, 1, 2):
        with suppress(OSError):
            os.fstat(number)
            continue
        # Open for reading alone: a write is an error still.
        os.open(os.devnull, os.O_RDONLY)
    if sys.stdout is sys.__stdout__:
        sys.stdout = _stream(_Answer(1, "w", closefd=False), sys.stdout)
    if sys.stderr is sys.__stderr__:
        sys.stderr = _stream(_Messages(2, "w", closefd=False), sys.stderr)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _stream(raw: io.FileIO, before: Any) -> TextIO:
    """Return text over `raw`, with lines written as soon as they were before."""
    at_once = True if before is None else bool(before.line_buffering)
    through = before is not None and bool(before.write_through)
    return io.TextIOWrapper(io.BufferedWriter(raw), line_buffering=at_once, write_through=through)


def drop_answer() -> None:
    """Let what standard output still holds go nowhere, so that the end of a run does not fail."""
    with suppress(OSError, ValueError):
        empty = os.open(os.devnull, os.O_WRONLY)
        os.dup2(empty, 1)
        os.close(empty)
