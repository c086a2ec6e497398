"""A file of which few first lines are parsed tells what it does by all, but for what is counted."""

from dataclasses import replace
from pathlib import Path

import pytest

from quetsach.evidence.find import find_evidence
from quetsach.scanning.heads import SAMPLED_FORMS
from quetsach.scanning.job import WorkerTools
from quetsach.scanning.plan import (
    FEW_HEAD_LINES,
    HEADER_LINES,
    Split,
    make_plan,
)
from quetsach.scanning.scan import SplitResult, scan_split
from tests.scanning.generated import indicators, sample_logs
from tests.scanning.scanning import tools_for
from tests.sweeping.evidence import HEADER, conn, write

FEW = FEW_HEAD_LINES + HEADER_LINES


@pytest.fixture(scope="module")
def tools() -> WorkerTools:
    return tools_for(indicators())


def _both(path: Path, tools: WorkerTools) -> tuple[SplitResult, SplitResult]:
    full: Split = next(iter(make_plan(*find_evidence([str(path)])).splits()))
    return scan_split(full, tools), scan_split(replace(full, head_lines=FEW), tools)


def test_few_lines_hide_and_make_up_nothing(tools: WorkerTools, tmp_path: Path) -> None:
    sampled = 0
    for number, sample in enumerate(sample_logs()):
        if sample.parent.name not in SAMPLED_FORMS:
            continue
        # Long enough that the rest of it is not parsed for its own sake.
        content = sample.read_bytes()
        log = tmp_path / f"{number}{sample.suffix}"
        log.write_bytes(content if not content.endswith(b"\n") else content * 8)
        full, few = _both(log, tools)
        assert few.sightings == full.sightings, sample
        assert (few.hours, few.leases, few.whole) == (full.hours, full.leases, full.whole)
        # A line that cannot be read is counted where it is parsed, as behind any full head.
        assert few.counts.rejects <= full.counts.rejects
        assert few.counts == replace(
            full.counts, rejects=few.counts.rejects, sieved_out=few.counts.sieved_out
        )
        assert {one.code for one in few.problems} == {one.code for one in full.problems}, sample
        assert few.forms.named == full.forms.named
        sampled += few.forms.lines < full.forms.lines
    assert sampled > 10


@pytest.mark.parametrize(("good", "codes"), [(1, ["E108"]), (FEW, [])])
def test_what_looks_odd_by_few_lines_is_judged_by_all(
    good: int, codes: list[str], tools: WorkerTools, tmp_path: Path
) -> None:
    rows = "".join(conn(n, "10.0.0.5", "203.0.113.77") for n in range(good))
    log = write(tmp_path / "conn.log", HEADER + rows + "what is this\n" * 150)
    full, few = _both(log, tools)
    assert [one.code for one in full.problems] == ["E108"]
    assert [one.code for one in few.problems] == codes
    if codes:
        assert few == full
