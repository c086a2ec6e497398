"""Who was active on which day in which source, and which device that was: `alive.parquet`.

By columns: what nothing is known of is counted in bitmaps, and an address of which something is
known is named once for each period in which it was one device.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyroaring import BitMap

from quetsach.errors.exceptions import QuetsachError
from quetsach.findings.alive_days import ActiveDay, DaysTogether, counted
from quetsach.findings.coverage import SourceCoverage, hours_by_day
from quetsach.findings.folder import ALIVE, unread_table
from quetsach.findings.speakers import ActiveAddresses, number_array, text_array
from quetsach.sieve.address_sets import parsed

if TYPE_CHECKING:
    from quetsach.attribution.hourly_columns import AskedHours, DeviceStretches
    from quetsach.findings.changed_hands import ChangedHands, Stretches
else:
    Stretches = Sequence

SCHEMA = pa.schema(
    [
        pa.field("source", pa.int32(), nullable=False),
        pa.field("day", pa.string(), nullable=False),
        pa.field("address", pa.string(), nullable=False),
        pa.field("device", pa.string()),
        pa.field("hours", pa.int32(), nullable=False),
    ]
)
"""The columns of `alive.parquet`; `source` is a place in the sources of `coverage.json`."""

GROUP_ROWS = 65_536

MANY = 2000
"""Of more addresses than this the devices are told by columns."""


class DeviceNames(Protocol):
    """Anything that knows which device had an address in an hour; any other is its own text."""

    def known_addresses(self) -> Iterable[str]:
        """Return at least each address that may be another device than its text."""
        ...

    def over(self, address: str, first_us: int, last_us: int) -> Stretches:
        """Return which device it was in these hours, the first stretch from `first_us`."""
        ...

    def columns(self, asked: "AskedHours") -> "DeviceStretches":
        """Return what `over` does for many addresses, but those that it must be asked for."""
        ...


@dataclass(frozen=True, order=True)
class AliveAddress:
    """An address that spoke on a local day, in how many of its hours, and the device it was."""

    source: int
    day: str
    address: str
    device: str | None
    hours: int


def alive_rows(
    sources: Sequence[SourceCoverage],
    names: DeviceNames,
    zone: ZoneInfo,
    offsets_us: Mapping[int, int] | None = None,
) -> Iterator[pa.RecordBatch]:
    """Return who was alive in each source, in order; a file given twice counts once.

    `offsets_us` (by the number of a source) set its clock right before a device is named; the days
    stay those that it wrote. All questions are asked before it returns: the rows may be taken in
    another thread.

    An address that changed hands within a day has a row for each device.
    Shapes: batches of SCHEMA, each of some days of some sources.
    Cost: one call of `names.over` for each address that it knows, of more than MANY one of
    `names.columns` for most; memory for those, and one batch.
    """
    spoken = [
        (number, source, (offsets_us or {}).get(number, 0))
        for number, source in enumerate(sources)
        if source.duplicate_of is None
    ]
    return _rows(spoken, _Devices(spoken, names), zone)


def _rows(spoken: "_Spoken", devices: "_Devices", zone: ZoneInfo) -> Iterator[pa.RecordBatch]:
    days = DaysTogether()
    for number, source, offset_us in spoken:
        for day, hours in hours_by_day(source.alive, zone).items():
            days.add(number, day, devices.apart(hours, offset_us))
            if days.rows >= GROUP_ROWS:
                yield devices.of_days(days)
                days = DaysTogether()
    if days.rows:
        yield devices.of_days(days)


_Spoken = Sequence[tuple[int, SourceCoverage, int]]
"""Sources with their numbers and what is added to their times."""


class _Devices:
    """The devices of everybody who spoke and is more than an address.

    Shapes: `_named` are addresses that were one device all the time, rising, `_lasting` that
    device, null where it is in doubt; `_changed` are those that changed hands, of which `_hands`
    knows.
    """

    def __init__(self, spoken: _Spoken, names: DeviceNames) -> None:
        by_hour: dict[int, BitMap] = {}
        for _number, source, offset_us in spoken:
            for hour, addresses in source.alive.items():
                if hour is not None:
                    by_hour.setdefault(hour + offset_us, BitMap()).update(addresses)
        known = parsed(names.known_addresses())
        to_ask = BitMap.union(BitMap(), *(known & one for one in by_hour.values()))
        firsts, lasts = _first_hours(by_hour, to_ask), _first_hours(by_hour, to_ask, latest=True)
        texts = [*ActiveAddresses(to_ask)]
        spans = [firsts[one] for one in to_ask], [lasts[one] for one in to_ask]

        def over(place: int) -> Stretches:
            return names.over(texts[place], spans[0][place], spans[1][place])

        self._hands: ChangedHands | None = None
        if len(to_ask) > MANY:
            # They load NumPy, which a sweep with few such addresses does not need.
            from quetsach.findings.many_devices import changed_hands, held_by, lasting

            columns = held_by(names, over, texts, spans)
            places, self._lasting = lasting(columns, len(texts))
            numbers = to_ask.to_array()
            self._changed = BitMap(numbers[place] for place in places.tolist())
            if self._changed:
                self._hands = changed_hands(sorted(by_hour), numbers, places, columns)
        else:
            stretches = [over(place) for place in range(len(texts))]
            changing = {one: each for one, each in zip(to_ask, stretches, strict=True) if each[1:]}
            self._changed = BitMap(changing)
            self._lasting = pa.array([one[0][1] for one in stretches if not one[1:]], pa.string())
            if changing:
                self._hands = _changed_hands(sorted(by_hour), changing)
        self._named = number_array(to_ask - self._changed)

    def apart(self, hours: Mapping[int, BitMap], offset_us: int) -> ActiveDay:
        """Return who spoke on a day, and those apart who changed hands."""
        if not self._changed:
            return ActiveDay(counted([*hours.values()]), None)
        lasting = counted([one - self._changed for one in hours.values()])
        changed = {hour + offset_us: one & self._changed for hour, one in hours.items()}
        if self._hands is None or not any(changed.values()):
            return ActiveDay(lasting, None)
        return ActiveDay(lasting, self._hands.of_hours(changed))

    def of_days(self, days: DaysTogether) -> pa.RecordBatch:
        """Return the rows of some days, by source, day, address and device."""
        rows = days.lasting()
        texts = text_array(rows.address)
        columns = days.in_order(rows, texts, self._of_lasting(rows.address, texts))
        return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)

    def _of_lasting(self, addresses: pa.UInt32Array, texts: pa.StringArray) -> pa.StringArray:
        """Return the device of each address that never changed hands, by default its text."""
        if not len(self._named):
            return texts
        places = pc.index_in(addresses, value_set=self._named)
        return pc.if_else(places.is_valid(), self._lasting.take(places), texts)


def _changed_hands(hours: Sequence[int], changing: Mapping[int, Stretches]) -> "ChangedHands":
    # Loads NumPy, which a sweep without such addresses does not need.
    from quetsach.arrays import np
    from quetsach.findings.changed_hands import ChangedHands, listed

    return ChangedHands(hours, np.array([*changing], np.int64), listed([*changing.values()]))


def _first_hours(
    by_hour: Mapping[int, BitMap], watched: BitMap, *, latest: bool = False
) -> dict[int, int]:
    """Return the first hour of each of these addresses, or the last."""
    hours: dict[int, int] = {}
    missing = BitMap(watched)
    for hour in sorted(by_hour, reverse=latest):
        met = by_hour[hour] & missing
        if met:
            hours.update(dict.fromkeys(met, hour))
            missing -= met
    return hours


def write_alive(path: Path, batches: Iterable[pa.RecordBatch]) -> None:
    """Write the rows of `batches` as `alive.parquet`; the same rows give the same bytes."""
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        for group in _groups(batches):
            writer.write_table(group.combine_chunks())


@contextmanager
def written_beside(path: Path, batches: Iterable[pa.RecordBatch]) -> Iterator[None]:
    """Write as `write_alive` does while the block runs: most of it needs no lock of Python's."""
    failed: list[BaseException] = []

    def write() -> None:
        try:
            write_alive(path, batches)
        except BaseException as error:  # noqa: BLE001 - raised again by who waits
            failed.append(error)

    writer = Thread(target=write, name="alive")
    writer.start()
    try:
        yield
    finally:
        writer.join()
    if failed:
        raise failed[0]


def _groups(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Yield all rows in tables of GROUP_ROWS, the last may have fewer."""
    waiting, rows = [], 0
    for batch in batches:
        waiting.append(batch)
        rows += batch.num_rows
        if rows < GROUP_ROWS:
            continue
        table = pa.Table.from_batches(waiting, SCHEMA)
        while rows >= GROUP_ROWS:
            yield table.slice(0, GROUP_ROWS)
            table = table.slice(GROUP_ROWS)
            rows = table.num_rows
        waiting = table.to_batches()
    if rows:
        yield pa.Table.from_batches(waiting, SCHEMA)


def read_alive(folder: Path) -> Iterator[AliveAddress] | None:
    """Return the rows of the findings in `folder`, None where an earlier version wrote none.

    Errors: E305 while reading, when the file is damaged or of another form.
    """
    path = folder / ALIVE
    if not path.is_file():
        return None
    return (AliveAddress(**row) for batch in _batches(path) for row in batch.to_pylist())


SpeakersOfDay = tuple[int, str, Sequence[tuple[str, str]]]
"""A source, a day, and the (address, device) that spoke in it, the device "" where in doubt."""


def read_alive_days(folder: Path) -> Iterator[SpeakersOfDay] | None:
    """Return the rows of the findings in `folder` by source and day, as `read_alive` does.

    Shapes: the same pair is the same object wherever it comes; a day may come in several parts.
    Errors: E305 while reading, when the file is damaged or of another form.
    """
    path = folder / ALIVE
    return _days(path) if path.is_file() else None


def _days(path: Path) -> Iterator[SpeakersOfDay]:
    pairs: dict[tuple[str, str], tuple[str, str]] = {}
    for batch in _batches(path):
        columns = [_texts(batch.column(name)) for name in ("address", "device")]
        speakers = [pairs.setdefault(one, one) for one in zip(*columns, strict=True)]
        keys = zip(batch.column("source").to_pylist(), _texts(batch.column("day")), strict=True)
        rows = zip(keys, speakers, strict=True)
        for (source, day), of_day in groupby(rows, key=itemgetter(0)):
            yield source, day, [speaker for _key, speaker in of_day]


def _texts(column: pa.Array) -> list[str]:
    """Return a column of texts, each different one made once, "" for null."""
    coded = column.fill_null("").dictionary_encode()
    words = coded.dictionary.to_pylist()
    return [words[code] for code in coded.indices.to_pylist()]


def _batches(path: Path) -> Iterator[pa.RecordBatch]:
    try:
        with pq.ParquetFile(path) as file:
            if file.schema_arrow != SCHEMA:
                raise QuetsachError("E305", str(path), reason="schema")
            for batch in file.iter_batches():
                # Texts that are none would be met by whoever reads them.
                batch.validate(full=True)
                yield batch
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise unread_table(path, error) from error
