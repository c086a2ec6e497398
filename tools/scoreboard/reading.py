"""How quetsach reads a message: as a sweep reads a file that holds nothing else."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from quetsach.clocks import Zone
from quetsach.evidence.find import EvidenceFile
from quetsach.evidence.lines import SplitStream
from quetsach.evidence.rendering import render_evidence
from quetsach.formats.contract import Line, relayout
from quetsach.formats.registry import FALL_BACK, by_name
from quetsach.formats.shared.text_lines import UNKNOWN
from quetsach.indicators.model import IndicatorSet
from quetsach.scanning.activity import TrafficPairs
from quetsach.scanning.choosing import all_lines
from quetsach.scanning.job import ReadOptions, ScanJob, WorkerTools, prepare
from quetsach.scanning.line_outcomes import SplitAccount
from quetsach.scanning.parsing import LineParser
from quetsach.scanning.plan import Plan, Split, make_plan
from quetsach.schema import Event

UNREAD = "-"
"""The form of what the plan refused."""

MIXED = "mixed-log"
"""The form of a file whose lines have their own."""


@dataclass(frozen=True)
class Reading:
    """What became of a file: the name of its form, its events with their offsets, the problem.

    The offsets of what `is_rendered` are those in the rendering.
    """

    form: str
    events: tuple[tuple[int, Event], ...] = ()
    code: str | None = None
    is_rendered: bool = False

    @property
    def is_known(self) -> bool:
        """Whether a form with a name read it, or a line of it, not the fall-back."""
        if self.form not in {FALL_BACK, MIXED, UNREAD}:
            return True
        return any(event.get("event.dataset") != UNKNOWN for _, event in self.events)


def read_message(message: bytes, year: int | None = None, zone: Zone = UTC) -> Reading:
    """Return what a sweep would read in a file that holds `message`; see `read_messages`."""
    return read_messages([(message, year)], zone)[0]


def read_messages(messages: Sequence[tuple[bytes, int | None]], zone: Zone = UTC) -> list[Reading]:
    """Return what a sweep would read in each of `messages`, alone in a file in a folder of its own.

    The file was written at the end of the year that goes with it, so that a line without year has
    one; without a year it is of today.
    """
    tools = prepare(ScanJob(IndicatorSet(()), ReadOptions(zone=str(zone))))
    with TemporaryDirectory() as folder:
        files = [
            _written(Path(folder) / f"m{number}", message, year)
            for number, (message, year) in enumerate(messages)
        ]
        rendered, problems = render_evidence(files, [], Path(folder) / "rendered")
        found = {file.shown: file for file in rendered}
        plans = (
            make_plan(
                [found[one.shown]] if one.shown in found else [],
                [problem for problem in problems if problem.where == one.shown],
                zone,
            )
            for one in files
        )
        return [_reading(plan, tools) for plan in plans]


def _written(folder: Path, message: bytes, year: int | None) -> EvidenceFile:
    folder.mkdir()
    location = folder / "evidence.log"
    location.write_bytes(message)
    if year is not None:
        written = datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp()
        os.utime(location, (written, written))
    return EvidenceFile(f"{folder.name}/evidence.log", location, len(message))


def _reading(plan: Plan, tools: WorkerTools) -> Reading:
    if not plan.files:
        return Reading(UNREAD, code=plan.problems[0].code if plan.problems else None)
    events: list[tuple[int, Event]] = []
    for split in plan.splits():
        events += _events_of(split, tools)
    file = plan.files[0]
    return Reading(file.format, tuple(events), is_rendered=file.origin is not None)


def _events_of(split: Split, tools: WorkerTools) -> list[tuple[int, Event]]:
    """Return the events of all lines of a split, as its parser gives them to the tally of hours."""
    content = b"".join(
        SplitStream(split.location, split.codec, split.offset, split.length).read(
            file_size=split.file_size
        )
    )
    parser = LineParser(split, tools, SplitAccount(split, set()))
    parser.traffic = kept = _KeptEvents()
    layout, form = split.layout, by_name(split.format)
    waiting: list[Line] = []
    for start, end in all_lines(content, len(content)):
        line = content[start:end]
        if layout.header is not None and line.startswith(layout.header):
            changed = relayout(form, line, layout)
            if changed is not None:
                parser.parse_lines(waiting, set(), layout)
                waiting, layout = [], changed
        waiting.append((start, line))
    parser.parse_lines(waiting, set(), layout)
    parser.finish(layout)
    return kept.events


class _KeptEvents(TrafficPairs):
    """Keeps the events that it is to count."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[tuple[int, Event]] = []

    def add(self, events: Iterable[tuple[int, Event]]) -> None:
        """Keep `events`."""
        self.events += events


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
            tuple(
                (at - start, event)
                for at, event in reading.events
                if start <= at < end or reading.is_rendered
            ),
            reading.code,
        )
        for start, end in zip(starts, ends, strict=True)
    ]
