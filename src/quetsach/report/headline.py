"""The answer in one sentence, and the three figures that keep it honest."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from quetsach.report.words import CERTAINTIES, certainty
from quetsach.report.written import moment, number, size
from quetsach.texts import _


@dataclass(frozen=True)
class Figure:
    """One large number with what it counts and what stands behind it."""

    number: str
    of: str
    notes: Sequence[str]
    alarming: bool


@dataclass(frozen=True)
class Headline:
    """The answer, what limits it, and the figures."""

    answer: str
    limits: Sequence[str]
    figures: Sequence[Figure]
    found: bool


def headline(
    devices: Mapping[str, Any],
    coverage: Mapping[str, Any],
    summary: Mapping[str, Any],
    zone: tzinfo,
) -> Headline:
    """Return the headline; a zero is only ever said of what was looked at."""
    count = len(devices["devices"])
    looked_at = summary["lines"] > 0
    return Headline(
        answer=_answer(count, looked_at=looked_at),
        limits=_limits(devices, summary),
        figures=(
            _to_handle(devices["devices"], looked_at=looked_at),
            _looked_at(coverage, summary, zone),
            _not_read(summary),
        ),
        found=count > 0,
    )


def _answer(count: int, *, looked_at: bool) -> str:
    if count == 1:
        return _("1 device needs to be handled.")
    if count:
        return _("%(n)s devices need to be handled.") % {"n": number(count)}
    if looked_at:
        return _("No device was seen in touch with a listed address, in what was looked at.")
    return _("Nothing was looked at, so nothing can be said about any device.")


def _limits(devices: Mapping[str, Any], summary: Mapping[str, Any]) -> list[str]:
    limits = []
    if unread := len(summary["unread"]):
        limits.append(
            _("Files not fully read: %(n)s. What stands in them is not known.")
            % {"n": number(unread)}
        )
    if summary["rejects"]:
        limits.append(_("Lines that could not be read: %(n)s.") % {"n": number(summary["rejects"])})
    if lost := devices["unattributed"]["sightings"]:
        limits.append(
            _("Sightings for which no device could be named: %(n)s.") % {"n": number(lost)}
        )
    return limits


def _to_handle(devices: Sequence[Mapping[str, Any]], *, looked_at: bool) -> Figure:
    count = len(devices)
    # Where nothing was looked at, a zero would say more than we know.
    shown = number(count) if count or looked_at else "–"
    return Figure(shown, _("devices to handle"), _sureness(devices), alarming=count > 0)


def _sureness(devices: Sequence[Mapping[str, Any]]) -> list[str]:
    counts = Counter(device["grade"] for device in devices)
    known = [grade for grade in CERTAINTIES if counts[grade]]
    other = sorted(set(counts) - set(CERTAINTIES))
    return [f"{number(counts[grade])} {certainty(grade).name}" for grade in (*known, *other)]


def _looked_at(coverage: Mapping[str, Any], summary: Mapping[str, Any], zone: tzinfo) -> Figure:
    sources = coverage["sources"]
    first = min((one["first"] for one in sources if one["first"]), default=None, key=_instant)
    last = max((one["last"] for one in sources if one["last"]), default=None, key=_instant)
    notes = [
        _("%(lines)s lines, %(size)s")
        % {"lines": number(summary["lines"]), "size": size(summary["bytes_read"])},
    ]
    if first is not None:
        notes.append(f"{moment(first, zone)} – {moment(last, zone)}")
    notes.append(
        _("indicators looked for: %(n)s") % {"n": number(summary["indicators"])},
    )
    return Figure(number(len(sources)), _("sources looked at"), notes, alarming=False)


def _instant(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _not_read(summary: Mapping[str, Any]) -> Figure:
    notes = [_("lines refused: %(n)s") % {"n": number(summary["rejects"])}]
    if summary["as_text"]:
        notes.append(
            _("files read as plain text: %(n)s") % {"n": number(len(summary["as_text"]))},
        )
    unread = len(summary["unread"])
    return Figure(number(unread), _("files not fully read"), notes, alarming=unread > 0)
