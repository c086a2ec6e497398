"""Results of splits are added up per file, whatever the splits; a file given twice counts once."""

from pathlib import Path

import pytest

from quetsach.evidence.digests import blake3_of_file
from quetsach.evidence.find import find_evidence
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from quetsach.scanning.job import ScanJob, prepare
from quetsach.scanning.plan import make_plan
from quetsach.scanning.scan import scan_split
from quetsach.sweeping.gather import GatheredEvidence, gather
from tests.sweeping.evidence import HEADER, START, conn, write

LINES = "".join(conn(60 * n, f"10.0.0.{n % 9}", f"203.0.113.{n % 120}") for n in range(500))


def _gathered(tmp_path: Path, *logs: Path, piece: int = 1 << 26) -> GatheredEvidence:
    tools = prepare(
        ScanJob(read_lists([write(tmp_path / "list.txt", "203.0.113.77\n")], ListOptions()))
    )
    plan = make_plan(*find_evidence([str(log) for log in logs]))
    splits = list(plan.splits(piece))
    spool = tmp_path / f"spool-{piece}"
    spool.mkdir()
    results = (scan_split(one, tools) for one in splits)
    return gather(plan, splits, results, spool, lambda one: scan_split(one, tools))


@pytest.mark.parametrize("piece", [500, 3_001])
def test_the_size_of_pieces_shows_nowhere(piece: int, tmp_path: Path) -> None:
    log = write(tmp_path / "conn.log", HEADER + LINES)
    (whole,) = _gathered(tmp_path, log).sources
    pieces = _gathered(tmp_path, log, piece=piece)
    (parts,) = pieces.sources
    assert whole.blake3 == blake3_of_file(log)
    # Samples: the first lines of a file are those of its first piece.
    parts.records, parts.forms = whole.records, whole.forms
    assert parts == whole
    assert whole.read_bytes == log.stat().st_size
    assert (whole.first_us, whole.last_us) == (START * 10**6, (START + 499 * 60) * 10**6)


def test_twins_are_marked_and_their_sightings_and_rejects_left_out(tmp_path: Path) -> None:
    text = HEADER + "203.0.113.9 cut\n" + LINES
    first, twin = (write(tmp_path / name, text) for name in ("a.log", "b.log"))
    other = write(tmp_path / "c.log", text + conn(1, "10.0.0.5", "203.0.113.77"))
    found = _gathered(tmp_path, first, twin, other)
    assert [one.duplicate_of for one in found.sources] == [None, str(first), None]
    assert [number for number, _ in found.spools] == [0, 2]
    assert [path for path, _ in found.rejects] == [str(first), str(other)]


def test_spools_stand_in_the_order_of_the_evidence(tmp_path: Path) -> None:
    logs = [write(tmp_path / f"{name}.log", HEADER + LINES + f"#{name}\n") for name in "ba"]
    found = _gathered(tmp_path, *logs, piece=4_000)
    numbers = [number for number, _ in found.spools]
    assert numbers == sorted(numbers)
    assert set(numbers) == {0, 1}
    assert len(numbers) > 4


def test_a_problem_that_many_pieces_have_is_told_once(tmp_path: Path) -> None:
    odd = "".join(line.replace("\t", " ") + "\n" for line in LINES.splitlines())
    found = _gathered(tmp_path, write(tmp_path / "conn.log", HEADER + odd), piece=4_000)
    assert [one.code for one in found.problems] == ["E108"]
