"""The plan: how each file is read, and splits that cover each file exactly once."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from quetsach.containers.streams import Codec
from quetsach.evidence.find import EvidenceFile, find_evidence
from quetsach.scanning.heads import FULL_HEADS
from quetsach.scanning.plan import (
    FEW_HEAD_LINES,
    HEAD_LINES,
    HEADER_LINES,
    Plan,
    YearSource,
    make_plan,
)
from tests.sweeping.evidence import HEADER, conn, write

LOG = HEADER + conn(1, "10.0.0.5", "203.0.113.77")


def _plan(*paths: Path) -> Plan:
    return make_plan(*find_evidence([str(path) for path in paths]))


@pytest.mark.parametrize("piece", [1, 7, 100, 10**9])
def test_the_splits_of_a_plain_file_cover_it_without_gap_or_overlap(
    piece: int, tmp_path: Path
) -> None:
    plan = _plan(write(tmp_path / "a.log", LOG), write(tmp_path / "b.log", LOG + LOG))
    for number, file in enumerate(plan.files):
        splits = [one for one in plan.splits(piece) if one.file == number]
        place = 0
        for split in splits:
            assert split.offset == place
            assert 0 < split.length <= piece
            place += split.length
        assert place == file.size == splits[0].file_size


def test_a_packed_file_is_one_split(tmp_path: Path) -> None:
    plan = _plan(write(tmp_path / "a.log.gz", gzip.compress(LOG.encode())))
    (split,) = plan.splits(10)
    assert (split.codec, split.format, split.offset, split.length) == (
        Codec.GZIP,
        "zeek-tsv",
        0,
        plan.files[0].size,
    )


def test_the_form_is_told_from_the_content_and_not_from_the_name(tmp_path: Path) -> None:
    plan = _plan(write(tmp_path / "eve.json.gz", LOG), write(tmp_path / "conn.log", "odd\n"))
    assert [(one.codec, one.format) for one in plan.files] == [
        (Codec.PLAIN, "zeek-tsv"),
        (Codec.PLAIN, "text"),
    ]


def test_problems_found_before_stay_in_the_plan(tmp_path: Path) -> None:
    empty = write(tmp_path / "empty.log", "")
    plan = _plan(tmp_path / "gone.log", empty)
    assert [one.code for one in plan.problems] == ["E101", "E103"]
    assert list(plan.splits()) == []


def test_a_file_that_is_gone_since_it_was_found_is_a_problem(tmp_path: Path) -> None:
    plan = make_plan([EvidenceFile("gone.log", tmp_path / "gone.log", 5)], [])
    assert [(one.code, one.where) for one in plan.problems] == [("E104", "gone.log")]


YEARLESS = "Sep  1 08:15:22 gw dnsmasq-dhcp[4]: DHCPACK(br0) 10.0.0.5 00:17:a4:00:00:01 PC-1\n"


def _taken(*paths: Path) -> list[str]:
    """Return the day on which each file without full dates counts as taken."""
    plan = _plan(*paths)
    return [
        datetime.fromtimestamp(one.layout.taken_us / 1e6, UTC).date().isoformat()
        for one in plan.files
        if one.layout.taken_us is not None
    ]


def test_a_log_without_years_is_dated_by_its_neighbours_and_not_by_its_copying(
    tmp_path: Path,
) -> None:
    log = write(tmp_path / "messages.log", YEARLESS)
    dated = write(tmp_path / "conn.log", HEADER + conn(1, "10.0.0.5", "203.0.113.77"))
    assert _taken(log)[0] > "2025"
    (year,) = {one[:4] for one in _taken(log, dated)}
    assert year in {"2022", "2023"}


def test_what_told_the_year_is_kept(tmp_path: Path) -> None:
    log = write(tmp_path / "messages.log", YEARLESS)
    named = write(tmp_path / "messages-2024-09-02.log", YEARLESS)
    dated = write(tmp_path / "conn.log", HEADER + conn(1, "10.0.0.5", "203.0.113.77"))
    guessed, by_name = (one.year_source for one in _plan(log, named).files)
    assert guessed == YearSource("file-date", str(log))
    assert guessed.is_guess
    assert by_name == YearSource("name", str(named))
    by_neighbour, none = (one.year_source for one in _plan(log, dated).files)
    assert by_neighbour == YearSource("neighbour", str(dated))
    assert not by_neighbour.is_guess
    assert none is None


@pytest.mark.parametrize("told", ["2019-03-04 08:15:22", "ts=1000000103", "2019-03-04T01:15:22Z"])
def test_a_file_of_unknown_form_dates_no_other_file(told: str, tmp_path: Path) -> None:
    log = write(tmp_path / "messages.log", YEARLESS)
    unknown = write(tmp_path / "strange.txt", f"gw {told} block in from 203.0.113.77\n" * 30)
    assert _taken(log, unknown) == _taken(log)


def test_a_line_of_unknown_form_in_a_log_of_many_dates_no_other_file(tmp_path: Path) -> None:
    log = write(tmp_path / "messages.log", YEARLESS)
    known = "2022-09-12T07:00:01+07:00 ns unbound[7]: [7:0] info: 10.20.3.41 a.example. A IN\n"
    odd = "2019-03-04 08:15:22 gw block in from 203.0.113.77\n"
    mixed = write(tmp_path / "central.log", odd + known)
    assert _taken(log, mixed)[0][:4] in {"2022", "2023"}


def test_a_date_in_the_name_of_a_log_without_years_is_believed(tmp_path: Path) -> None:
    log = write(tmp_path / "messages-2024-09-02.log", YEARLESS)
    dated = write(tmp_path / "conn.log", HEADER + conn(1, "10.0.0.5", "203.0.113.77"))
    assert _taken(log, dated) == ["2024-09-02"]


def test_of_many_files_of_a_kind_the_first_are_parsed_by_their_full_head(tmp_path: Path) -> None:
    text = "#fields\tts\tid.orig_h\n1788225322.1\t10.20.3.41\n"
    for number in range(FULL_HEADS + 3):
        (tmp_path / f"dns.{number:03}.log").write_text(text)
        (tmp_path / f"conn.{number:03}.log").write_text(text.replace("id.orig_h", "id.resp_h"))
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "dns.999.log").write_text(text)
    splits = list(make_plan(*find_evidence([str(tmp_path)])).splits())
    assert len(splits) == 2 * (FULL_HEADS + 3) + 1
    for kind in ("conn.", "dns."):
        lines = [one.head_lines for one in splits if one.location.name.startswith(kind)][
            : FULL_HEADS + 3
        ]
        assert lines == [HEAD_LINES] * FULL_HEADS + [FEW_HEAD_LINES + HEADER_LINES] * 3
    assert splits[-1].head_lines == HEAD_LINES
