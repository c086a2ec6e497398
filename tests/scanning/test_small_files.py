"""Small files scanned together give what each gives alone, whatever lies among them."""

import os
import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from quetsach.evidence.find import find_evidence
from quetsach.scanning.heads import SAMPLED_FORMS
from quetsach.scanning.job import WorkerTools
from quetsach.scanning.plan import (
    FEW_HEAD_LINES,
    HEADER_LINES,
    MORE_HEAD_LINES,
    Split,
    make_plan,
)
from quetsach.scanning.scan import SplitResult, StoppedError, scan_split
from quetsach.scanning.small_files import scan_small
from quetsach.sieve.kernel import rust_available
from tests.scanning import scanning
from tests.scanning.generated import generated, indicators, sample_logs
from tests.sweeping.evidence import HEADER, conn, write

CLEAN = HEADER + "".join(conn(n, f"10.0.0.{n}", "192.0.2.9") for n in range(9))


@pytest.fixture(scope="module")
def tools() -> WorkerTools:
    return scanning.tools_for(indicators())


def _few(splits: list[Split], lines: int) -> list[Split]:
    return [replace(one, head_lines=lines) for one in splits]


def _splits(folder: Path, lines: int = FEW_HEAD_LINES + HEADER_LINES) -> list[Split]:
    return _few(list(make_plan(*find_evidence([str(folder)])).splits()), lines)


def _few_of_each_form() -> list[Path]:
    of_form = Counter[str]()
    few = []
    for sample in sample_logs():
        of_form[sample.parent.name] += 1
        if sample.parent.name in SAMPLED_FORMS and of_form[sample.parent.name] < 2:
            few.append(sample)
    return few


def _no_file(split: Split, *_given: object) -> SplitResult:
    raise AssertionError(f"{split.shown} was read alone")


def _check(splits: list[Split], tools: WorkerTools) -> None:
    for split, result in zip(splits, scan_small(splits, tools), strict=True):
        assert result == scan_split(split, tools), split.shown


def test_files_of_all_forms_give_together_what_they_give_alone(
    tools: WorkerTools, tmp_path: Path
) -> None:
    rng = random.Random(7)
    for sample in _few_of_each_form():
        content, name = sample.read_bytes(), f"{sample.parent.name}-{sample.name}"
        quiet = b"".join(line for line in content.splitlines(keepends=True) if b"bad" not in line)
        for number, text in enumerate((quiet, quiet, generated(sample, rng, 5))):
            (tmp_path / f"{number}-{name}").write_bytes(text)
        (tmp_path / f"3-{name}").write_bytes(quiet * 2)
        (tmp_path / f"4-{name}").write_bytes(quiet[: len(quiet) // 2])
    splits = _splits(tmp_path)
    assert len(splits) > 60
    _check(splits, tools)


@pytest.mark.skipif(not rust_available(), reason="NOT TESTED: no kernel here")
def test_most_files_of_a_kind_are_read_together(tools: WorkerTools, tmp_path: Path) -> None:
    texts = {
        "a": CLEAN,
        "b": CLEAN.replace("192.0.2.9", "203.0.113.77"),
        # A header that looks like one only to the form; one that changes the columns behind it.
        "c": CLEAN + "  " + HEADER.replace("id.orig_h", "id.resp_h"),
        "d": CLEAN + HEADER.replace("id.orig_h", "id.resp_h") + conn(9, "10.0.0.5", "192.0.2.9"),
        "e": HEADER + "what is this\n" * 9,
        "f": CLEAN.rstrip("\n"),
        "g": CLEAN + "odd\rone\n",
        "h": CLEAN,
    }
    for name, text in texts.items():
        write(tmp_path / f"{name}.log", text)
    splits = _splits(tmp_path)
    (tmp_path / "h.log").unlink()
    _check(splits, tools)
    alone: list[str] = []

    def noted(split: Split, *given: object) -> SplitResult:
        alone.append(split.location.stem)
        return scan_split(split, *given)  # type: ignore[arg-type]

    scan_small(splits, tools, noted)
    assert alone == ["b", "c", "d", "e", "g", "h"]


SYSLOG = (
    "dnsmasq[9]: query[A] a{second}.example from 10.0.0.{second}",
    "dnsmasq[9]: reply a{second}.example is 192.0.2.{second}",
    "kernel: FW-DROP IN=br0 OUT=eth1 MAC= SRC=10.0.0.{second} DST=192.0.2.9 LEN=60 TOS=0x00 "
    "TTL=63 ID=1 PROTO=TCP SPT=40000 DPT=443",
    "sshd[7]: Accepted publickey for can.bo from 10.0.0.{second} port 48789 ssh2",
)


@pytest.mark.skipif(not rust_available(), reason="NOT TESTED: no kernel here")
def test_syslogs_without_years_are_read_together_whenever_each_was_taken(
    tools: WorkerTools, tmp_path: Path
) -> None:
    days = [("Dec", 30), ("Dec", 31), ("Jan", 1)]
    for number, (month, day) in enumerate(days):
        rows = [
            f"{month} {day:2} 08:00:{second:02} gw "
            + SYSLOG[second % (2 if second < 9 else 4)].format(second=second)
            for second in range(32)
        ]
        log = write(tmp_path / f"messages-{number}", "\n".join(rows) + "\n")
        # Each at noon of its day; the year turns between them.
        os.utime(log, ((1_672_394_400 + number * 86_400),) * 2)
    splits = _splits(tmp_path, MORE_HEAD_LINES)
    assert {one.format for one in splits} == {"dnsmasq"}
    _check(splits, tools)
    years = [
        datetime.fromtimestamp((one.facts.last_us or 0) // 1_000_000, UTC).year
        for one in scan_small(splits, tools, scan_alone=_no_file)
    ]
    assert years == [2022, 2022, 2023]


def test_the_first_line_of_a_file_without_a_header_has_its_number(
    tools: WorkerTools, tmp_path: Path
) -> None:
    write(tmp_path / "a.log", "2026-09-01 08:15:22 gw: deny 10.20.3.41 to 203.0.113.77\n" * 3)
    (split,) = make_plan(*find_evidence([str(tmp_path)])).splits()
    with pa.ipc.open_stream(scan_split(split, tools).sightings) as rows:
        marks = rows.read_all()["quetsach.sighting.id"].to_pylist()
    assert [mark.startswith("0:") for mark in marks] == [True] * 3


def test_without_a_kernel_each_is_scanned_alone(tmp_path: Path) -> None:
    for name in "ab":
        write(tmp_path / f"{name}.log", CLEAN)
    _check(_splits(tmp_path), scanning.tools_for(indicators(), "python"))


def test_a_scan_that_is_stopped_gives_no_half_result(tmp_path: Path) -> None:
    for name in "ab":
        write(tmp_path / f"{name}.log", CLEAN)
    tools = scanning.tools_for(indicators())
    tools.stopped.set()
    with pytest.raises(StoppedError):
        scan_small(_splits(tmp_path), tools)
