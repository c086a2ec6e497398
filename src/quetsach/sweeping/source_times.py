"""How far the times of each source are known: zone and year, and what leans on a guessed one.

A guessed zone or year never makes a device certain: neither by the line itself nor by the lease,
the neighbour or the translation that the naming leans on.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from quetsach.attribution.clock_offsets import ClockOffset
from quetsach.attribution.model import (
    Certainty,
    Holder,
    InsideEndpoint,
    RecordPlace,
    weaker,
)
from quetsach.attribution.questions import Leases
from quetsach.attribution.steady import Period
from quetsach.attribution.sure_holders import SureHolder
from quetsach.errors.catalogue import N_
from quetsach.findings.coverage import ConfirmedClock, SourceCoverage, ZoneOrigin
from quetsach.scanning.job import ReadOptions
from quetsach.scanning.plan import PlannedFile

if TYPE_CHECKING:
    from quetsach.attribution.sure_columns import SureLeases

YEAR_GUESSED = N_(
    "the log leaves out the year; it was guessed from when the file was changed last, so that the "
    "device is likely at most"
)
ZONE_ASSUMED = N_(
    "the log does not say its time zone, and nobody declared it; one was assumed, so that the "
    "device is likely at most"
)
LATER_GUESSED = N_(
    "a later record of this lease stands in a log whose time zone or year was guessed, so that the "
    "device is likely at most"
)


def set_zone_origins(
    sources: Sequence[SourceCoverage], files: Sequence[PlannedFile], options: ReadOptions
) -> None:
    """Set `zone_from` of each source: from where the zone of its times is known, if it is."""
    for source, file in zip(sources, files, strict=True):
        source.declared = file.declared
        source.zone_from = _origin(source, file, options)


def _origin(source: SourceCoverage, file: PlannedFile, options: ReadOptions) -> ZoneOrigin | None:
    if source.zone_applied or file.dated_by_name:
        is_declared = options.zone_declared
        if file.declared is not None and file.declared.zone:
            is_declared = True
        return ZoneOrigin.DECLARED if is_declared else ZoneOrigin.ASSUMED
    if source.first_us is None:
        return None
    return ZoneOrigin.DEFINITION if file.layout.utc else ZoneOrigin.IN_LINE


def known_sources(sources: Sequence[SourceCoverage]) -> frozenset[int]:
    """Return the numbers of the sources whose zone and year are known, and not guessed."""
    return frozenset(number for number, source in enumerate(sources) if not _is_guessed(source))


def _is_guessed(source: SourceCoverage) -> bool:
    return source.zone_from is ZoneOrigin.ASSUMED or _has_guessed_year(source)


def _has_guessed_year(source: SourceCoverage) -> bool:
    return source.year_source is not None and source.year_source.is_guess


def confirm(
    sources: Sequence[SourceCoverage], offsets: Sequence[ClockOffset], trusted: Collection[int]
) -> None:
    """Mark the sources of guessed zone or year whose times a source of known ones confirms.

    Where both wrote down enough of the same events, with a steady difference, the clock is set
    right by that difference, whatever was guessed.
    """
    for offset in offsets:
        source = sources[offset.source]
        if offset.source in trusted or offset.reference not in trusted or not offset.is_steady:
            continue
        source.confirmed_by = ConfirmedClock(sources[offset.reference].path, offset.pairs)


@dataclass(frozen=True)
class TimeDoubts:
    """Why times are guessed, in message ids.

    Shapes: `lines` by the number of a file, for all its lines; `zoneless` are the numbers of files
    whose lines are in doubt where a zone was applied to them; `records` by the path of a file that
    says who held an address or a translation.
    """

    lines: Mapping[int, str] = field(default_factory=dict)
    zoneless: frozenset[int] = frozenset()
    records: Mapping[str, str] = field(default_factory=dict)

    def of_line(self, file: int, zone: str | None) -> str:
        """Return why the time of a line of `file` is guessed, "" where it is known.

        `zone` is the one that was applied to the line, None where it has its own.
        """
        if file in self.lines:
            return self.lines[file]
        return ZONE_ASSUMED if zone is not None and file in self.zoneless else ""


def time_doubts(sources: Sequence[SourceCoverage]) -> TimeDoubts:
    """Return what is in doubt of the times of `sources`; what was confirmed is not."""
    doubtful = [
        (number, source)
        for number, source in enumerate(sources)
        if _is_guessed(source) and source.confirmed_by is None
    ]
    return TimeDoubts(
        lines={number: YEAR_GUESSED for number, one in doubtful if _has_guessed_year(one)},
        zoneless=frozenset(
            number for number, one in doubtful if one.zone_from is ZoneOrigin.ASSUMED
        ),
        records={
            one.path: YEAR_GUESSED if _has_guessed_year(one) else ZONE_ASSUMED
            for _number, one in doubtful
        },
    )


@dataclass(frozen=True)
class DoubtedLeases:
    """Leases, where what a record with a guessed time says is likely at most."""

    leases: Leases
    doubts: Mapping[str, str]

    def holder(self, address: str, when_us: int | None, *, slack_us: int = 0) -> Holder | None:
        """Return who held `address` at `when_us`, None if no record speaks of it."""
        holder = self.leases.holder(address, when_us, slack_us=slack_us)
        if holder is None or not self.doubts:
            return holder
        interval = holder.interval
        reason = self._reason((interval.place, interval.last, interval.end_place))
        if not reason or holder.grade is not Certainty.CERTAIN:
            return holder
        return replace(holder, grade=Certainty.LIKELY, reason=holder.reason or reason)

    def steady(self, address: str, when_us: int | None, *, slack_us: int = 0) -> Period:
        """Return a period around `when_us` in which `holder` answers the same at all times."""
        return self.leases.steady(address, when_us, slack_us=slack_us)

    def sure_holders(self, address: str, slack_us: int) -> list[SureHolder] | None:
        """Return all that `holder` names likely at least, by time; None where it must be asked."""
        return self.leases.sure_holders(address, slack_us)

    def all_sure_holders(self, slack_us: int) -> Iterator["SureLeases"]:
        """Yield the answers of `sure_holders` by columns, of most addresses."""
        return self.leases.all_sure_holders(slack_us)

    def addresses(self) -> Iterator[str]:
        """Yield at least each address for which `holder` ever answers."""
        return self.leases.addresses()

    def _reason(self, places: Sequence[RecordPlace | None]) -> str:
        """Return the reason of the record that is shown, the first; else that another has one."""
        reasons = [self.doubts.get(place.path, "") for place in places if place is not None]
        return LATER_GUESSED if any(reasons) and not reasons[0] else next(filter(None, reasons), "")


def doubted(inner: InsideEndpoint, doubts: Mapping[str, str]) -> InsideEndpoint:
    """Return an endpoint behind a translation; by a record with a guessed time likely at most."""
    reason = doubts.get(inner.place.path, "") if inner.place is not None else ""
    if not reason:
        return inner
    grade = weaker(inner.grade, Certainty.LIKELY)
    return replace(inner, grade=grade, reason=inner.reason or reason)


def zones_json(sources: Sequence[SourceCoverage], zone: ZoneInfo) -> dict[str, Any]:
    """Return what a summary says of zones.

    Shapes: `zone` is the one of the sweep; `zones_assumed` are the paths of the sources for which
    it was assumed and nothing confirmed it; `zones_confirmed` says which source of known times
    tells how many of the same events; `years_told` from where the year of lines without one is.
    """
    counted = [one for one in sources if one.duplicate_of is None and not one.is_set_aside]
    return {
        "zone": zone.key,
        "zones_assumed": [
            source.path
            for source in counted
            if source.zone_from is ZoneOrigin.ASSUMED and source.confirmed_by is None
        ],
        "zones_confirmed": [
            {"path": source.path, "reference": by.path, "pairs": by.pairs}
            for source in counted
            if (by := source.confirmed_by) is not None
        ],
        "years_told": [
            {"path": source.path, "kind": year.kind, "by": year.path}
            for source in counted
            if (year := source.year_source) is not None
        ],
    }
