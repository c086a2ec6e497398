"""What is told of the new sightings: each once, and of a loud machine once an hour with a count."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from quetsach.clocks import MICROSECONDS
from quetsach.watch.keeping import sightings_in, signed
from quetsach.watch.state import WatchState

SHOWN_AGAIN_US = 3600 * MICROSECONDS
"""How long repeats of a device and an indicator are only counted."""

RECURS_US = 24 * 3600 * MICROSECONDS
"""A device that was not met for so long and is met again is told at once, as a new one is."""


MOST_EARLY = 100_000
"""So many pairs that were told before their turn are remembered without the state."""


@dataclass(frozen=True)
class NewSightings:
    """Sightings that were not told yet.

    Shapes: `rows` are all of them, as mappings by the names of SIGHTING; `shown` those of a device
    and an indicator that were not shown for an hour, each with how many came since then; `has_new`
    says that a device is among them that was not met for a day.
    """

    rows: Sequence[dict[str, Any]] = ()
    shown: Sequence[tuple[dict[str, Any], int]] = ()
    has_new: bool = False


@dataclass
class SightingReporter:
    """Picks what is told. Who was told of what is kept after it was said: a watch that is killed
    in between says it again, with the same number.
    """

    state: WatchState
    _open: list[tuple[str, str, int, int, int, int]] = field(default_factory=list)
    _numbers: list[int] = field(default_factory=list)
    _ahead: list[tuple[int]] = field(default_factory=list)
    _early: dict[tuple[str, str], int] = field(default_factory=dict)

    def untold(self, now_us: int) -> NewSightings:
        """Return what an earlier watch kept and did not come to tell."""
        if not self.state.run("SELECT 1 FROM sighting WHERE NOT shown LIMIT 1"):
            return NewSightings()
        where = "stream IN (SELECT stream FROM sighting WHERE NOT shown)"
        return self.tidings(sightings_in(self.state, where), now_us)

    def tidings(self, batches: Iterable[pa.RecordBatch], now_us: int) -> NewSightings:
        """Return what of `batches` is to be told; `done` says that it was."""
        batches = list(batches)
        if not batches:
            return NewSightings()
        untold = {
            number for (number,) in self.state.run("SELECT number FROM sighting WHERE NOT shown")
        }
        rows = [
            row
            for batch in batches
            for row in batch.to_pylist()
            if signed(row["quetsach.sighting.id"]) in untold
        ]
        self._numbers += [signed(row["quetsach.sighting.id"]) for row in rows]
        early = self._told_early(rows)
        devices = {who(row) for row in rows if row["quetsach.device.role"] == "client"}
        has_new = any(self._is_new(device, now_us) for device in devices)
        shown = list(self._shown(rows, now_us))
        if early:
            rows = [row for row in rows if row["quetsach.sighting.id"] not in early]
            shown = [one for one in shown if one[0]["quetsach.sighting.id"] not in early]
        return NewSightings(rows, shown, has_new)

    def early(self, batches: Iterable[pa.RecordBatch], now_us: int) -> NewSightings:
        """Return what is told of sightings before it is their turn: each pair once an hour."""
        rows = [row for batch in batches for row in batch.to_pylist()]
        shown = []
        for row in rows:
            pair = (who(row), row["quetsach.indicator.key"])
            before = self.state.run("SELECT shown_us FROM told WHERE device = ? AND key = ?", *pair)
            last_us = max(self._early.get(pair, 0), before[0][0] if before else 0)
            if now_us - last_us >= SHOWN_AGAIN_US:
                if len(self._early) >= MOST_EARLY:
                    # The oldest; by now most of them were told in their turn.
                    del self._early[next(iter(self._early))]
                self._early.pop(pair, None)
                self._early[pair] = now_us
                shown.append((row, 1))
        self._ahead += [(signed(row["quetsach.sighting.id"]),) for row in rows]
        return NewSightings(rows, shown)

    def _told_early(self, rows: Sequence[dict[str, Any]]) -> set[str]:
        """Return the numbers of those that were told before it was their turn."""
        if not rows or not self.state.run("SELECT 1 FROM early LIMIT 1"):
            return set()
        texts = (row["quetsach.sighting.id"] for row in rows)
        known = "SELECT 1 FROM early WHERE number = ?"
        return {text for text in texts if self.state.run(known, signed(text))}

    def _is_new(self, device: str, now_us: int) -> bool:
        last = self.state.run("SELECT MAX(shown_us) FROM told WHERE device = ?", device)[0][0]
        return last is None or now_us - last >= RECURS_US

    def _shown(
        self, rows: Sequence[dict[str, Any]], now_us: int
    ) -> Iterable[tuple[dict[str, Any], int]]:
        firsts: dict[tuple[str, str], dict[str, Any]] = {}
        counts: dict[tuple[str, str], int] = {}
        for row in rows:
            pair = (who(row), row["quetsach.indicator.key"])
            firsts.setdefault(pair, row)
            counts[pair] = counts.get(pair, 0) + 1
        for (device, key), count in counts.items():
            before = self.state.run(
                "SELECT first_us, shown_us, count, since FROM told WHERE device = ? AND key = ?",
                *(device, key),
            )
            first_us, shown_us, total, since = before[0] if before else (now_us, 0, 0, 0)
            is_shown = now_us - shown_us >= SHOWN_AGAIN_US
            if is_shown:
                yield firsts[device, key], since + count
            shown = now_us if is_shown else shown_us
            facts = (device, key, first_us, shown, total + count, 0 if is_shown else since + count)
            self._open.append(facts)

    def done(self) -> None:
        """Keep that all of it was told."""
        if not self._numbers and not self._ahead:
            return
        with self.state.round():
            self.state.each("INSERT OR IGNORE INTO early VALUES(?)", self._ahead)
            self.state.each(
                "DELETE FROM early WHERE number = ?", ((number,) for number in self._numbers)
            )
            self.state.each(
                "UPDATE sighting SET shown = 1 WHERE number = ?",
                ((number,) for number in self._numbers),
            )
            self.state.each("INSERT OR REPLACE INTO told VALUES(?, ?, ?, ?, ?, ?)", self._open)
        self._numbers, self._open, self._ahead = [], [], []


def who(row: dict[str, Any]) -> str:
    """Return the device of a sighting, else its address, else ""."""
    return (
        row["quetsach.device"]
        or row["quetsach.device.address"]
        or row["source.ip"]
        or row["host.name"]
        or ""
    )
