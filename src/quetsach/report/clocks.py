"""How the clocks of the sources stood to each other, those that are off first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quetsach.report.written import foreign, number
from quetsach.texts import _

SAME_S = 2
"""Clocks so near are the same, in seconds; run/clocks.py holds to it when it sets times right."""


@dataclass(frozen=True)
class Clock:
    """One source's clock against that of another source."""

    path: str
    apart: str
    done: str
    reference: str
    pairs: str


@dataclass(frozen=True)
class Clocks:
    """The clocks that are off, and those that agree; `told` is whether they were compared."""

    told: bool
    off: Sequence[Clock]
    same: Sequence[Clock]


def clocks_of(coverage: Mapping[str, Any]) -> Clocks:
    """Return the clocks of coverage.json; findings of an earlier version tell none."""
    found = sorted(coverage.get("clocks", ()), key=lambda one: (-abs(one["offset_s"]), one["path"]))
    return Clocks(
        told="clocks" in coverage,
        off=[_clock(one) for one in found if not _is_same(one)],
        same=[_clock(one) for one in found if _is_same(one)],
    )


def _is_same(one: Mapping[str, Any]) -> bool:
    return bool(abs(one["offset_s"]) <= SAME_S)


def _clock(one: Mapping[str, Any]) -> Clock:
    return Clock(
        path=foreign(one["path"]),
        apart=_apart(one),
        done=_done(one),
        reference=foreign(one["reference"]),
        pairs=number(one["pairs"]),
    )


def _apart(one: Mapping[str, Any]) -> str:
    if _is_same(one):
        return _("the same, within 2 seconds")
    facts = {"time": _duration(round(abs(one["offset_s"])))}
    return (_("%(time)s fast") if one["offset_s"] > 0 else _("%(time)s slow")) % facts


def _done(one: Mapping[str, Any]) -> str:
    if _is_same(one):
        return ""
    if one["used"]:
        return _("set right when machines were named")
    return _("the difference is not steady: not set right, and machines are named less surely")


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
