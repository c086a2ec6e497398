"""Events in columns, matched with the same result as `match_event` gives one by one.

What is asked of a field is asked once for each different text, and what a line meets once for
all lines that are alike in what decides it. A line of which that cannot be said is left out: it
goes the way of lines one by one.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, cast

import pyarrow as pa
import pyarrow.compute as pc

from quetsach.captures.contract import FLOW_ANSWER
from quetsach.formats.shared.event_columns import Column, EventColumns, is_there, numbered
from quetsach.indicators.fingerprints import FIELDS
from quetsach.indicators.lookup import IndicatorLookup
from quetsach.scanning.batch_matching import (
    HASHES,
    HOST_FIELDS,
    MOST_HOSTS,
    BatchMatcher,
    KnownHost,
)
from quetsach.scanning.column_hosts import (
    Slot,
    are_plain,
    numbered_hosts,
    numbered_lists,
    parts_of,
)
from quetsach.scanning.grades import FIRST_HIGH_PORT, PEER_PORTS, SERVER_PORTS, SightingGrade
from quetsach.scanning.line_outcomes import rank_of
from quetsach.scanning.line_rests import has_wide_name, lines_taken_out
from quetsach.scanning.matching import Direction, EventMatch, grade_and_direction
from quetsach.schema import Event
from quetsach.sieve.contract import Sieve

_NUMBER = pa.int32()
_NUMBERS = pa.list_(_NUMBER)
# What decides a grade beside the field that meets: by its value, or only whether it is there.
_BY_VALUE = ("event.dataset", "event.type", "event.outcome", "dns.response_code")
_OF_AN_ANSWER = ("dns.question.name", "url.domain", "rule.name")
_GRADE_FIELDS = (
    *(*_BY_VALUE, *_OF_AN_ANSWER, *HASHES, "event.action", "dns.answers"),
    *("source.port", "destination.port", "source.bytes", "destination.bytes"),
    "http.response.status_code",
)
_MAY_NAME_A_SITE = (b"://", b"%", b"\\")

_Met: TypeAlias = list[tuple[str, KnownHost]]
"""Field by field: the hosts of an event in which there is a key."""


@dataclass(frozen=True)
class ColumnMatches:
    """What some events meet.

    Shapes: `rows` rise, one for each hit, whose place in `hits` is in `numbers`; `hits` are all of
    the split so far. `odd` are the rows of which nothing is said here; `lines` is how many others
    meet anything.
    """

    rows: pa.Array
    numbers: pa.Array
    hits: list[EventMatch]
    odd: list[int]
    lines: int


@dataclass
class _Way:
    """What decides how strong a sighting is, as in `event`."""

    event: Event
    _grades: dict[str, tuple[SightingGrade, Direction | None]] = field(default_factory=dict)

    def grade(self, of: str) -> tuple[SightingGrade, Direction | None]:
        """Return how strong a sighting in the field `of` is, and who began."""
        told = self._grades.get(of)
        if told is None:
            told = self._grades[of] = grade_and_direction(of, self.event)
        return told


@dataclass
class _Kinds:
    """The events by what decides about them: the kind of each, and of each kind what it meets.

    Shapes: each kind has its way of meeting.
    """

    numbers: pa.Array
    met: list[_Met]
    ways: list[_Way]

    def rows(self, is_meant: Sequence[bool]) -> list[int]:
        """Return the rows of the kinds that are meant, rising."""
        if not any(is_meant):
            return []
        mask = pa.array(is_meant, pa.bool_()).take(self.numbers)
        return cast("list[int]", pc.indices_nonzero(mask).to_pylist())


@dataclass
class _Told:
    """The different hits, each with its number."""

    hits: list[EventMatch] = field(default_factory=list)
    _numbers: dict[int, int] = field(default_factory=dict)

    def add(self, hits: Sequence[EventMatch]) -> list[int]:
        numbers = []
        for hit in hits:
            number = self._numbers.get(id(hit))
            if number is None:
                number = self._numbers[id(hit)] = len(self.hits)
                self.hits.append(hit)
            numbers.append(number)
        return numbers


class ColumnMatcher(BatchMatcher):
    """A matcher of a split's events that takes them in columns too."""

    def __init__(self, lookup: IndicatorLookup, sieve: Sieve, clock_us: int = 0) -> None:
        super().__init__(lookup, sieve, clock_us)
        self._told = _Told()

    def match_columns(self, columns: EventColumns) -> ColumnMatches:
        """Return what the events of `columns`, each of a line without a newline, meet."""
        if len(self._told.hits) > MOST_HOSTS:
            self._told = _Told()
        odd = self._odd_rows(columns)
        kinds = self._kinds(columns)
        odd.update(kinds.rows([any(_goes_slowly(host) for _, host in met) for met in kinds.met]))
        odd.update(self._rows_with_more(columns, kinds))
        timed = [any(host.is_timed for _, host in met) for met in kinds.met]
        lists = [
            [] if is_timed or not met else self._numbers_of(met, way)
            for met, is_timed, way in zip(kinds.met, timed, kinds.ways, strict=True)
        ]
        by_row = pa.array(lists, _NUMBERS).take(kinds.numbers)
        if odd:
            mask = [False] * len(columns.lines)
            for row in odd:
                mask[row] = True
            by_row = pc.if_else(pa.array(mask), pa.scalar([], _NUMBERS), by_row)
        rows, numbers = pc.list_parent_indices(by_row).cast(_NUMBER), by_row.flatten()
        several = [row for row in kinds.rows(timed) if row not in odd]
        if several:
            rows, numbers = self._with_timed(columns, kinds, several, (rows, numbers))
        return ColumnMatches(rows, numbers, self._told.hits, sorted(odd), len(pc.unique(rows)))

    def _kinds(self, columns: EventColumns) -> _Kinds:
        fields, count = columns.fields, len(columns.lines)
        keyed = self._keyed_columns({of: fields[of] for of in HOST_FIELDS if of in fields})
        ways, heads = numbered(_decides_a_grade(fields), count)
        events = columns.events(heads, _GRADE_FIELDS)
        kinds_of_way = [_Way(cast("Event", event)) for event in events]
        numbers, firsts = numbered([ways, *(codes for _, codes, _ in keyed)], count)
        met: list[_Met] = [[] for _ in range(len(firsts))]
        for of, codes, slots in keyed:
            named = [[(of, host) for host in hosts] for hosts in slots]
            for place, code in enumerate(codes.take(firsts).to_pylist()):
                met[place] += named[code]
        return _Kinds(numbers, met, [kinds_of_way[way] for way in ways.take(firsts).to_pylist()])

    def _numbers_of(self, met: _Met, way: _Way) -> list[int]:
        """Return the numbers of the hits of hosts that meet the same at any time."""
        if len(met) == 1 and len(met[0][1].always) == 1:
            of, host = met[0]
            (meeting,) = host.always
            grade, direction = way.grade(of)
            confidence = meeting.indicator.claim.confidence
            made_before = meeting.hits.get((of, grade, direction, None, confidence))
            if made_before is not None:
                return self._told.add((made_before,))
        return self._told.add(self._strongest(met, way.event))

    def _keyed_columns(self, columns: dict[str, Column]) -> list[tuple[str, pa.Array, list[Slot]]]:
        """Return the columns of hosts in which there is a key: name, numbers, hosts of a number.

        Number 0 is that of no host.
        """
        parts = {
            of: column if isinstance(column, pa.DictionaryArray) else parts_of(column)
            for of, column in columns.items()
        }
        if not parts:
            return []
        # All at once: a short column costs as much as a long one.
        keyed = self._keyed_hosts(pa.concat_arrays([one.dictionary for one in parts.values()]))
        columns_met: list[tuple[str, pa.Array, list[Slot]]] = []
        begin = 0
        for of, coded in parts.items():
            end = begin + len(coded.dictionary)
            hosts = {place - begin: host for place, host in keyed.items() if begin <= place < end}
            begin = end
            if hosts and coded is columns[of]:
                columns_met.append((of, *numbered_hosts(coded, hosts)))
            elif hosts:
                columns_met.append((of, *numbered_lists(columns[of], coded, hosts)))
        return columns_met

    def _keyed_hosts(self, different: pa.StringArray) -> dict[int, KnownHost]:
        """Return the hosts among `different` in which there is a key, by their place."""
        keyed: dict[int, KnownHost] = {}
        is_plain = are_plain(different)
        places = pc.indices_nonzero(is_plain)
        plain = different.take(places)
        numbers = pa.array([*self._places_with_keys(plain)], _NUMBER)
        if len(self._hosts) > MOST_HOSTS:
            self._learn(set())
        for place, name in zip(
            places.take(numbers).to_pylist(), plain.take(numbers).to_pylist(), strict=True
        ):
            host = self._hosts.get(name)
            if host is None:
                host = self._hosts[name] = self._plain_host(name)
            keyed[place] = host
        odd = pc.and_(different.is_valid(), pc.invert(is_plain))
        others = {place: different[place].as_py() for place in pc.indices_nonzero(odd).to_pylist()}
        self._learn({*others.values()})
        for place, name in others.items():
            host = self._hosts.get(name)
            if host is not None:
                keyed[place] = host
        return keyed

    def _places_with_keys(self, texts: pa.StringArray) -> Iterator[int]:
        """Yield the places of those of `texts`, none with a newline, that hold a key."""
        if not len(texts):
            return
        whole = pa.ListArray.from_arrays(pa.array([0, len(texts)], _NUMBER), texts)
        block = pc.binary_join(whole, "\n")[0].as_buffer().to_pybytes() + b"\n"
        yield from self._rows_with_keys(block)

    def _rows_with_keys(self, block: bytes) -> Iterator[int]:
        row = before = 0
        for start, _ in self._sieve.scan(block, None, None).candidates:
            row += block.count(b"\n", before, start)
            before = start
            yield row

    def _rows_with_more(self, columns: EventColumns, kinds: _Kinds) -> list[int]:
        """Return the rows whose line names more than the hosts of its event."""
        numbers: dict[tuple[tuple[bytes, bytes], ...], int] = {}
        of_kind = [
            numbers.setdefault(
                tuple(dict.fromkeys((host.token, host.rest) for _, host in met if host.token)),
                len(numbers),
            )
            for met in kinds.met
        ]
        which = pa.array(of_kind, _NUMBER).take(kinds.numbers).to_pylist()
        block = b"".join([line + b"\n" for _, line in columns.lines])
        compiled = self._sieve.name == "rust"
        left = lines_taken_out(block, which, [*numbers], compiled=compiled)
        return [*self._rows_with_keys(left)]

    def _odd_rows(self, columns: EventColumns) -> set[int]:
        """Return where something besides hosts may be met, or met as the sieve does not see."""
        fields, lines = columns.fields, [line for _, line in columns.lines]
        odd: set[int] = set()
        whole = b"\n".join(lines)
        if not whole.isascii() or b"%" in whole or b"\\" in whole:
            odd.update(row for row, line in enumerate(lines) if has_wide_name(line))
        if self._lookup.has_urls and any(sign in whole for sign in _MAY_NAME_A_SITE):
            odd.update(row for row, line in enumerate(lines) if self._names_a_site(line))
        for of in HASHES:
            if of in fields:
                odd.update(_rows_where(fields[of], self._lookup.by_hash))
        for of in FIELDS if self._lookup.has_fingerprints else ():
            if of in fields:
                odd.update(pc.indices_nonzero(is_there(fields[of])).to_pylist())
        if "url.full" in fields:
            url = fields["url.full"]
            if self._lookup.has_urls:
                odd.update(_rows_where(url, self._has_site))
            domain = fields.get("url.domain")
            alone = is_there(url)
            if domain is not None:
                alone = pc.and_(alone, pc.invert(is_there(domain)))
            odd.update(pc.indices_nonzero(alone).to_pylist())
        if "event.dataset" in fields:
            odd.update(_rows_where(fields["event.dataset"], FLOW_ANSWER.__eq__))
        return odd

    def _strongest(self, met: _Met, event: Event) -> list[EventMatch]:
        """Return the hits of one event, for each indicator's key the strongest."""
        best: dict[str, EventMatch] = {}
        for hit in self._hits(met, event):
            known = best.setdefault(hit.indicator.key, hit)
            if rank_of(hit) > rank_of(known):
                best[hit.indicator.key] = hit
        return [*best.values()]

    def _with_timed(
        self,
        columns: EventColumns,
        kinds: _Kinds,
        several: list[int],
        others: tuple[pa.Array, pa.Array],
    ) -> tuple[pa.Array, pa.Array]:
        """Return rows and hits with those of the rows `several`, for which their time counts."""
        places = pa.array(several, _NUMBER)
        when = columns.events(places, ("@timestamp",))
        rows, numbers = others[0].to_pylist(), others[1].to_pylist()
        for row, kind, time in zip(
            several, kinds.numbers.take(places).to_pylist(), when, strict=True
        ):
            event = cast("Event", {**kinds.ways[kind].event, **time})
            hits = self._told.add(self._strongest(kinds.met[kind], event))
            rows += [row] * len(hits)
            numbers += hits
        order = sorted(range(len(rows)), key=rows.__getitem__)
        return (
            pa.array([rows[at] for at in order], _NUMBER),
            pa.array([numbers[at] for at in order], _NUMBER),
        )


def _decides_a_grade(fields: dict[str, Column]) -> list[pa.Array]:
    """Return what two events have alike that meet an indicator in the same way; see grades.py."""
    alike = [fields[name] for name in _BY_VALUE if name in fields]
    if "dns.answers" in fields:
        lengths = pc.list_value_length(fields["dns.answers"]).fill_null(0)
        alike.append(pc.greater(lengths, 0))
    alike += [
        pc.greater(fields[name], 0)
        for name in ("source.bytes", "destination.bytes", "http.response.status_code")
        if name in fields
    ]
    alike += [is_there(fields[name]) for name in HASHES if name in fields]
    if "source.port" in fields and "destination.port" in fields:
        ours, theirs = fields["source.port"], fields["destination.port"]
        is_high = pc.greater_equal(theirs, FIRST_HIGH_PORT)
        may_answer = pc.and_(pc.is_in(ours, value_set=_SERVERS), is_high).fill_null(False)
        if pc.any(may_answer).as_py():
            alike.append(may_answer)
            alike += [
                pc.and_(pc.equal(ours, one), pc.equal(theirs, other)) for one, other in PEER_PORTS
            ]
            alike += [is_there(fields[name]) for name in _OF_AN_ANSWER if name in fields]
            alike += [fields[name] for name in ("event.action",) if name in fields]
    return alike


_SERVERS = pa.array(sorted(SERVER_PORTS), pa.int64())


def _rows_where(column: Column, is_meant: Callable[[str], object]) -> list[int]:
    """Return the rows of a column of texts with a value that is meant."""
    meant = [one is not None and bool(is_meant(one)) for one in column.dictionary.to_pylist()]
    if not any(meant):
        return []
    mask = pa.array(meant, pa.bool_()).take(column.indices)
    return cast("list[int]", pc.indices_nonzero(mask.fill_null(False)).to_pylist())


def _goes_slowly(host: KnownHost) -> bool:
    return host.is_odd or host.has_port
