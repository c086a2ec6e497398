"""A part of a page kept up to date by server-sent events, without a thread that waits for it.

The response yields a piece each `pause_s`; config/front.py waits in between, where waiting costs no
thread. Source: HTML, 9.2 (server-sent events).
"""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator

from django.db import close_old_connections
from django.http import HttpResponse, StreamingHttpResponse

PAUSE_S = 10.0
MOST_PIECES = 120
"""A stream ends after so many; the browser opens it anew, and who it is is asked again."""

AT_ONCE, AT_ONCE_OF_ONE = 32, 4
"""So many streams does a process have, and a person; each renders its part of the page anew."""

_lock = threading.Lock()
_open: Counter[int] = Counter()


class EventPieces:
    """The pieces of one stream: an event where the text is another one, else a comment."""

    def __init__(self, person: int, current: Callable[[], str]) -> None:
        self._person, self._current = person, current
        self._left = MOST_PIECES
        self._last = ""
        self._is_open = True

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        """Return the next piece; its text is asked for now."""
        if not self._left:
            raise StopIteration
        self._left -= 1
        # Each piece may come from another thread, whose connection is as old as its last work.
        close_old_connections()
        try:
            text = self._current()
        finally:
            close_old_connections()
        if text == self._last:
            return b": as before\n\n"
        self._last = text
        return f"retry: 10000\ndata: {json.dumps(text)}\n\n".encode()

    def __del__(self) -> None:
        """Give the place free of a stream that nobody closed."""
        self.close()

    def close(self) -> None:
        """Give the place free; doing it twice does nothing more."""
        with _lock:
            if self._is_open:
                self._is_open = False
                _open[self._person] -= 1
                if not _open[self._person]:
                    del _open[self._person]


class EventStreamResponse(StreamingHttpResponse):
    """A stream of events; `pause_s` is how long to wait after each piece."""

    pause_s = PAUSE_S


def event_stream(person: int, current: Callable[[], str]) -> HttpResponse | EventStreamResponse:
    """Return a stream that tells `person` what `current` returns whenever it changes.

    Where too many are open it is refused with 503, and the page does without. Errors of `current`
    end the stream.
    """
    with _lock:
        if _open[person] >= AT_ONCE_OF_ONE or _open.total() >= AT_ONCE:
            response = HttpResponse("too many streams", status=503, content_type="text/plain")
            response.headers["Retry-After"] = "60"
            return response
        _open[person] += 1
    stream = EventStreamResponse(EventPieces(person, current), content_type="text/event-stream")
    stream.headers["Cache-Control"] = "no-store"
    # nginx would keep the pieces back until it has many.
    stream.headers["X-Accel-Buffering"] = "no"
    return stream
