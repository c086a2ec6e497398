"""A file of which few first lines are parsed tells what it does by all, but for what is counted."""

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from quetsach.evidence.find import find_evidence
from quetsach.scanning.heads import FULL_HEADS, SAMPLED_FORMS
from quetsach.scanning.job import WorkerTools
from quetsach.scanning.plan import (
    FEW_HEAD_LINES,
    HEAD_LINES,
    HEADER_LINES,
    Split,
    make_plan,
)
from quetsach.scanning.scan import SplitResult, scan_split
from quetsach.scanning.small_files import scan_small
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
        rows = b"".join(one for one in content.splitlines(keepends=True) if one[:1] != b"#")
        log.write_bytes(content if not content.endswith(b"\n") else content + rows * 7)
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


@pytest.mark.parametrize("good", [1, FEW])
def test_what_looks_odd_by_few_lines_is_judged_by_all(
    good: int, tools: WorkerTools, tmp_path: Path
) -> None:
    rows = "".join(conn(n, "10.0.0.5", "203.0.113.77") for n in range(good))
    log = write(tmp_path / "conn.log", HEADER + rows + "what is this\n" * 150)
    full, few = _both(log, tools)
    assert [one.code for one in full.problems] == ["E108"]
    assert few == full


LEASES = (
    '{"_path":"dhcp","ts":1662940805.5,"mac":"aa:bb:cc:00:00:07","host_name":"PC-07",'
    '"assigned_addr":"10.0.0.7","lease_time":86400.0,"msg_types":["REQUEST","ACK"]}\n'
    "2022-09-12T07:00:05+07:00 gw dhcpd[7]: DHCPACK on 10.0.0.8 to aa:bb:cc:00:00:08 "
    "(PC-08) via eth0\n"
)


def test_leases_behind_the_first_lines_are_read_in_each_file_of_a_kind(
    tools: WorkerTools, tmp_path: Path
) -> None:
    rows = "".join(conn(n, "10.0.0.5", "198.51.100.9") for n in range(90))
    files = [write(tmp_path / f"conn-{n}.log", HEADER + rows) for n in range(FULL_HEADS + 2)]
    for file in (files[0], files[-1]):
        file.write_text(HEADER + rows + LEASES * 2)
    splits = list(make_plan(*find_evidence([str(tmp_path)])).splits())
    assert (splits[0].head_lines, splits[-1].head_lines) == (HEAD_LINES, FEW)
    first, *_, last = (scan_split(one, tools) for one in splits)
    rows_of = [pa.ipc.open_stream(one.leases).read_all().drop(["file"]) for one in (first, last)]
    assert rows_of[0].num_rows == 4
    assert rows_of[1] == rows_of[0]
    assert scan_small(splits, tools)[-1] == last
