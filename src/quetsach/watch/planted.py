"""Names that are planted on purpose: a source that shows them is known to see; they are no contact.

They are looked for as a list of their own; what meets one is told to the portal, never as a
sighting.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from ipaddress import AddressValueError, IPv4Address, IPv4Network
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pyarrow as pa

from quetsach.atomic_files import replace_whole
from quetsach.blocklists.planted import PlantedKey, planted_between
from quetsach.clocks import MICROSECONDS
from quetsach.indicators.indicator_set import indicator_table
from quetsach.indicators.model import IndicatorSet
from quetsach.watch.keeping import RoundRows, signed
from quetsach.watch.sources import source_of
from quetsach.watch.state import WatchState

PLANTED = "planted.txt"
"""The file of the state with the names that are planted today."""

PLANTED_NAME = "planted.quetsach.example"
"""All planted names lie below it; what else a portal tells is not kept from anybody's eyes."""

_BELOW = re.compile(rf"(?:[a-z0-9_-]+\.)+{re.escape(PLANTED_NAME)}")
_NETWORK = IPv4Network("192.0.2.0/24")

PLANTED_TODAY = "planted_today"
"""Setting: the day, and what the key of an office plants on it."""

MOST_PLANTED = 500
_KEPT = 1000

APART = -2
"""The folder of a sighting that is told in none."""


def keep_planted(folder: Path, names: Sequence[str]) -> None:
    """Keep the names that are planted, of which PLANTED_NAME is one.

    Others are left out, whoever tells them: what is planted is no sighting.
    """
    kept = sorted({PLANTED_NAME, *filter(_is_planted, names[:MOST_PLANTED])})
    text = "".join(f"{one}\n" for one in kept).encode()
    path = folder / PLANTED
    if not path.exists() or path.read_bytes() != text:
        replace_whole(path, text)


@dataclass
class PlantedDays:
    """What the key of an office plants: kept in the state day by day, and which of it was seen.

    `key` is None where no key is given.
    """

    state: WatchState
    key: PlantedKey | None
    zone: ZoneInfo
    _day: date | None = None

    def look(self, now_us: int) -> None:
        """Keep what is planted today, if that is another day than before. Errors: OSError."""
        day = datetime.fromtimestamp(now_us / MICROSECONDS, self.zone).date()
        if self.key is None or day == self._day:
            return
        # A line of yesterday may come after midnight.
        contacts = list(planted_between(self.key, day - timedelta(days=1), day))
        keep_planted(
            self.state.folder, [text for one in contacts for text in (one.name, one.address)]
        )
        today = [(one.place, one.name, one.address) for one in contacts if one.day == day]
        with self.state.round():
            kept = msgspec.json.encode({"day": day.isoformat(), "contacts": today}).decode()
            self.state.set({PLANTED_TODAY: kept})
        self._day = day


def planted_standing(state: WatchState) -> list[dict[str, Any]]:
    """Return what is planted today by the key of an office, place by place, and where it was seen.

    Units: `seen_us` since 1970, None where no source showed it yet.
    """
    kept = msgspec.json.decode(state.setting(PLANTED_TODAY, "{}"), type=dict[str, Any])
    standing = []
    for place, name, _address in kept.get("contacts", ()):
        rows = state.run(
            "SELECT source, seen_us FROM planted WHERE name = ? ORDER BY seen_us DESC LIMIT 1", name
        )
        source, seen_us = rows[0] if rows else ("", None)
        standing.append(
            {"day": kept["day"], "place": place, "name": name, "source": source, "seen_us": seen_us}
        )
    return standing


def _is_planted(text: str) -> bool:
    try:
        return _BELOW.fullmatch(text) is not None or IPv4Address(text) in _NETWORK
    except AddressValueError:
        return False


def planted_in(folder: Path) -> frozenset[str]:
    """Return the names that are planted, none where no portal told any."""
    try:
        return frozenset((folder / PLANTED).read_text(encoding="utf-8").split())
    except OSError:
        return frozenset()


def part_planted(
    state: WatchState,
    kept: RoundRows,
    names: frozenset[str],
    arguments: Sequence[str],
    now_us: int,
) -> None:
    """Take out of `kept` what met a planted name, and note which source showed it.

    It is seen at the line's own time, with the clock offset of its source; at `now_us` where the
    line has none.
    """
    if not names:
        return
    rows: list[tuple[int, pa.RecordBatch]] = []
    for stream, batch in kept.rows:
        keys = batch.column("quetsach.indicator.key").to_pylist()
        is_planted = [is_below(key, names) for key in keys]
        if any(is_planted):
            _note(state, batch.filter(pa.array(is_planted)), arguments, now_us)
            kept.figures.sightings -= sum(is_planted)
            batch = batch.filter(pa.array([not one for one in is_planted]))  # noqa: PLW2901
        if batch.num_rows:
            rows.append((stream, batch))
    kept.rows = rows


def listed_count(indicators: IndicatorSet, planted: frozenset[str]) -> int:
    """Return how many indicators a list has, without those that are only `planted`."""
    table = indicator_table(indicators)
    rows = (row for key in planted for row in table.of_key(key))
    only_planted = sum(
        all(Path(one.list_name).name == PLANTED for one in row.origins) for row in rows
    )
    return len(indicators.indicators) - only_planted


def is_below(key: str, names: frozenset[str]) -> bool:
    """Return whether a name is one of `names` or lies below one."""
    parts = key.split(".")
    return any(".".join(parts[first:]) in names for first in range(len(parts)))


def us_of_time(when: datetime | None, otherwise_us: int) -> int:
    """Return a time in us since 1970, `otherwise_us` for none."""
    return otherwise_us if when is None else round(when.timestamp() * MICROSECONDS)


def _note(state: WatchState, batch: pa.RecordBatch, arguments: Sequence[str], now_us: int) -> None:
    for row in batch.to_pylist():
        shown = row.get(row["quetsach.match.field"]) or row["threat.indicator.name"]
        source = source_of(row["log.file.path"] or "", arguments)
        state.run(
            "INSERT INTO planted VALUES(?, ?, ?) ON CONFLICT(name, source) "
            "DO UPDATE SET seen_us = MAX(seen_us, excluded.seen_us)",
            *(str(shown)[:200], source, us_of_time(row["@timestamp"], now_us)),
        )
        state.run(
            "UPDATE sighting SET shown = 1, outbox = ? WHERE number = ?",
            *(APART, signed(row["quetsach.sighting.id"])),
        )
    state.run(
        "DELETE FROM planted WHERE seen_us < (SELECT MIN(seen_us) FROM "
        "(SELECT seen_us FROM planted ORDER BY seen_us DESC LIMIT ?))",
        _KEPT,
    )
