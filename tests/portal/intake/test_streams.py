"""A log that is handed in again is known again: each line and each sighting counts once."""

import gzip
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from quetsach.api.findings import read_folder
from quetsach.api.ledger import streams_of
from quetsach.api.sweeps import KnownText
from quetsach_portal.intake.boundary import DaySeen
from quetsach_portal.intake.coverage import add_days
from quetsach_portal.intake.folders import findings_folder
from quetsach_portal.intake.models import (
    CoverageDay,
    SourceDay,
    StreamPart,
    Submission,
    SubmissionState,
    UnitStream,
)
from quetsach_portal.intake.queries import counts_of
from quetsach_portal.intake.streams import earlier_texts, keep_all_streams, keep_streams
from tests.portal.intake.handing_in import looked_through, publish
from tests.portal.intake.rows import make_done
from tests.portal.world import World
from tests.sweeping.evidence import HEADER, conn, swept, write

pytestmark = pytest.mark.django_db

LINES = [conn(n, "10.0.0.5", "203.0.113.77") for n in range(15)]
GROWN = HEADER + "".join(LINES)
TIMES: tuple[dict[str, bytes | str], ...] = (
    {"conn.log": HEADER + "".join(LINES[:5])},
    {"conn.log": HEADER + "".join(LINES[:10])},
    {"conn.log": GROWN},
    {"conn.log.gz": gzip.compress(GROWN.encode()), "copy.log": GROWN},
    {"conn.log": HEADER + "".join([*LINES[:7], *LINES[8:]])},
)


def _parts() -> list[tuple[str, bool, int, int]]:
    rows = StreamPart.objects.order_by("pk")
    return list(rows.values_list("change", "is_proved", "new_lines", "new_sightings"))


def _swept(world: World, tmp_path: Path, files: dict[str, bytes | str]) -> Submission:
    """Return a submission that was looked through, not yet recorded: no sandbox takes its time."""
    row = make_done(world, "TC01", findings=f"swept-{uuid4().hex}")
    logs = [write(tmp_path / name, text) for name, text in files.items()]
    known = [KnownText(one.head, one.length, one.chain) for one in earlier_texts(row.node_id)]
    swept(tmp_path, *logs, out=findings_folder(row.findings), earlier_texts=known)
    return row


def _taken_in(world: World, tmp_path: Path, files: dict[str, bytes | str]) -> Submission:
    row = _swept(world, tmp_path, files)
    keep_streams(row)
    return row


def test_what_a_growing_log_brings_is_recorded_with_its_sweep(world: World) -> None:
    publish(world)
    last = [looked_through(world, files) for files in TIMES[:2]][-1]
    assert _parts() == [("new", True, 11, 5), ("grown", True, 5, 5)]
    stream = UnitStream.objects.get()
    assert (stream.name, stream.sightings, stream.lines) == ("conn.log", 10, 16)
    assert stream.length == last.parts.get().to
    assert CoverageDay.objects.get().lines == 10
    assert counts_of([last.node])[0].lines == 16


def test_a_growing_log_its_gz_its_copy_and_an_edited_one(world: World, tmp_path: Path) -> None:
    last = [_taken_in(world, tmp_path, files) for files in TIMES][-1]
    assert _parts() == [
        ("new", True, 11, 5),
        ("grown", True, 5, 5),
        ("grown", True, 5, 5),
        *[("same", True, 0, 0)] * 2,
        ("diverged", True, 9, 7),
    ]
    stream = UnitStream.objects.get()
    assert (stream.sightings, stream.lines) == (15 + 7, 21 + 9)
    assert counts_of([last.node])[0].lines == stream.lines
    assert len(earlier_texts(last.node_id)) == 4
    assert not Submission.objects.filter(streams_kept=False).exists()


def _of_an_earlier_version(world: World, tmp_path: Path) -> list[Submission]:
    """Return two submissions without streams; the grown log was counted anew, by its BLAKE3."""
    rows = [_swept(world, tmp_path, files) for files in TIMES[:2]]
    for row, lines in zip(rows, (5, 10), strict=True):
        log = streams_of(read_folder(findings_folder(row.findings)))[0]
        day = date.fromisoformat(next(iter(log.days)))
        add_days(row.node, [DaySeen((log.digests[1],), day, "connection", lines, 1)])
    SourceDay.objects.update(lines=None)
    assert CoverageDay.objects.get().lines == 15
    return rows


class _Work:
    def renew(self) -> None:
        """Do nothing."""


def test_submissions_of_before_get_their_streams_and_days_are_set_right(
    world: World, tmp_path: Path
) -> None:
    rows = _of_an_earlier_version(world, tmp_path)
    for _time in range(2):
        keep_all_streams(_Work())
        # Nothing compared the two: their sightings tell.
        assert _parts() == [("new", True, 11, 5), ("grown", False, 5, 5)]
        assert CoverageDay.objects.get().lines == 10
        assert sorted(SourceDay.objects.values_list("lines", flat=True)) == [5, 10]
    parts = StreamPart.objects.order_by("pk")
    assert [part.submission_id for part in parts] == [row.pk for row in rows]


def test_the_next_submission_waits_for_no_job_to_record_those_before_it(
    world: World, tmp_path: Path
) -> None:
    _of_an_earlier_version(world, tmp_path)
    third = _swept(world, tmp_path, TIMES[2])
    ((digest, earlier),) = keep_streams(third).items()
    assert [one[0] for one in _parts()] == ["new", "grown", "grown"]
    assert third.parts.get().known_sightings == 10
    day = SourceDay.objects.first()
    assert day is not None
    add_days(third.node, [DaySeen((digest,), day.day, "connection", 15, 1)], {digest: earlier})
    assert CoverageDay.objects.get().lines == 15


def test_findings_that_are_gone_tell_nothing_and_are_not_asked_again(
    world: World, tmp_path: Path
) -> None:
    row = _swept(world, tmp_path, TIMES[0])
    Submission.objects.update(findings="", manifest_digest="sha256:" + "0" * 64)
    keep_all_streams(_Work())
    row.refresh_from_db()
    assert (row.streams_kept, row.state) == (True, SubmissionState.DONE)
    assert not StreamPart.objects.exists()
    assert keep_streams(row) == {}
