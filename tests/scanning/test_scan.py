"""The scan finds what the slow twin finds, at every piece size, and accounts for every line."""

import gzip
import random
from pathlib import Path

import pytest

from quetsach.formats.contract import HEAD_BYTES
from quetsach.formats.dialects.shipped_dialects import dialect_formats
from quetsach.formats.registry import all_formats, recognise
from quetsach.scanning.job import WorkerTools
from quetsach.sieve.kernel import rust_available
from tests.oracles.scan import scanned
from tests.scanning.generated import generated, indicators, sample_logs
from tests.scanning.scanning import Scanned, scan, tools_for
from tests.sweeping.evidence import HEADER, conn, write
from tests.whole import daily, todays_share

DIALECTS = [form.name for form in dialect_formats()]
NAMES = sorted({path.parent.name for path in sample_logs()})
TODAY = [
    *todays_share([name for name in NAMES if name in DIALECTS], days=10),
    *todays_share([name for name in NAMES if name not in DIALECTS], days=6),
]
"""The generated logs take turns: a share of them each day, fewer of those one engine reads."""

each_sample = pytest.mark.parametrize(
    "sample",
    [path for path in sample_logs() if path.parent.name in TODAY],
    ids=lambda path: f"{path.parent.name}/{path.stem}",
)


@pytest.fixture(scope="module")
def tools() -> WorkerTools:
    return tools_for(indicators())


def _account_for(found: Scanned) -> None:
    counts = found.source.counts
    ended = counts.sieved_out + counts.no_match + counts.sighting_lines + counts.rejects
    assert counts.lines == ended
    assert counts.sighting_lines == len({told[0] for told in found.sightings})
    assert counts.rejects == sum(found.source.reject_reasons.values())
    assert sum(found.source.hours.values()) == counts.lines


@each_sample
def test_the_scan_finds_what_the_slow_twin_finds_at_every_piece_size(
    sample: Path, tools: WorkerTools, tmp_path: Path
) -> None:
    rng = random.Random(f"{sample.parent.name}/{sample.name}")
    met = 0
    logs = daily(1, whole=8)
    for number in range(logs):
        content = generated(sample, rng)
        log = write(tmp_path / f"{number}.log", content)
        true = scanned(content, tools.job.indicators.indicators, tools.zone)
        for piece in (len(content) + 1, len(content) // 2, 997):
            found = scan(log, tools, piece)
            assert found.sightings == true.sightings, (number, piece)
            assert found.source.counts.lines == true.lines
            assert true.telling_rejects <= found.rejects
            _account_for(found)
        met += len(true.sightings)
    # A table of who held what reaches out to nobody, and a PC's own lists are short.
    head = sample.read_bytes()[:HEAD_BYTES]
    layout = recognise(head).layout(head)
    # Lines drawn one by one make no record of several lines.
    table = layout.marker == b"" or layout.record is not None
    short = table or sample.parent.name.startswith("host-")
    assert short or met > 10 * logs, "the generated logs must hold sightings, or nothing is tested"


def test_every_format_is_among_the_generated_logs() -> None:
    assert {path.parent.name for path in sample_logs()} == {one.name for one in all_formats()}


@each_sample
def test_packing_changes_no_sighting(sample: Path, tools: WorkerTools, tmp_path: Path) -> None:
    content = generated(sample, random.Random(sample.name))
    plain = scan(write(tmp_path / "a.log", content), tools)
    packed = scan(write(tmp_path / "a.log.gz", gzip.compress(content, 1)), tools)
    assert packed.sightings == plain.sightings
    assert packed.source.counts == plain.source.counts
    assert packed.source.hours == plain.source.hours


@pytest.mark.skipif(not rust_available(), reason="NOT TESTED: no kernel here to compare")
@each_sample
def test_both_sieves_give_the_same_result(sample: Path, tools: WorkerTools, tmp_path: Path) -> None:
    log = write(tmp_path / "a.log", generated(sample, random.Random(sample.name), count=80))
    plain = tools_for(indicators(), "python")
    assert (plain.sieve.name, tools.sieve.name) == ("python", "rust")
    assert scan(log, plain, 2_000) == scan(log, tools, 2_000)


@pytest.mark.parametrize("piece", [1, 2, 7, 64])
def test_pieces_shorter_than_a_line_lose_and_double_nothing(
    piece: int, tools: WorkerTools, tmp_path: Path
) -> None:
    lines = [conn(n, "10.0.0.5", f"203.0.113.{70 + n % 10}") for n in range(12)]
    content = (HEADER + "".join(lines)).encode()
    found = scan(write(tmp_path / "conn.log", content), tools, piece)
    assert (
        found.sightings == scanned(content, tools.job.indicators.indicators, tools.zone).sightings
    )
    assert len(found.sightings) == 1
    assert found.source.counts.lines == content.count(b"\n")
    _account_for(found)


def test_a_log_of_one_unfinished_line_is_read(tools: WorkerTools, tmp_path: Path) -> None:
    found = scan(write(tmp_path / "a.log", b"10.0.0.5 went to 203.0.113.77"), tools)
    assert [told[1] for told in found.sightings] == ["203.0.113.77"]
    assert found.source.counts.lines == 1
