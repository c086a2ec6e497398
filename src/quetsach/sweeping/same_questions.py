"""Sightings that ask the same: the device is named once for each of them, not for each sighting."""

from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from quetsach.arrays import Codes, np
from quetsach.attribution.devices import Attributor
from quetsach.attribution.questions import WRITTEN_BY_CLIENTS, Attribution, SightingEnds
from quetsach.findings.sighting_columns import NOTHING
from quetsach.formats.shared.text_lines import UNKNOWN
from quetsach.sweeping.lasting_codes import (
    NONE,
    LastingCodes,
    LastingRows,
    arrow_of,
    distinct,
)
from quetsach.sweeping.naming import DEVICE_COLUMNS, SightingNamer, device_behind, device_columns

_FILES = "file.hash."

MOST_QUESTIONS = 500_000
"""So many questions are remembered; then all are asked anew."""


@dataclass(frozen=True)
class _Around:
    """What counts for all lines of a file: two files that have the same ask the same.

    `reasons` say why the time of a line without, and with, an applied zone is guessed.
    """

    attributor: Attributor
    offset_us: int
    slack_us: int
    reasons: tuple[str, str]


@dataclass(frozen=True)
class _Question:
    """What of a sighting decides on its device, beside its time."""

    ends: SightingEnds
    around: _Around
    reason: str
    is_outside_window: bool

    def at(self, ends: SightingEnds) -> Attribution:
        """Return the device; `ends` are those of the question at one time."""
        return device_behind(
            self.around.attributor, ends, self.reason, is_outside_window=self.is_outside_window
        )


class NamedAnswers:
    """Answers by number; `texts` has what each fills into the columns of a sighting."""

    def __init__(self) -> None:
        self.by_number: dict[int, Attribution] = {}
        self._texts: dict[int, tuple[Any, ...]] = {}
        self._next = 0
        self._gone: list[int] = []

    def add(self, attribution: Attribution) -> int:
        """Return the number of a new answer."""
        number = self._next
        self._next += 1
        self.by_number[number] = attribution
        self._texts[number] = device_columns(attribution)
        return number

    def columns(self, who: Codes, schema: pa.Schema) -> dict[str, pa.Array]:
        """Return what the answers with these numbers fill into the columns of sightings."""
        numbers, place = distinct(who)
        texts = zip(*(self._texts[one] for one in numbers.tolist()), strict=True)
        places = arrow_of(place)
        return {
            name: pa.array(column, schema.field(name).type).take(places)
            for name, column in zip(DEVICE_COLUMNS, texts, strict=True)
        }

    def let_go(self, number: int) -> None:
        """Say that no later sighting has this answer."""
        self._gone.append(number)

    def forget(self) -> None:
        """Forget the answers that no later sighting has."""
        for number in self._gone:
            del self.by_number[number], self._texts[number]
        self._gone = []


class SameQuestions:
    """Answers which device is behind each of many sightings.

    Cost: one question to the attributor for each address, interval and kind of line; each sighting
    of an own address as the outside sees it is a question of its own, by its ports and time.
    """

    def __init__(self, naming: SightingNamer) -> None:
        self.answers = NamedAnswers()
        self._naming = naming
        self._arounds: list[_Around] = []
        self._places: dict[_Around, int] = {}
        self._around_of: dict[int, int] = {}
        self._begin()

    def _begin(self) -> None:
        self._sources = LastingCodes()
        self._rest = LastingRows(tuple)
        self._codes: dict[int, int] = {}
        self._questions: list[_Question] = []
        self._by_ports: list[bool] = []
        # From when until before when the answer to a question is known to be the same.
        self._since = self._until = np.zeros(0, np.int64)
        self._answer: list[int] = []
        self._untimed: dict[int, int] = {}

    def answer(self, table: pa.Table, files: Codes, when_us: Codes) -> Codes:
        """Return for each row of `table` the number of its answer.

        Shapes: `table` has the columns of SIGHTING in single pieces; `files` are numbers of files.
        """
        if len(self._questions) > MOST_QUESTIONS:
            for number in (*self._answer, *self._untimed.values()):
                if number != NONE:
                    self.answers.let_go(number)
            self._begin()
        self.answers.forget()
        around = self._numbers_around(files)
        offsets = np.array([one.offset_us for one in self._arounds], np.int64)
        moments = np.where(when_us == NOTHING, NOTHING, when_us + offsets[around])
        kinds = self._kinds(table, around)
        who = np.full(len(moments), NONE, np.int64)
        untimed, by_ports = moments == NOTHING, np.array(self._by_ports, np.bool_)[kinds]
        standing = (self._since[kinds] <= moments) & (moments < self._until[kinds])
        standing &= ~untimed & ~by_ports
        who[standing] = np.array(self._answer, np.int64)[kinds[standing]]
        self._ask(who, kinds, moments, np.flatnonzero(~standing & ~untimed & ~by_ports))
        for row in np.flatnonzero(untimed & ~by_ports).tolist():
            who[row] = self._without_time(int(kinds[row]))
        self._ask_each(who, kinds, moments, np.flatnonzero(by_ports), table)
        return who

    def _numbers_around(self, files: Codes) -> Codes:
        numbers, place = distinct(files)
        return np.array([self._number_around(one) for one in numbers.tolist()], np.int64)[place]

    def _number_around(self, file: int) -> int:
        number = self._around_of.get(file)
        if number is None:
            naming = self._naming
            around = _Around(
                naming.attributor_of(file),
                naming.offsets_us.get(file, 0),
                naming.slack_us.get(file, 0),
                (naming.doubts.of_line(file, None), naming.doubts.of_line(file, "zone")),
            )
            number = self._around_of[file] = self._places.setdefault(around, len(self._places))
            if number == len(self._arounds):
                self._arounds.append(around)
        return number

    def _kinds(self, table: pa.Table, around: Codes) -> Codes:
        """Return the number of the question of each row; new questions are taken in."""
        sources = self._sources.of(table.column("source.ip").chunk(0))
        rest = self._rest.of(_deciding(table, around))
        pairs, place = distinct((sources + 1) << 32 | rest)
        kinds = np.array([self._codes.get(one, NONE) for one in pairs.tolist()], np.int64)
        for new in np.flatnonzero(kinds == NONE).tolist():
            source, decides = divmod(int(pairs[new]), 1 << 32)
            kinds[new] = self._codes[int(pairs[new])] = len(self._questions)
            value = self._sources.values[source - 1] if source else None
            self._take(value, self._rest.made[decides])
        room = len(self._questions) - len(self._since)
        if room > 0:
            never = np.zeros(max(room, len(self._since)), np.int64)
            self._since = np.concatenate([self._since, never])
            self._until = np.concatenate([self._until, never])
        return kinds[place]

    def _take(self, source: Any, decides: tuple[Any, ...]) -> None:
        (number, direction, met_in, destination, nat, forwarded, host, mac, end, *marks) = decides
        has_zone, form_known, is_outside_window = marks
        around = self._arounds[number]
        ends = SightingEnds(
            source=source,
            destination=destination,
            direction=direction,
            field=met_in,
            when_us=None,
            forwarded=forwarded,
            slack_us=around.slack_us,
            host=host or "",
            host_mac=mac,
            host_end=end or "",
            form_known=form_known,
            destination_nat=nat,
        )
        question = _Question(ends, around, around.reasons[has_zone], is_outside_window)
        self._questions.append(question)
        self._answer.append(NONE)
        is_public = source is not None and around.attributor.is_public(source)
        self._by_ports.append(is_public or met_in.startswith(_FILES))

    def _ask(self, who: Codes, kinds: Codes, moments: Codes, rows: Codes) -> None:
        """Name the devices of these rows, each answer for as long as it stays the same."""
        rows = rows[np.lexsort((moments[rows], kinds[rows]))]
        questions, times = kinds[rows].tolist(), moments[rows].tolist()
        place = 0
        while place < len(rows):
            number, when_us = questions[place], times[place]
            last = bisect_left(questions, number + 1, place)
            question = self._questions[number]
            ends = replace(question.ends, when_us=when_us)
            since_us, until_us = question.around.attributor.steady(ends)
            following = bisect_left(times, until_us, place, last)
            if self._answer[number] != NONE:
                self.answers.let_go(self._answer[number])
            self._answer[number] = self.answers.add(question.at(ends))
            self._since[number], self._until[number] = since_us, until_us
            who[rows[place:following]] = self._answer[number]
            place = following

    def _without_time(self, number: int) -> int:
        if number not in self._untimed:
            question = self._questions[number]
            self._untimed[number] = self.answers.add(question.at(question.ends))
        return self._untimed[number]

    def _ask_each(
        self, who: Codes, kinds: Codes, moments: Codes, rows: Codes, table: pa.Table
    ) -> None:
        """Name the devices of these rows one by one, by their ports and times."""
        if not len(rows):
            return
        columns = ("source.port", "destination.ip", "destination.port", "network.transport")
        own = zip(
            *(table.column(name).take(arrow_of(rows)).to_pylist() for name in columns), strict=True
        )
        named: dict[tuple[Any, ...], int] = {}
        for row, (port, destination, other_port, transport) in zip(rows.tolist(), own, strict=True):
            number, when_us = int(kinds[row]), int(moments[row])
            key = number, when_us, port, destination, other_port, transport
            if key not in named:
                question = self._questions[number]
                ends = replace(
                    question.ends,
                    destination=destination,
                    when_us=None if when_us == NOTHING else when_us,
                    source_port=port,
                    destination_port=other_port,
                    transport=transport,
                )
                named[key] = self.answers.add(question.at(ends))
                self.answers.let_go(named[key])
            who[row] = named[key]


def _deciding(table: pa.Table, around: Codes) -> list[pa.Array]:
    """Return the columns beside the source that decide on the device, in the order of `_take`.

    The destination counts only where the line may be of a stranger who came in.
    """

    def column(name: str) -> pa.Array:
        return table.column(name).chunk(0)

    direction, met_in = column("network.direction"), column("quetsach.match.field")
    came_in = pc.fill_null(pc.equal(direction, "inbound"), False)
    written = pc.is_in(met_in, pa.array(sorted(WRITTEN_BY_CLIENTS)))
    of_files = pc.starts_with(met_in, _FILES)
    counts = pc.or_(came_in, pc.or_(written, of_files))
    window = column("quetsach.indicator.window")
    return [
        arrow_of(around),
        direction,
        met_in,
        pc.if_else(counts, column("destination.ip"), pa.scalar(None, pa.string())),
        column("destination.nat.ip"),
        column("network.forwarded_ip"),
        column("host.name"),
        column("host.mac"),
        column("quetsach.host.end"),
        pc.is_valid(column("event.timezone")),
        pc.fill_null(pc.not_equal(column("event.dataset"), UNKNOWN), True),
        pc.fill_null(pc.not_equal(window, ""), False),
    ]
