"""The clocks of the logs that were read: which are off by how much, and what was done about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quetsach.html_report.words import foreign, number
from quetsach.texts import _

SAME_S = 2
"""Clocks this near count as the same, in seconds; see also sweeping/evidence_checks.py."""


@dataclass(frozen=True)
class ClockComparison:
    """One source's clock against that of another source."""

    path: str
    apart: str
    done: str
    reference: str
    pairs: str
    examples: Sequence[str] = ()


@dataclass(frozen=True)
class ClocksSection:
    """The clocks that are off, and those that agree; `told` is whether they were compared."""

    told: bool
    off: Sequence[ClockComparison]
    same: Sequence[ClockComparison]


def clocks_of(coverage: Mapping[str, Any]) -> ClocksSection:
    """Return the clocks of coverage.json; findings of an earlier version have none."""
    clocks = sorted(
        coverage.get("clocks", ()), key=lambda clock: (-abs(clock["offset_s"]), clock["path"])
    )
    return ClocksSection(
        told="clocks" in coverage,
        off=[_clock(clock) for clock in clocks if not _is_same(clock)],
        same=[_clock(clock) for clock in clocks if _is_same(clock)],
    )


def _is_same(clock: Mapping[str, Any]) -> bool:
    # A declared clock may be right by its declaration and wrong by the events.
    offsets_s = (clock["offset_s"], clock.get("measured_s") or 0)
    return all(abs(offset_s) <= SAME_S for offset_s in offsets_s)


def _clock(clock: Mapping[str, Any]) -> ClockComparison:
    return ClockComparison(
        path=foreign(clock["path"]),
        apart=_apart(clock),
        done=_done(clock),
        reference="–" if clock["reference"] is None else foreign(clock["reference"]),
        pairs=number(clock["pairs"]),
        examples=[_example(example) for example in clock.get("examples", ())],
    )


def _example(example: Mapping[str, Any]) -> str:
    """Return a common event: what, and its time and place in both logs."""
    here, there = example["here"], example["there"]
    facts = {
        "what": foreign(example["what"], 64),
        "here": here["time"],
        "here_offset": here["offset"],
        "there": there["time"],
        "there_path": foreign(there["path"]),
        "there_offset": there["offset"],
    }
    text = _(
        "%(what)s: %(here)s here (byte %(here_offset)s), %(there)s in %(there_path)s (byte "
        "%(there_offset)s)"
    )
    return text % facts


def _apart(clock: Mapping[str, Any]) -> str:
    if abs(clock["offset_s"]) <= SAME_S:
        return _("the same, within 2 seconds")
    facts = {"time": _duration(round(abs(clock["offset_s"])))}
    return (_("%(time)s fast") if clock["offset_s"] > 0 else _("%(time)s slow")) % facts


def _done(clock: Mapping[str, Any]) -> str:
    if _is_same(clock):
        return ""
    if clock.get("declared_s") is not None:
        return _declared(clock)
    if clock["used"]:
        return _("set right when machines were named")
    return _("the difference is not steady: not set right, and machines are named less surely")


def _declared(clock: Mapping[str, Any]) -> str:
    measured_s = clock["measured_s"]
    if measured_s is None or abs(measured_s - clock["declared_s"]) <= SAME_S:
        return _("declared, and set right when machines were named")
    facts = {"time": _duration(round(abs(measured_s)))}
    by_events = _("%(time)s fast") if measured_s > 0 else _("%(time)s slow")
    return _("declared; by the events it is %(apart)s, so that machines are named less surely") % {
        "apart": by_events % facts
    }


def _duration(seconds: int) -> str:
    """Return the two largest units of a time."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [
        (days, _("%(n)s d")),
        (hours, _("%(n)s h")),
        (minutes, _("%(n)s min")),
        (rest, _("%(n)s s")),
    ]
    return " ".join([text % {"n": number(count)} for count, text in parts if count][:2])
