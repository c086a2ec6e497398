"""The device behind a sighting, and what it fills into the sighting's columns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from quetsach.attribution.devices import Attributor
from quetsach.attribution.model import Certainty
from quetsach.attribution.own_record import is_own_record
from quetsach.attribution.questions import Attribution, SightingEnds, SightingRole
from quetsach.findings.steps import steps_text
from quetsach.sweeping.source_times import TimeDoubts


@dataclass(frozen=True)
class SightingNamer:
    """What names a sighting: its device by `attributor_of` its file, its indicator by `label`.

    Units: per number of a file, `offsets_us` is added to its times to set its clock right, and
    `slack_us` is how far it may still be off; `doubts` says why its times are guessed, so that no
    device is certain by them.
    """

    attributor_of: Callable[[int], Attributor]
    label: Callable[[str], str]
    offsets_us: Mapping[int, int] = field(default_factory=dict)
    slack_us: Mapping[int, int] = field(default_factory=dict)
    doubts: TimeDoubts = field(default_factory=TimeDoubts)


def device_behind(
    attributor: Attributor, ends: SightingEnds, reason: str, *, is_outside_window: bool
) -> Attribution:
    """Return the device behind a sighting with these ends.

    `reason` says why its time is guessed, "" where it is known; `is_outside_window` that the
    indicator was not valid then.
    """
    attribution = attributor.attribute(ends)
    if reason and not is_own_record(ends, attribution):
        attribution = _doubted(attribution, reason)
    if is_outside_window and attribution.role is SightingRole.CLIENT:
        attribution = replace(attribution, role=SightingRole.OUTDATED)
    return attribution


def _doubted(attribution: Attribution, reason: str) -> Attribution:
    """Return an attribution that rests on a guessed time: no step of it is certain."""
    if attribution.grade is not Certainty.CERTAIN:
        return attribution
    steps = tuple(
        replace(step, grade=Certainty.LIKELY, note=step.note or reason)
        if step.grade is Certainty.CERTAIN
        else step
        for step in attribution.steps
    )
    return replace(attribution, grade=Certainty.LIKELY, steps=steps)


DEVICE_COLUMNS = (
    *("quetsach.device", "quetsach.device.address", "quetsach.device.grade"),
    *("quetsach.device.role", "quetsach.device.way", "quetsach.device.steps"),
    *("quetsach.device.lack", "quetsach.lease.start", "quetsach.lease.path"),
    "quetsach.lease.offset",
)
"""The columns of SIGHTING that `device_columns` fills."""


def device_columns(attribution: Attribution) -> tuple[Any, ...]:
    """Return what a device fills into the columns of a sighting, in the order of DEVICE_COLUMNS."""
    lease = attribution.interval
    return (
        attribution.device or None,
        attribution.address or None,
        str(attribution.grade),
        str(attribution.role),
        attribution.way or None,
        steps_text(attribution.steps),
        str(attribution.lack) or None,
        lease and lease.start_us,
        lease and lease.place.path,
        lease and lease.place.offset,
    )
