"""How quetsach reads a message: as a sweep reads a file that holds nothing else."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from quetsach.clocks import Zone
from quetsach.evidence.find import EvidenceFile
from quetsach.evidence.rendering import render_evidence
from quetsach.formats.contract import Line, relayout
from quetsach.formats.registry import FALL_BACK, by_name
from quetsach.formats.shared.text_lines import UNKNOWN
from quetsach.scanning.plan import PlannedFile, make_plan
from quetsach.schema import Event

UNREAD = "-"
"""The form of what the plan refused."""

MIXED = "mixed-log"
"""The form of a file whose lines have their own."""


@dataclass(frozen=True)
class Reading:
    """What became of a file: the name of its form, its events with their offsets, the problem."""

    form: str
    events: tuple[tuple[int, Event], ...] = ()
    code: str | None = None

    @property
    def is_known(self) -> bool:
        """Whether a form with a name read it, or a line of it, not the fall-back."""
        if self.form not in {FALL_BACK.name, MIXED, UNREAD}:
            return True
        return any(event.get("event.dataset") != UNKNOWN for _, event in self.events)


def read_message(message: bytes, year: int | None = None, zone: Zone = UTC) -> Reading:
    """Return what a sweep would read in a file that holds `message`.

    The file was written at the end of `year`, so that a line without year has one; without a year
    it is of today.
    """
    with TemporaryDirectory() as folder:
        location = Path(folder) / "evidence.log"
        location.write_bytes(message)
        if year is not None:
            written = datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp()
            os.utime(location, (written, written))
        file = EvidenceFile("evidence.log", location, len(message))
        plan = make_plan(*render_evidence([file], [], Path(folder)), zone)
        if not plan.files:
            return Reading(UNREAD, code=plan.problems[0].code if plan.problems else None)
        return _read_planned(plan.files[0], plan.files[0].location.read_bytes(), zone)


def _read_planned(file: PlannedFile, message: bytes, zone: Zone) -> Reading:
    form, layout = by_name(file.format), file.layout
    events: list[tuple[int, Event]] = []
    batch: list[Line] = []
    for line in lines_of(message):
        changed = None
        if layout.header is not None and line[1].startswith(layout.header):
            changed = relayout(form, line[1], layout)
        if changed is not None:
            events += form.parse(batch, layout, zone).events
            batch, layout = [], changed
        batch.append(line)
    events += form.parse(batch, layout, zone).events
    return Reading(file.format, tuple(events))


def lines_of(content: bytes) -> Iterator[Line]:
    """Yield the lines of `content` with their offsets; an empty last piece is no line."""
    offset = 0
    for line in content.split(b"\n"):
        if line or offset < len(content):
            yield offset, line
        offset += len(line) + 1


def read_mixed(messages: Sequence[bytes], year: int | None = None) -> list[Reading]:
    """Return what a sweep would read in each of `messages` where they stand in one file."""
    starts, whole = [], bytearray()
    for message in messages:
        starts.append(len(whole))
        whole += message if message.endswith(b"\n") else message + b"\n"
    reading = read_message(bytes(whole), year)
    ends = [*starts[1:], len(whole)]
    return [
        Reading(
            reading.form,
            tuple((at - start, event) for at, event in reading.events if start <= at < end),
            reading.code,
        )
        for start, end in zip(starts, ends, strict=True)
    ]
