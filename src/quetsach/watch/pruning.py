"""What a watch forgets: sightings that were told long ago, texts that ended long ago."""

from quetsach.clocks import MICROSECONDS
from quetsach.watch.state import StreamState, WatchState

KEPT_DAYS = 30
"""So long the rows of sightings are kept that were told, and sealed where folders are sealed."""

TEXT_DAYS = 90
"""So long a text that ended is known again, should a copy of it turn up."""

_DAY_US = 86_400 * MICROSECONDS
_AT_ONCE = 5000


def prune(state: WatchState, now_us: int, *, is_sealing: bool) -> int:
    """Forget what is old, some of it at a time; return how many sightings were forgotten.

    Nothing goes that was not told, or waits for its folder. It belongs into no other round.
    Errors: sqlite3.Error.
    """
    with state.round():
        count = _sightings(state, now_us - KEPT_DAYS * _DAY_US, is_sealing=is_sealing)
        _texts(state, now_us - TEXT_DAYS * _DAY_US)
        state.run(
            "DELETE FROM outbox WHERE settled_us < ? AND kind = 'day'",
            now_us - 2 * KEPT_DAYS * _DAY_US,
        )
        return count


def _sightings(state: WatchState, before_us: int, *, is_sealing: bool) -> int:
    numbers = state.run(
        "SELECT number FROM sighting WHERE shown AND seen_us < ? AND (outbox != 0 OR ?) LIMIT ?",
        *(before_us, not is_sealing, _AT_ONCE),
    )
    state.each("DELETE FROM sighting WHERE number = ?", numbers)
    # Of a batch of rows none is needed once all sightings from its first on are forgotten.
    state.run(
        "DELETE FROM row_batch WHERE kind = 'sighting' AND NOT EXISTS (SELECT 1 FROM sighting "
        "WHERE sighting.stream = row_batch.stream AND sighting.place >= row_batch.first)"
    )
    return len(numbers)


def _texts(state: WatchState, before_us: int) -> None:
    over = (StreamState.DONE, StreamState.PACKED, StreamState.ROTATED)
    marks = ",".join("?" * len(over))
    old = state.run(
        f"SELECT number FROM stream WHERE taken_us < ? AND state IN ({marks}) AND NOT EXISTS "  # noqa: S608
        "(SELECT 1 FROM sighting WHERE sighting.stream = stream.number) AND NOT EXISTS "
        "(SELECT 1 FROM part WHERE part.stream = stream.number AND part.outbox = 0) LIMIT ?",
        *(before_us, *over, _AT_ONCE),
    )
    for table in ("part", "row_batch", "sealed_end"):
        state.each(f"DELETE FROM {table} WHERE stream = ?", old)  # noqa: S608
    state.each("DELETE FROM stream WHERE number = ?", old)
