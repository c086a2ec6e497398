"""The fingerprints of a watch: keys of the names and addresses that its logs held, day by day.

They stay here, with their secrets, when the logs are gone: `quetsach indicators would-hit` asks
them. The keys of a chunk are kept in its transaction, and joined into the file of their day now and
then: a watch that is killed in between joins them once more, which changes nothing.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from quetsach.addresses import Network
from quetsach.arrays import np
from quetsach.clocks import MICROSECONDS
from quetsach.errors.exceptions import Problem
from quetsach.fingerprints.day_files import DayPrint, write_day
from quetsach.fingerprints.month_secrets import SecretFolder
from quetsach.scanning.day_tokens import SpanTokens
from quetsach.sieve.token_keys import token_keys
from quetsach.sweeping.token_days import NOT_LEFT_OUT
from quetsach.watch.state import WatchState

FOLDER, SECRETS = "fingerprints", "fingerprint-keys"
"""The folders of the state with the fingerprints, and with the secret of each month."""

JOINED = "prints_joined_us"
"""Setting: what was read by then is in the files of its days."""

JOIN_S = 60.0
MOST_WAITING = 500
"""So many chunks wait at most until they are joined with their days."""

UNIT = "watch"
"""Whose fingerprints they are called, as a watch knows no unit."""


@dataclass
class WatchPrints:
    """Keeps the fingerprints of a watch, where `is_wanted`; `inside` has no keys."""

    state: WatchState
    inside: Sequence[Network]
    is_wanted: bool
    _joined_s: float = 0.0

    def keep(
        self, stream: int, tokens: Iterable[SpanTokens], problems: Iterable[Problem] = ()
    ) -> None:
        """Keep the tokens of a chunk as keys; it belongs into the round that reads it.

        Errors: E328 where a secret cannot be used; sqlite3.Error.
        """
        if not self.is_wanted:
            return
        is_whole = all(problem.code in NOT_LEFT_OUT for problem in problems)
        secrets = SecretFolder(self.state.folder / SECRETS)
        for of_days in tokens:
            first, last = (None, None) if of_days.span is None else of_days.span
            day = _day(first, last)
            secret = secrets.secret_or_new(UNIT, day.month)
            keys = np.frombuffer(token_keys(of_days.tokens, secret.value), np.uint64).astype(
                np.int64
            )
            self.state.run(
                "INSERT INTO print_part(first, last, key_id, stream, lines, is_complete, keys) "
                "VALUES(?, ?, ?, ?, ?, ?, ?)",
                *(str(first or ""), str(last or ""), secret.key_id, stream, of_days.lines),
                *(is_whole and of_days.tokens.is_complete, keys.tobytes()),
            )

    def join(self, *, is_last: bool = False) -> None:
        """Join what was kept with the files of its days, if it is time for it.

        Errors: E327 where they cannot be written: it is tried again; sqlite3.Error.
        """
        if not self.is_wanted:
            return
        waiting = self.state.run("SELECT COUNT(*) FROM print_part")[0][0]
        is_due = time.monotonic() - self._joined_s >= JOIN_S or waiting >= MOST_WAITING
        if not (is_last or is_due):
            return
        self._joined_s = time.monotonic()
        now_us = int(time.time() * MICROSECONDS)
        days = self.state.run("SELECT DISTINCT first, last, key_id FROM print_part")
        for first, last, key_id in days:
            self._join_day(first, last, key_id)
        with self.state.round():
            self.state.set({JOINED: str(now_us)})

    def _join_day(self, first: str, last: str, key_id: str) -> None:
        of_day = "first = ? AND last = ? AND key_id = ?"
        rows = self.state.run(
            f"SELECT number, stream, lines, is_complete, keys FROM print_part WHERE {of_day}",  # noqa: S608
            *(first, last, key_id),
        )
        parts = [np.frombuffer(keys, np.int64) for *_facts, keys in rows]
        with self.state.round():
            self.state.each(
                "INSERT INTO print_day VALUES(?, ?, ?, ?) ON CONFLICT(first, last, stream) "
                "DO UPDATE SET lines = lines + excluded.lines",
                ((first, last, stream, lines) for _number, stream, lines, *_rest in rows),
            )
            lines, sources = self.state.run(
                "SELECT SUM(lines), COUNT(*) FROM print_day WHERE first = ? AND last = ?",
                *(first, last),
            )[0]
            day = _day(
                date.fromisoformat(first) if first else None,
                date.fromisoformat(last) if last else None,
                lines=lines,
                sources=sources,
                key_id=key_id,
                inside=tuple(sorted(map(str, self.inside))),
                is_complete=all(is_complete for *_facts, is_complete, _keys in rows),
            )
            write_day(self.state.folder / FOLDER, day, np.unique(np.concatenate(parts)))
            self.state.each(
                "DELETE FROM print_part WHERE number = ?", ((number,) for number, *_rest in rows)
            )


def _day(
    first: date | None,
    last: date | None,
    *,
    lines: int = 0,
    sources: int = 0,
    key_id: str = "",
    inside: tuple[str, ...] = (),
    is_complete: bool = True,
) -> DayPrint:
    return DayPrint(
        unit=UNIT,
        first=first,
        last=last,
        lines=lines,
        sources=sources,
        keys=0,
        key_id=key_id,
        inside=inside,
        is_complete=is_complete,
    )
