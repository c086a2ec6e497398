"""Request bodies that come so slowly that they would hold a thread of the server for hours.

The server hands a body over only as asked for, and waits as long as it takes. So little is asked
for at first, more as it comes quickly, and who stays below a few bytes a second is given up.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol

GRACE_S = 20.0
LEAST_BYTES_A_SECOND = 512
_FIRST_BYTES, _MOST_BYTES = 16, 1 << 16
_QUICK_S, _SLOW_S = 0.05, 1.0


class TooSlow(OSError):
    """The body came too slowly; the connection is given up."""


class Body(Protocol):
    """Anything that gives its next bytes, b"" at the end."""

    def read(self, size: int = -1, /) -> bytes:
        """Return `size` bytes, fewer only at the end."""
        ...


class PacedBody:
    """A body that raises TooSlow instead of being waited for without end."""

    def __init__(self, body: Body, clock: Callable[[], float] = time.monotonic) -> None:
        self._body = body
        self._clock = clock
        self._started = clock()
        self._seen = 0
        self._step = _FIRST_BYTES

    def read(self, size: int = -1, /) -> bytes:
        """Return `size` bytes, fewer only at the end, all that is left for -1. Errors: TooSlow."""
        taken = bytearray()
        while size < 0 or len(taken) < size:
            step = self._step if size < 0 else min(self._step, size - len(taken))
            piece = self._piece(step)
            taken += piece
            if len(piece) < step:
                break
        return bytes(taken)

    def readline(self, size: int = -1, /) -> bytes:
        """Return up to the next line's end. Errors: TooSlow."""
        taken = bytearray()
        while (size < 0 or len(taken) < size) and not taken.endswith(b"\n"):
            if not (sign := self.read(1)):
                break
            taken += sign
        return bytes(taken)

    def __iter__(self) -> Iterator[bytes]:
        while line := self.readline():
            yield line

    def _piece(self, step: int) -> bytes:
        before = self._clock()
        piece = self._body.read(step)
        now = self._clock()
        self._seen += len(piece)
        passed = now - self._started
        if passed > GRACE_S and self._seen < (passed - GRACE_S) * LEAST_BYTES_A_SECOND:
            raise TooSlow
        if now - before < _QUICK_S:
            self._step = min(_MOST_BYTES, 2 * self._step)
        elif now - before > _SLOW_S:
            self._step = _FIRST_BYTES
        return piece


def paced(application: Callable[..., Any]) -> Callable[..., Any]:
    """Return the WSGI application that waits for the bodies of requests, but not for ever."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        environ["wsgi.input"] = PacedBody(environ["wsgi.input"])
        return application(environ, start_response)

    return answer
