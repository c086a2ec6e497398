"""The body of a request that brings a part of a file: bounded in size, time and number.

A server thread waits while a body comes. So a part is small, a slow one is given up, and one person
holds no more than a few threads at once; the others go on undisturbed.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest

from quetsach_portal.files.kinds import MIB
from quetsach_portal.files.refusal import FileRefused
from quetsach_portal.web.request_bodies import TooSlow

MOST_PART_BYTES = 8 * MIB
AT_ONCE = 2
_PIECE_BYTES = 1 << 16

_lock = threading.Lock()
_under_way: Counter[int] = Counter()


def part_of(request: HttpRequest) -> bytes:
    """Return the body of the request, a part of a file.

    Errors: P102 when it is too long, P133 when this person sends others now, P136 when it is slow.
    Cost: its size in memory, at most 8 MiB.
    """
    length = size_of(request.META.get("CONTENT_LENGTH", ""))
    if length > MOST_PART_BYTES:
        raise FileRefused("P102", size=f"{length} B", limit="8 MB")
    taken = bytearray()
    with _one_of_few(request.user.pk or 0):
        try:
            while piece := request.read(min(_PIECE_BYTES, length - len(taken))):
                taken += piece
        except OSError as err:
            # The line was lost: what came is kept, and the sender asks how much that was.
            if isinstance(err.__cause__, TooSlow) and not taken:
                raise FileRefused("P136") from err
    return bytes(taken)


def size_of(text: str) -> int:
    """Return a number of bytes. Errors: P127 for anything but digits."""
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise FileRefused("P127", offset=0)
    return int(text)


@contextmanager
def _one_of_few(user_id: int) -> Iterator[None]:
    with _lock:
        if _under_way[user_id] >= AT_ONCE:
            raise FileRefused("P133", limit=AT_ONCE)
        _under_way[user_id] += 1
    try:
        yield
    finally:
        with _lock:
            _under_way[user_id] -= 1
            if not _under_way[user_id]:
                del _under_way[user_id]
