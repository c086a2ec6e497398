"""The honest zero: for each unit what was looked at behind its number, or that nothing was."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from quetsach.texts import _
from quetsach.verdicts.model import DayCoverage, DeviceState, DeviceVerdict, days_text
from quetsach.verdicts.sentences import log_word


@dataclass(frozen=True)
class UnitVerdict:
    """What is known of a unit: its devices by state, and what was looked at.

    Shapes: `states` counts devices; `days` are local ISO dates with lines, `partial` those of them
    on which a kind of evidence held too few of its usual hours; `machines` is the unit's
    count of machines where it is known, else None; `untraced` counts sightings of nobody,
    `untimed` files whose lines carry no time.
    """

    unit: str
    states: Mapping[str, int]
    sources: int
    days: tuple[str, ...]
    partial: tuple[str, ...]
    kinds: tuple[str, ...]
    alive: int
    machines: int | None = None
    untraced: int = 0
    untimed: int = 0

    @property
    def infected(self) -> int:
        """How many devices are infected as far as is known: an open case, old or new."""
        return self.states.get(DeviceState.INFECTED, 0) + self.states.get(DeviceState.RECURRED, 0)

    @property
    def sentence(self) -> str:
        """The number with what follows it; a unit without evidence has no number."""
        return _sentence(self)


def unit_verdicts(
    verdicts: Iterable[tuple[str, DeviceVerdict]],
    coverage: Iterable[DayCoverage],
    *,
    machines: Mapping[str, int],
    untraced: Mapping[str, int],
    untimed: Mapping[str, int],
    share: float,
    named: Iterable[str] = (),
) -> list[UnitVerdict]:
    """Return the units in order: of devices (each with its unit), of evidence, of `machines`.

    Of a unit in `named` (by a table) that nothing was read of, just that is told.
    """
    states: dict[str, dict[str, int]] = {}
    for unit, verdict in verdicts:
        counts = states.setdefault(unit, {})
        counts[verdict.state] = counts.get(verdict.state, 0) + 1
    looked: dict[str, list[DayCoverage]] = {}
    for unit_day in coverage:
        if unit_day.lines:
            looked.setdefault(unit_day.unit, []).append(unit_day)
    return [
        replace(
            unit_day,
            machines=machines.get(unit_day.unit),
            untraced=untraced.get(unit_day.unit, 0),
            untimed=untimed.get(unit_day.unit, 0),
        )
        for unit_day in (
            _unit(unit, states.get(unit, {}), looked.get(unit, []), share)
            for unit in sorted({*states, *looked, *machines, *untraced, *untimed, *named})
        )
    ]


def _unit(
    unit: str, states: Mapping[str, int], looked: Sequence[DayCoverage], share: float
) -> UnitVerdict:
    days = sorted({one.day for one in looked})
    partial = sorted({one.day for one in looked if not _is_whole(one, share)})
    return UnitVerdict(
        unit=unit,
        states=dict(sorted(states.items())),
        sources=len({path for one in looked for path in one.sources}),
        days=tuple(days),
        partial=tuple(partial),
        kinds=tuple(sorted({one.kind for one in looked})),
        alive=len({device for one in looked for device in one.alive}),
    )


def _is_whole(one: DayCoverage, share: float) -> bool:
    good = (one.hours - one.thin_hours) & one.usual
    return bool(one.usual) and len(good) >= share * len(one.usual)


def _sentence(verdict: UnitVerdict) -> str:
    if not verdict.days and verdict.infected:
        text = _(
            "%(infected)s infected, and there may be more: its lines carry no time by which the "
            "days looked at could be counted."
        )
        return text % {"infected": verdict.infected}
    if not verdict.days and verdict.untimed:
        text = _(
            "The lines of %(count)s files carry no time that is read: nobody can say which days "
            "were looked at. This is no zero."
        )
        return text % {"count": verdict.untimed}
    if not verdict.days:
        return _("Not looked at: no line with a time is known to be of this unit. This is no zero.")
    facts = {
        "infected": verdict.infected,
        "sources": verdict.sources,
        "days": len(verdict.days),
        "when": days_text(verdict.days),
        "alive": verdict.alive,
        "logs": ", ".join(log_word(kind) for kind in verdict.kinds),
        "machines": verdict.machines,
        "percent": 100 * verdict.alive // verdict.machines if verdict.machines else 0,
        "partial": len(verdict.partial),
        "untraced": verdict.untraced,
        "untimed": verdict.untimed,
    }
    parts = [
        _(
            "%(infected)s infected; looked at: %(sources)s sources (%(logs)s), %(days)s days "
            "(%(when)s), %(alive)s devices alive"
        )
        % facts
    ]
    if verdict.machines:
        # Not each device alive need be in the inventory: the share may be less, never more.
        share = (
            _("at most %(percent)s%% of the %(machines)s machines in the inventory")
            if verdict.alive < verdict.machines
            else _("the inventory has %(machines)s machines")
        )
        parts.append(share % facts)
    if verdict.partial:
        parts.append(_("%(partial)s days not whole") % facts)
    if verdict.untraced:
        parts.append(_("%(untraced)s sightings could be traced to no device") % facts)
    if verdict.untimed:
        parts.append(_("%(untimed)s files without times") % facts)
    return "; ".join(parts) + "."
