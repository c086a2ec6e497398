"""Sightings folded by device: in columns while they come, and one device at a time at the end."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from quetsach.arrays import Marks, Numbers, np
from quetsach.attribution.model import CERTAINTIES
from quetsach.attribution.questions import (
    TO_LOOK_AT,
    Attribution,
    MissingEvidence,
    SightingRole,
)
from quetsach.findings.device_fold import (
    HOUR_US,
    MOST_PROGRAMS,
    MOST_SAMPLES,
    DeviceNaming,
    DeviceTotals,
    IndicatorOfDevice,
    SightingCounts,
    without_person,
)
from quetsach.findings.grouping import Columns, GrowingGroups, first_few, in_order, totals
from quetsach.findings.met_indicator import SightedIndicator
from quetsach.findings.sighting_columns import NOTHING, SightingColumns
from quetsach.scanning.grades import SightingGrade

_LAST = int(np.iinfo(np.int64).max)
_GRADES = tuple(SightingGrade)
_BY_KEY = 32
"""A device and an indicator make one number: so many bits are the indicator's."""


_AT_ONCE = 1_000
"""So many devices are taken out of the columns together."""


@dataclass(frozen=True)
class _Place:
    """Of whom sightings are counted together; `lack` parts those of nobody by what is missing."""

    role: SightingRole
    device: str
    lack: MissingEvidence | None = None


@dataclass
class _BestRows:
    """The sighting of each place that says how its device was found; see `order_of`."""

    columns: Columns = field(
        default_factory=lambda: (
            *(np.zeros(0, np.int64) for _ in range(3)),
            np.zeros(0, np.uint64),
        )
    )

    def better(self, places: Numbers, order: Columns) -> Marks:
        """Return which rows come before the best one of their place."""
        better = np.zeros(len(places), np.bool_)
        same = np.ones(len(places), np.bool_)
        for column, best in zip(order, self.columns, strict=True):
            known = best[places]
            better |= same & (column < known)
            same &= column == known
        return better

    def grow(self, count: int) -> None:
        """Make room for so many places; the best of a new one is no sighting at all."""
        known = len(self.columns[0])
        if count > known:
            room = max(count - known, known)
            worst = np.full(room, _LAST, np.int64)
            self.columns = tuple(
                np.concatenate([column, worst.astype(column.dtype)]) for column in self.columns
            )

    def put(self, place: int, order: Sequence[int]) -> None:
        """Set the best row of a place."""
        for column, number in zip(self.columns, order, strict=True):
            column[place] = number


def parted(batch: SightingColumns) -> tuple[Numbers, Numbers, list[SightedIndicator]]:
    """Return the rows of `batch` that tell of contacts, the lines to look at, and what was met.

    Shapes: what was met is in the order in which it was met last.
    """
    mentions = [one for one in in_order(batch.who) if batch.answers[one].lack in TO_LOOK_AT]
    is_mention = np.isin(batch.who, np.array(mentions, np.int64))
    rows = np.flatnonzero(~is_mention)
    met = [batch.indicators[place] for place in reversed(in_order(batch.what[rows][::-1]))]
    return rows, np.flatnonzero(is_mention), met


class DeviceGroups:
    """Sightings by device and role, in groups of numbers; `texts` are those of the columns."""

    def __init__(self) -> None:
        self._places: dict[_Place, int] = {}
        self._named: list[DeviceNaming] = []
        self._of_answer = np.full(0, -1, np.int64)
        self._residue_of_answer = np.full(0, -1, np.int64)
        self._best = _BestRows()
        self._keys: dict[str, int] = {}
        self._key_of_indicator: list[int] = []
        self._indicators: Sequence[SightedIndicator] = ()
        self._texts: Sequence[str] = ()
        ways = (np.add, np.add, np.maximum, np.minimum, np.maximum, np.maximum, None)
        self._pairs = GrowingGroups(totals(1, ways))
        self._samples = GrowingGroups(first_few(1, MOST_SAMPLES))
        self._hours = GrowingGroups(totals(2, (np.add,)))
        self._ports = GrowingGroups(totals(2, ()))
        self._windows = GrowingGroups(totals(2, ()))
        self._programs = GrowingGroups(totals(2, (np.minimum,)))
        self._rows = 0

    def add(self, batch: SightingColumns, rows: Numbers) -> None:
        """Count these rows of `batch`, which come after all that were counted."""
        if not len(rows):
            return
        self._indicators, self._texts = batch.indicators, batch.texts
        self._place(batch, rows)
        places = self._of_answer[batch.who[rows]]
        residue = self._residue_of_answer[batch.who[rows]]
        nobody = np.flatnonzero(residue >= 0)
        if len(nobody):
            # What has no device counts among all of it, and by the reason.
            rows = np.concatenate([rows, rows[nobody]])
            places = np.concatenate([places, residue[nobody]])
        self._choose(batch, rows, places)
        self._count(batch, rows, places)
        self._rows += len(batch.numbers)

    def _place(self, batch: SightingColumns, rows: Numbers) -> None:
        """Take in the answers that are new, in the order of their first rows."""
        who = batch.who[rows]
        most = int(who.max()) + 1
        if most > len(self._of_answer):
            room = np.full(max(most - len(self._of_answer), len(self._of_answer)), -1, np.int64)
            self._of_answer = np.concatenate([self._of_answer, room])
            self._residue_of_answer = np.concatenate([self._residue_of_answer, room])
        for answer in in_order(who[self._of_answer[who] < 0]):
            attribution = batch.answers[answer]
            self._of_answer[answer] = self._taken(
                _Place(attribution.role, attribution.device), attribution
            )
            if attribution.role is SightingRole.NOBODY:
                place = _Place(attribution.role, attribution.device, attribution.lack)
                self._residue_of_answer[answer] = self._taken(place, attribution)
        self._best.grow(len(self._named))

    def _taken(self, place: _Place, attribution: Attribution) -> int:
        number = self._places.setdefault(place, len(self._places))
        if number == len(self._named):
            self._named.append(DeviceNaming(attribution))
        self._named[number].take(attribution)
        return number

    def _choose(self, batch: SightingColumns, rows: Numbers, places: Numbers) -> None:
        """Let the surest sighting say how a device was found; among equals the earliest."""
        who, when_us = batch.who[rows], batch.when_us[rows]
        answers = in_order(who)
        grades = np.zeros(max(answers) + 1, np.int64)
        grades[answers] = [CERTAINTIES.index(batch.answers[one].grade) for one in answers]
        untimed = (when_us == NOTHING).astype(np.int64)
        order = (grades[who], untimed, np.where(untimed, 0, when_us), batch.numbers[rows])
        better = np.flatnonzero(self._best.better(places, order))
        chosen = (places[better], *(column[better] for column in order), better)
        if not len(better):
            return
        for place, *best, best_row in zip(
            *(column.tolist() for column in first_few(1, 1)(chosen)), strict=True
        ):
            self._best.put(place, best)
            self._named[place].attribution = batch.answers[int(who[best_row])]

    def _count(self, batch: SightingColumns, rows: Numbers, places: Numbers) -> None:
        when_us, ranks = batch.when_us[rows], batch.ranks[rows]
        untimed = when_us == NOTHING
        pairs = places << _BY_KEY | self._numbers_of_keys(batch)[batch.what[rows]]
        self._pairs.add(
            pairs,
            np.ones(len(rows), np.int64),
            batch.connections[rows],
            ranks,
            np.where(untimed, _LAST, when_us),
            when_us,
            batch.confidences_then[rows],
            batch.what[rows],
        )
        self._samples.add(pairs, -ranks, np.where(untimed, 0, when_us), batch.numbers[rows])
        timed = np.flatnonzero(~untimed)
        self._hours.add(places[timed], when_us[timed] // HOUR_US, np.ones(len(timed), np.int64))
        for groups, column in ((self._ports, batch.ports), (self._windows, batch.windows)):
            told = np.flatnonzero(column[rows] != NOTHING)
            groups.add(pairs[told], column[rows][told])
        told = np.flatnonzero(batch.programs[rows] != NOTHING)
        self._programs.add(places[told], batch.programs[rows][told], self._rows + rows[told])

    def _numbers_of_keys(self, batch: SightingColumns) -> Numbers:
        """Return the number of the key of each indicator: several may have the same."""
        for met in batch.indicators[len(self._key_of_indicator) :]:
            self._key_of_indicator.append(self._keys.setdefault(met.key, len(self._keys)))
        return np.array(self._key_of_indicator, np.int64)

    def in_role(self, role: SightingRole) -> Iterator[DeviceTotals]:
        """Yield each device that has this role, the strongest first."""
        numbers = {
            place.device: number
            for place, number in self._places.items()
            if place.role is role and place.lack is None
        }
        yield from self._devices(numbers)

    def nobody(self) -> DeviceTotals | None:
        """Return what has no device, all of it together."""
        found = self._places.get(_Place(SightingRole.NOBODY, ""))
        return None if found is None else next(self._devices({"": found}))

    def residue(self) -> Iterator[tuple[MissingEvidence, DeviceTotals]]:
        """Yield what has no device by the reason, in order."""
        for lack, number in sorted(
            (place.lack, number) for place, number in self._places.items() if place.lack is not None
        ):
            yield lack, next(self._devices({"": number}))

    def _devices(self, numbers: Mapping[str, int]) -> Iterator[DeviceTotals]:
        """Yield the devices with these numbers of their places, the strongest first."""
        if not numbers:
            return
        pairs = self._pairs.rows()
        of_place = np.arange(len(self._named) + 1)
        in_place = pairs[0] >> _BY_KEY
        ranks = np.maximum(pairs[3], SightingGrade.ASKED.rank)
        _places, counts, ranks = totals(1, (np.add, np.maximum))((in_place, pairs[1], ranks))
        order = sorted(
            (-int(ranks[number]), -int(counts[number]), device, number)
            for device, number in numbers.items()
        )
        by_place = [
            _Slices(columns, of_place)
            for columns in ((in_place, *pairs), self._hours.rows(), self._programs.rows())
        ]
        by_pair = [
            _Slices(groups.rows(), pairs[0])
            for groups in (self._samples, self._ports, self._windows)
        ]
        for first in range(0, len(order), _AT_ONCE):
            chosen = np.array([number for *_, number in order[first : first + _AT_ONCE]], np.int64)
            of_device, hours, programs = (slices.of(chosen) for slices in by_place)
            of_pair = _OfPairs(*(slices.of(of_device.rows) for slices in by_pair))
            for place, number in enumerate(chosen.tolist()):
                yield DeviceTotals(
                    self._named[number],
                    self._program_names(programs.at(place)),
                    [(hour, count) for _, hour, count in zip(*hours.at(place), strict=True)],
                    [
                        self._finding(row, pair, of_pair)
                        for pair, row in enumerate(
                            zip(*of_device.at(place)[2:], strict=True), of_device.ends[place]
                        )
                    ],
                )

    def _finding(self, row: tuple[int, ...], pair: int, of_pair: "_OfPairs") -> IndicatorOfDevice:
        count, connections, rank, first_us, last_us, confidence, what = row
        is_timed = last_us != NOTHING
        tally = SightingCounts(
            count,
            connections,
            first_us if is_timed else None,
            last_us if is_timed else None,
            _GRADES[max(rank, SightingGrade.ASKED.rank)],
            [*zip(*of_pair.samples.at(pair)[1:], strict=True)],
        )
        return IndicatorOfDevice(
            self._indicators[what],
            tally,
            of_pair.ports.at(pair)[1],
            [self._texts[one] for one in of_pair.windows.at(pair)[1]],
            None if confidence == NOTHING else confidence,
        )

    def _program_names(self, columns: list[list[int]]) -> list[str]:
        """Return the programs that were seen first, without the names of people."""
        names: dict[str, None] = {}
        for _first, program in sorted(zip(columns[2], columns[1], strict=True)):
            if len(names) < MOST_PROGRAMS:
                names[without_person(self._texts[program])] = None
        return list(names)


class _Slices:
    """The rows of groups by their first column: those of the first key that is asked for, ..."""

    def __init__(self, columns: Columns, keys: Numbers) -> None:
        self._columns = columns or (np.zeros(0, np.int64),) * 3
        self._first = np.searchsorted(self._columns[0], keys)
        self._last = np.searchsorted(self._columns[0], keys, "right")

    def of(self, places: Numbers) -> "_Chosen":
        """Return the rows of the keys at `places`, in their order."""
        first = self._first[places]
        counts = self._last[places] - first
        ends = np.concatenate([[0], np.cumsum(counts)])
        rows = np.repeat(first - ends[:-1], counts) + np.arange(ends[-1])
        return _Chosen(rows, ends.tolist(), [column[rows].tolist() for column in self._columns])


_NO_ROWS: list[list[int]] = [[], [], [], []]


@dataclass(frozen=True)
class _Chosen:
    """Rows of some keys one behind the other, as plain numbers; those of a key end at `ends`.

    Shapes: `rows` are their places in the groups; `ends` begins with 0.
    """

    rows: Numbers
    ends: list[int]
    columns: list[list[int]]

    def at(self, place: int) -> list[list[int]]:
        """Return the columns of the rows of the key at `place`."""
        first, last = self.ends[place], self.ends[place + 1]
        return [column[first:last] for column in self.columns] if first < last else _NO_ROWS


@dataclass(frozen=True)
class _OfPairs:
    """What is told of each pair of device and indicator beside its totals."""

    samples: _Chosen
    ports: _Chosen
    windows: _Chosen
