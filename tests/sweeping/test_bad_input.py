"""Bad evidence: a clear code, what was read before stays counted, and partial never looks clean."""

import bz2
import gzip
import json
import os
import random
from pathlib import Path

import pytest

from quetsach.api import problems, sweeps
from tests.sweeping.evidence import HEADER, conn, swept, write

GOOD = HEADER + conn(1, "10.0.0.5", "203.0.113.77")


def _codes(summary: dict[str, list[dict[str, str]]]) -> list[str]:
    return [one["code"] for one in summary["unread"]]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.log", b"", "E103"),
        ("capture.pcap", b"\xd4\xc3\xb2\xa1\x02\x00\x04\x00" + b"\x00" * 40, "E123"),
        ("picture.bin", bytes(range(256)) * 30, "E105"),
        ("logs.zip", b"PK\x03\x04" + b"x" * 60, "E116"),
        ("logs.7z", b"7z\xbc\xaf\x27\x1c" + b"x" * 60, "E116"),
        ("logs.rar", b"Rar!\x1a\x07\x00" + b"x" * 60, "E110"),
        ("table.parquet", b"PAR1" + b"x" * 60, "E123"),
        ("browser.db", b"SQLite format 3\x00" + b"x" * 600, "E123"),
        ("flows.json", b"[ ]", "E122"),
        ("noise.log.gz", b"\x1f\x8b" + b"\xff" * 50, "E106"),
        ("empty.log.gz", gzip.compress(b"", mtime=0), "E103"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_named_and_the_rest_is_counted(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    good = write(tmp_path / "evidence" / "conn.log", GOOD)
    bad = write(tmp_path / "evidence" / name, content)
    summary = swept(tmp_path, good, bad)
    assert set(_codes(summary)) == {code}
    assert summary["unread"][0]["path"] == str(bad)
    assert len(summary["devices"]) == 1
    assert problems.exit_code(summary) == 3


def test_a_missing_file_is_named_and_the_rest_is_counted(tmp_path: Path) -> None:
    good = write(tmp_path / "conn.log", GOOD)
    summary = swept(tmp_path, good, tmp_path / "gone.log")
    assert _codes(summary) == ["E101"]
    assert len(summary["devices"]) == 1
    assert problems.exit_code(summary) == 3


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_the_right_to_read_is_named(tmp_path: Path) -> None:
    log = write(tmp_path / "conn.log", GOOD)
    log.chmod(0)
    assert _codes(swept(tmp_path, log)) == ["E104"]


def test_a_gzip_file_damaged_in_the_middle_keeps_what_stood_before(tmp_path: Path) -> None:
    source = random.Random(3)
    lines = [
        conn(n, f"10.0.{source.randrange(200)}.{source.randrange(200)}", "198.51.100.9")
        for n in range(40_000)
    ]
    lines[5] = conn(5, "10.0.0.5", "203.0.113.77")
    packed = bytearray(gzip.compress((HEADER + "".join(lines)).encode()))
    middle = len(packed) // 2
    packed[middle : middle + 200] = bytes(200)
    summary = swept(tmp_path, write(tmp_path / "conn.log.gz", bytes(packed)))
    assert "E106" in _codes(summary)
    assert 10_000 < summary["lines"] < 40_006
    assert summary["devices"][0]["device"] == "10.0.0.5"
    assert problems.exit_code(summary) == 3


def test_a_cut_bzip2_file_is_reported(tmp_path: Path) -> None:
    packed = bz2.compress(GOOD.encode())[:-5]
    summary = swept(tmp_path, write(tmp_path / "conn.log.bz2", packed))
    assert _codes(summary) == ["E106"]


def test_a_log_of_unknown_format_is_read_as_text_and_names_no_device(tmp_path: Path) -> None:
    log = write(
        tmp_path / "odd.log", "2022-09-12 08:15:22 pc 10.0.0.5 went to 203.0.113.77 ok\n" * 3
    )
    summary = swept(tmp_path, log)
    assert summary["as_text"] == [str(log)]
    # Which of the addresses reached out is not known: no device is named, a person looks.
    assert (summary["devices"], summary["unattributed"], summary["lines_to_look_at"]) == ([], 0, 3)
    assert _codes(summary) == ["E125"]
    assert problems.exit_code(summary) == 3


def test_a_log_that_is_mostly_misread_never_looks_clean(tmp_path: Path) -> None:
    lines = "".join(conn(n, "10.0.0.5", "198.51.100.1").replace("\t", " ") for n in range(50))
    summary = swept(tmp_path, write(tmp_path / "conn.log", HEADER + lines))
    assert "E108" in _codes(summary)
    assert problems.exit_code(summary) == 3


def test_a_line_without_end_is_left_out_in_bounded_memory(tmp_path: Path) -> None:
    log = write(
        tmp_path / "a.log", GOOD + "x" * (40 << 20) + "\n" + conn(9, "10.0.0.6", "203.0.113.77")
    )
    summary = swept(tmp_path, log)
    assert "E107" in _codes(summary)
    assert sorted(one["device"] for one in summary["devices"]) == ["10.0.0.5", "10.0.0.6"]


def test_paths_with_vietnamese_letters_and_blanks_are_read(tmp_path: Path) -> None:
    log = write(tmp_path / "thị trấn Trà Cú" / "nhật ký 1.log", GOOD)
    summary = swept(tmp_path, log.parent)
    assert len(summary["devices"]) == 1


def test_a_truncated_last_line_is_looked_at_when_it_names_an_indicator(tmp_path: Path) -> None:
    log = write(tmp_path / "conn.log", GOOD + conn(2, "10.0.0.6", "203.0.113.77")[:60])
    summary = swept(tmp_path, log)
    assert (summary["rejects"], summary["lines_to_look_at"]) == (0, 1)
    assert [one["device"] for one in summary["devices"]] == ["10.0.0.5"]
    assert problems.exit_code(summary) == 3


def test_a_list_without_a_valid_row_is_named_beside_a_good_one(tmp_path: Path) -> None:
    log = write(tmp_path / "conn.log", GOOD)
    bad = write(tmp_path / "bad.txt", "com.vn\n192.168.1.1\n")
    good = write(tmp_path / "good.txt", "203.0.113.77\n")
    request = sweeps.sweep_request(
        evidence=[str(log)], lists=[good, bad], out=tmp_path / "findings"
    )
    summary = sweeps.sweep(request)
    assert [(one["code"], one["path"]) for one in summary["unread"]] == [("E203", "bad.txt")]
    assert len(summary["devices"]) == 1
    assert problems.exit_code(summary) == 3


def test_a_document_that_passes_for_one_of_our_decoders_names_nobody(tmp_path: Path) -> None:
    forged = {
        "@timestamp": "2022-09-12T00:00:01Z",
        "event.dataset": "pcap.dns",
        "source.ip": "10.0.0.7",
        "destination.ip": "203.0.113.77",
    }
    log = write(tmp_path / "beats.ndjson", 20 * (json.dumps(forged) + "\n"))
    summary = swept(tmp_path, log)
    assert summary["devices"] == []
    assert summary["lines_to_look_at"] == 20
    assert problems.exit_code(summary) == 3
