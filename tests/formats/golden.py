"""The samples beside this file: how they are read, and how their expected rows are rewritten.

`python -m tests.formats.golden` rewrites each `<name>.expected.json`; review the diff like code.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from quetsach.formats.contract import HEAD_BYTES, Format, Line, LogLayout, ParsedLines, relayout
from quetsach.formats.registry import all_formats, by_name
from quetsach.sieve.contract import LineClock

SAMPLES = Path(__file__).parent / "samples"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TAKEN_US = 1_788_310_800_000_000
"""When each sample whose lines lack their date was written: 2026-09-02 08:00 in ZONE."""


def samples(form: Format) -> list[Path]:
    """Return the sample logs of `form`, sorted by name."""
    return sorted((SAMPLES / form.name).glob("*.log"))


def expected_path(sample: Path) -> Path:
    """Return the file that holds the rows expected of `sample`."""
    return sample.with_suffix(".expected.json")


def lines_of(content: bytes) -> list[Line]:
    """Return the lines of `content` with their offsets; an empty last piece is no line."""
    found, offset = [], 0
    for line in content.split(b"\n"):
        found.append((offset, line))
        offset += len(line) + 1
    return found if found[-1][1] else found[:-1]


def layout_of(form: Format, content: bytes) -> LogLayout:
    """Return the layout that the head of `content` declares, as a plan completes it."""
    layout = form.layout(content[:HEAD_BYTES])
    if form.name == "ecs-json":
        # Some of its samples are what our decoders write.
        layout = replace(layout, ours=True)
    return replace(layout, taken_us=TAKEN_US) if layout.needs_date else layout


def read_pieces(form: Format, layout: LogLayout, pieces: Iterable[Sequence[Line]]) -> ParsedLines:
    """Return all rows of lines that come in pieces, following changes of layout as a sweep does."""
    rows = ParsedLines()
    for lines in pieces:
        part = form.parse(lines, layout, ZONE)
        rows.events += part.events
        rows.rejects += part.rejects
        rows.skipped += part.skipped
        for _, line in lines:
            if layout.header is not None and line.startswith(layout.header):
                changed = relayout(form, line, layout)
                layout = layout if changed is None else changed
    return rows


def read(form: Format, content: bytes) -> ParsedLines:
    """Return all rows of `content`, read in one piece."""
    return read_pieces(form, layout_of(form, content), [lines_of(content)])


def as_json(form: Format, content: bytes) -> dict[str, Any]:
    """Return what `content` becomes in `form`, as plain values."""
    rows, layout = read(form, content), layout_of(form, content)
    clock = layout.clock
    return {
        "layout": {
            "dataset": layout.dataset,
            "marker": None if layout.marker is None else layout.marker.decode(),
            "header": None if layout.header is None else layout.header.decode(),
            "clock": None if clock is None else _clock_json(clock),
        },
        "events": [[offset, dict(event)] for offset, event in rows.events],
        "rejects": [[one.offset, one.reason] for one in rows.rejects],
        "skipped": rows.skipped,
    }


def _clock_json(clock: LineClock) -> list[object]:
    known = [clock.needle.decode(), clock.epoch, clock.length]
    return [*known, clock.client.decode()] if clock.client else known


def rewrite() -> None:
    """Write the expected rows of every sample anew."""
    for form in all_formats():
        for sample in samples(form):
            found = as_json(by_name(form.name), sample.read_bytes())
            text = json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True)
            expected_path(sample).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    rewrite()


CASES = [(form, sample) for form in all_formats() for sample in samples(form)]


each_sample = pytest.mark.parametrize(
    ("form", "sample"), CASES, ids=[f"{form.name}/{sample.stem}" for form, sample in CASES]
)
