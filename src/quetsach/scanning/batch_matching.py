"""Many events matched at once, with the same result as `match_event` gives one by one.

What an event meets in its fields is looked up once for each different host of a batch. What its
line mentions besides is left to the sieve: the hosts met are taken out of the line, and where the
sieve finds no key in the rest, the line mentions nothing that its fields do not tell. A line or
event for which that cannot be said goes the slow way, through `match_event` itself.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, TypeAlias, cast

from quetsach.captures.contract import FLOW_ANSWER
from quetsach.indicators.decay import ValidityWindow, confidence_at, window_of
from quetsach.indicators.fingerprints import FIELDS
from quetsach.indicators.lookup import IndicatorLookup
from quetsach.indicators.model import Indicator, IndicatorKind
from quetsach.scanning.grades import RAW_LINE, SightingGrade
from quetsach.scanning.line_rests import (
    APART,
    dotted_runs,
    has_wide_name,
    is_all_it_says,
    taken_out,
)
from quetsach.scanning.matching import (
    ADDRESS_FIELDS,
    NAME_FIELDS,
    Direction,
    EventMatch,
    grade_and_direction,
    listed_met,
    match_event,
    names_met,
    ports_of,
    rule_of,
    split_host,
)
from quetsach.schema import Event
from quetsach.sieve import twin
from quetsach.sieve.contract import Sieve

MOST_HOSTS = 65_536
"""How many different hosts are remembered with what they meet, before all are forgotten."""

_LONGEST_SITE = 300
_LATE_US = 1 << 61

Row: TypeAlias = tuple[bytes, Event]
"""A line without its newline, and an event that was read from it."""

_HitKey: TypeAlias = tuple[str, SightingGrade, Direction | None, ValidityWindow | None, int | None]

# A host for which the sieve, shown it alone, finds a key wherever the look-up finds an indicator.
PLAIN_HOST = re.compile(
    r"(?=[^.]*\.)[A-Za-z0-9_\-.]{1,253}|(?=[^:]*:[^:]*:)(?!.*::ffff:)[0-9a-f:]{2,45}"
)
HOST_FIELDS = (
    *(of for of in NAME_FIELDS if of != "url.full"),
    "dns.answers",
    *ADDRESS_FIELDS,
)
HASHES = ("file.hash.md5", "file.hash.sha1", "file.hash.sha256")
_SPECIAL = frozenset({*HASHES, *FIELDS, "url.full"})

# What decides which listed web addresses may be met: all before path and query.
_SITE = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.-]{0,15}:/{2,3})?[^/?#\\]*")
_AUTHORITY = re.compile(rb"([^\s\"'<>|^`{}/?#\\,;)]{0,4096})(.?)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Meeting:
    """An indicator that a host meets, with the hits of it that were made so far."""

    key: tuple[str, IndicatorKind]
    indicator: Indicator
    below: int
    hits: dict[_HitKey, EventMatch] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KnownHost:
    """What a host meets.

    Shapes: `always` is what it meets on every port and at any time. An `address` has it empty
    where `listed` depends on them. `token` is how it stands in a line, `rest` the same without its
    dots; b"" where it must not be taken out of a line. With `is_odd` the event goes the slow way.
    `is_timed` says that what is met, or how much it counts, depends on the time.
    """

    always: tuple[_Meeting, ...] = ()
    address: str = ""
    listed: tuple[Indicator, ...] = ()
    has_port: bool = False
    token: bytes = b""
    rest: bytes = b""
    is_odd: bool = False
    is_timed: bool = False


KnownHosts: TypeAlias = Sequence[tuple[str, KnownHost]]
"""Field by field, in the order of `match_event`: the hosts of an event in which there is a key."""


class BatchMatcher:
    """Matches the events of one split; `clock_us` is added to their times, as in `match_event`.

    Cost: some microseconds an event, a hundred where it goes the slow way.
    """

    def __init__(self, lookup: IndicatorLookup, sieve: Sieve, clock_us: int = 0) -> None:
        self._lookup, self._sieve, self._clock_us = lookup, sieve, clock_us
        # None for a host that is known to meet nothing.
        self._hosts: dict[str, KnownHost | None] = {}
        self._meetings: dict[tuple[str, IndicatorKind, int], _Meeting] = {}
        self._sites: dict[str, bool] = {}

    def match(self, rows: Sequence[Row]) -> list[list[EventMatch]]:
        """Return for each of `rows` what `match_event` returns for it."""
        if not rows:
            return []
        lines, events = [line for line, _ in rows], [event for _, event in rows]
        present: set[str] = set().union(*events)
        keyed = self._keyed(events, present)
        odd = self._odd_places(lines, events, present)
        result: list[list[EventMatch]] = []
        rests: dict[int, bytes] = {}
        slow: list[int] = []
        for place, line in enumerate(lines):
            hosts = keyed.get(place, ())
            rest = None if place in odd else self._without(line, hosts, events[place])
            if rest is None:
                slow.append(place)
                result.append([])
            else:
                rests[place] = rest
                result.append(self._hits(hosts, events[place]) if hosts else [])
        slow += self._add_mentions(rows, self._still_with_keys(rests), result)
        for place in slow:
            result[place] = match_event(events[place], lines[place], self._lookup, self._clock_us)
        return result

    def _keyed(
        self, events: Sequence[Event], present: set[str]
    ) -> dict[int, list[tuple[str, KnownHost]]]:
        """Return the hosts in which there is a key, by the place of their event."""
        columns: list[tuple[str, Sequence[tuple[int, str | None]]]] = []
        values = cast("Sequence[Mapping[str, Any]]", events)
        for of in HOST_FIELDS:
            if of not in present:
                continue
            if of == "dns.answers":
                several = ((place, event.get(of, ())) for place, event in enumerate(values))
                columns.append((of, [(place, one) for place, all_ in several for one in all_]))
            else:
                columns.append((of, list(enumerate([event.get(of) for event in values]))))
        different = [{name for _, name in column} - {None} for _, column in columns]
        self._learn(cast("set[str]", set().union(*different)))
        keyed: dict[int, list[tuple[str, KnownHost]]] = {}
        for (of, column), names in zip(columns, different, strict=True):
            hosts = {
                name: host
                for name in names
                if name is not None and (host := self._hosts.get(name)) is not None
            }
            if hosts:
                for place, name in column:
                    if name in hosts:
                        keyed.setdefault(place, []).append((of, hosts[name]))
        return keyed

    def _odd_places(
        self, lines: Sequence[bytes], events: Sequence[Event], present: set[str]
    ) -> set[int]:
        """Return where something besides hosts may be met, or met as the sieve does not see."""
        odd = {
            place for place, event in enumerate(events) if event.get("event.dataset") == FLOW_ANSWER
        }
        whole = b"\n".join(lines)
        if whole.count(b"\n") >= len(lines):
            odd |= {place for place, line in enumerate(lines) if b"\n" in line}
        if not whole.isascii() or b"%" in whole or b"\\" in whole:
            odd |= {place for place, line in enumerate(lines) if has_wide_name(line)}
        if not present.isdisjoint(_SPECIAL):
            odd |= {place for place, event in enumerate(events) if self._is_special(event)}
        if self._lookup.has_urls and any(sign in whole for sign in (b"://", b"%", b"\\")):
            odd |= {place for place, line in enumerate(lines) if self._names_a_site(line)}
        return odd

    def _add_mentions(
        self, rows: Sequence[Row], rests: dict[int, bytes], result: list[list[EventMatch]]
    ) -> list[int]:
        """Add to `result` what `rests` mention; return the places for which that is not sure."""
        runs = {place: dict.fromkeys(dotted_runs(rest)) for place, rest in rests.items()}
        self._learn({run for several in runs.values() for run in several})
        slow: list[int] = []
        learnt = self._hosts
        after: dict[int, bytes] = {}
        for place, rest in rests.items():
            keyed = [host for run in runs[place] if (host := learnt.get(run)) is not None]
            if any(host.is_odd or host.has_port for host in keyed):
                slow.append(place)
                continue
            # Names come before addresses.
            keyed.sort(key=lambda host: bool(host.address))
            event = rows[place][1]
            met = {(hit.indicator.key, hit.indicator.kind) for hit in result[place]}
            mentions = self._hits([(RAW_LINE, host) for host in keyed], event)
            result[place] += [
                hit for hit in mentions if (hit.indicator.key, hit.indicator.kind) not in met
            ]
            left = rest
            for host in keyed:
                left = taken_out(left, host.token, host.rest) if host.token else left
            after[place] = left
        return slow + list(self._still_with_keys(after))

    def _still_with_keys(self, lines: dict[int, bytes]) -> dict[int, bytes]:
        """Return those of `lines` that hold a key."""
        places = list(lines)
        left = (places[number] for number in self._with_keys([*lines.values()]))
        return {place: lines[place] for place in left}

    def _learn(self, values: set[str]) -> None:
        """Look up what `values` meet; those that the sieve sees nothing in are not kept."""
        learnt = self._hosts
        if len(learnt) > MOST_HOSTS:
            learnt.clear()
            self._meetings.clear()
        new = [value for value in values if value not in learnt]
        plain = [value for value in new if PLAIN_HOST.fullmatch(value)]
        for number in self._with_keys([value.encode("ascii") for value in plain]):
            learnt[plain[number]] = self._plain_host(plain[number])
        if len(plain) < len(new):
            for value in new:
                if PLAIN_HOST.fullmatch(value) is None:
                    learnt[value] = self._odd_host(value)

    def _with_keys(self, lines: Sequence[bytes]) -> list[int]:
        """Return the places of those of `lines`, none with a newline, that hold a key."""
        # An empty last line would be none.
        block = b"\n".join(lines) + b"\n"
        starts = [start for start, _ in self._sieve.scan(block, None, None).candidates]
        if not starts:
            return []
        begun = accumulate((len(line) + 1 for line in lines), initial=0)
        numbers = {start: number for number, start in enumerate(begun)}
        return [numbers[start] for start in starts]

    def _plain_host(self, host: str) -> KnownHost:
        text, address, behind = split_host(host)
        token = host.encode("ascii") if is_all_it_says(host, address) else b""
        rest = token.translate(APART)
        if address is None:
            named, is_odd = self._named(text), text != host
            is_timed = any(_fades(one.indicator) for one in named)
            return KnownHost(named, token=token, rest=rest, is_odd=is_odd, is_timed=is_timed)
        if address != host or behind is not None:
            return KnownHost(is_odd=True)
        listed = tuple(self._lookup.by_address(address, None))
        has_port = any(one.port is not None for one in listed)
        if has_port or not all(map(_is_always_valid, listed)):
            return KnownHost((), address, listed, has_port, token, rest, is_timed=True)
        met = listed_met(listed, (), None)
        always = tuple(self._meeting(one, 0) for one in met)
        is_timed = any(map(_fades, met))
        return KnownHost(always, address, token=token, rest=rest, is_timed=is_timed)

    def _odd_host(self, host: str) -> KnownHost | None:
        text, address, _ = split_host(host)
        if address is not None:
            return KnownHost(is_odd=True) if self._lookup.lists_address(address) else None
        named = self._named(text)
        is_timed = any(_fades(one.indicator) for one in named)
        return KnownHost(named, is_timed=is_timed) if named else None

    def _named(self, name: str) -> tuple[_Meeting, ...]:
        return tuple(self._meeting(one, below) for one, below in names_met(name, self._lookup))

    def _meeting(self, indicator: Indicator, below: int) -> _Meeting:
        key = indicator.key, indicator.kind, below
        meeting = self._meetings.get(key)
        if meeting is None:
            meeting = self._meetings[key] = _Meeting(key[:2], indicator, below)
        return meeting

    def _is_special(self, event: Event) -> bool:
        values = cast("Mapping[str, object]", event)
        for of in HASHES:
            if of in values and self._lookup.by_hash(str(values[of])) is not None:
                return True
        if self._lookup.has_fingerprints and any(of in values for of in FIELDS):
            return True
        return "url.full" in event and (
            "url.domain" not in event
            or (self._lookup.has_urls and self._has_site(event["url.full"]))
        )

    def _names_a_site(self, line: bytes) -> bool:
        """Return whether `line` may hold a web address of a site of which one is listed."""
        # The code `(3)` stands for a dot: it makes no web address, though it may be in one.
        if b"%" in line or b"\\" in line or (b"(" in line and b"://" in line):
            plain = twin.decoded(line).replace(b"\\/", b"/")
            if b"://" in plain and self._is_at_a_site(plain):
                return True
            line = line.replace(b"\\/", b"/")
        return b"://" in line and self._is_at_a_site(line)

    def _is_at_a_site(self, text: bytes) -> bool:
        pieces = text.split(b"://")[1:]
        for number, piece in enumerate(pieces, 1):
            host_end = _AUTHORITY.match(piece)
            authority, behind = (b"", b",") if host_end is None else host_end.groups()
            # Where it is not sure where the host ends, it is left to who looks at each way.
            if behind in (b",", b";", b")") or (not behind and number < len(pieces)):
                return True
            if self._has_site("x://" + authority.decode("utf-8", "replace")):
                return True
        return False

    def _has_site(self, url: str) -> bool:
        site = cast("re.Match[str]", _SITE.match(url))[0]
        is_listed = self._sites.get(site)
        if is_listed is None:
            is_listed = self._lookup.lists_site(site)
            if len(self._sites) < MOST_HOSTS and len(site) <= _LONGEST_SITE:
                self._sites[site] = is_listed
        return is_listed

    def _without(self, line: bytes, keyed: KnownHosts, event: Event) -> bytes | None:
        """Return `line` without the hosts `keyed`; None where they may tell more in the line."""
        for _, host in keyed:
            if host.is_odd or (host.has_port and not ports_of(event, host.address)):
                return None
            if host.token:
                line = taken_out(line, host.token, host.rest)
        return line

    def _hits(self, keyed: KnownHosts, event: Event) -> list[EventMatch]:
        written_us = event.get("@timestamp")
        when_us = None if written_us is None else written_us + self._clock_us
        best: dict[tuple[str, IndicatorKind], EventMatch] = {}
        for of, host in keyed:
            met: Sequence[_Meeting] = host.always
            if host.listed:
                ports = ports_of(event, host.address) if host.has_port else ()
                met = [self._meeting(one, 0) for one in listed_met(host.listed, ports, when_us)]
            if not met:
                continue
            grade, direction = grade_and_direction(of, event)
            for meeting in met:
                strongest = best.get(meeting.key)
                if strongest is None or grade.rank > strongest.grade.rank:
                    best[meeting.key] = _hit(meeting, of, grade, direction, when_us)
        return [*best.values()]


def _hit(
    meeting: _Meeting,
    of: str,
    grade: SightingGrade,
    direction: Direction | None,
    when_us: int | None,
) -> EventMatch:
    indicator = meeting.indicator
    window, confidence = window_of(indicator, when_us), confidence_at(indicator, when_us)
    key = of, grade, direction, window, confidence
    made_before = meeting.hits.get(key)
    if made_before is None:
        rule = rule_of(indicator, meeting.below)
        made_before = meeting.hits[key] = EventMatch(
            indicator, of, rule, meeting.below, grade, direction, window, confidence
        )
    return made_before


def _fades(indicator: Indicator) -> bool:
    """Return whether what is left of its confidence, or its validity, depends on the time."""
    if not _is_always_valid(indicator):
        return True
    return confidence_at(indicator, 0) != confidence_at(indicator, _LATE_US)


def _is_always_valid(indicator: Indicator) -> bool:
    claim = indicator.claim
    return claim.valid_from_us is None and claim.valid_until_us is None
