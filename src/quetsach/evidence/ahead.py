"""Pieces made ahead of who uses them, in a thread of its own: unpacking beside the sieve."""

from collections.abc import Generator
from queue import SimpleQueue
from threading import Event, Semaphore, Thread

PIECES_AHEAD = 64
"""How many pieces wait at most; those of packed files have 128 KiB."""


def made_ahead(
    pieces: Generator[bytes, None, None], most: int = PIECES_AHEAD
) -> Generator[bytes, None, None]:
    """Yield `pieces`, which a thread makes meanwhile, at most `most` of them ahead.

    Errors: what `pieces` raises, after the last piece before it. Whoever breaks off closes this
    iterator: then `pieces` is closed too, and the thread is over.
    Cost: some microseconds a piece; worth it where making one lets other Python run.
    """
    waiting: SimpleQueue[bytes | BaseException | None] = SimpleQueue()
    room, stopped = Semaphore(most), Event()

    def make() -> None:
        try:
            for piece in pieces:
                waiting.put(piece)
                room.acquire()
                if stopped.is_set():
                    break
            pieces.close()
            waiting.put(None)
        except BaseException as error:  # noqa: BLE001  # it is raised where the pieces are used
            waiting.put(error)

    maker = Thread(target=make, name="unpacking", daemon=True)
    maker.start()
    try:
        while (piece := waiting.get()) is not None:
            if isinstance(piece, BaseException):
                raise piece
            room.release()
            yield piece
    finally:
        stopped.set()
        room.release()
        maker.join()
