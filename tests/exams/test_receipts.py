"""Receipts come from many machines: only what an exam asked for counts, the rest is told."""

import json
from pathlib import Path
from typing import Any

import pytest

from quetsach.exams.drawing import draw_exam
from quetsach.exams.receipts import ReceiptReading, machines_of, read_receipts
from tests.exams.test_drawing import MACHINES, SEED, WISHES

TRUTH = draw_exam(MACHINES, WISHES, SEED)
MARK = TRUTH.occasions[0].mark
GOOD = {
    "format": "quetsach-exam-receipt/1",
    "exam": "e1",
    "mark": MARK,
    "at": 1_800_000_100,
    "utc_offset": "+0700",
    "host": "PC-00",
    "macs": ["00:17:a4:00:00:01", "0017A4000002", "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "x"],
    "addresses": ["127.0.0.1", "::1", "192.168.5.20", "fe80::1%eth0", "FE80::1", "none"],
    "port": 18_000,
    "asked": True,
    "connected": False,
}


def _read(folder: Path, *contents: bytes) -> ReceiptReading:
    for number, content in enumerate(contents):
        (folder / f"r{number}.json").write_bytes(content)
    return read_receipts(folder, TRUTH, "e1")


def _bytes(**changed: Any) -> bytes:
    return json.dumps({**GOOD, **changed}).encode()


def test_a_receipt_is_read_in_the_forms_of_the_evidence(tmp_path: Path) -> None:
    reading = _read(tmp_path, b"\xef\xbb\xbf" + _bytes())
    receipt = reading.receipts[MARK]
    assert receipt.macs == ("00-17-A4-00-00-01", "00-17-A4-00-00-02")
    assert receipt.addresses == ("192.168.5.20", "fe80::1")
    assert reading.problems == ()
    assert machines_of([receipt], TRUTH) == {TRUTH.occasions[0].machine}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"null",
        b"\xff\xfe",
        b"[" * 30_000,
        b'{"a":' * 5_000,
        _bytes(exam="e2"),
        _bytes(mark="aaaaaaaaaaaa"),
        _bytes(mark="../../etc/passwd"),
        _bytes(port=70_000),
        _bytes(at=-1),
        _bytes(at=10**30),
        _bytes(asked="yes"),
        _bytes(host="x" * 300),
        _bytes(macs=["00:17:a4:00:00:01"] * 100),
        _bytes(more=1),
        _bytes() + b" " * 40_000,
        _bytes()[:-5],
    ],
)
def test_what_is_no_receipt_is_told_and_counts_for_nothing(content: bytes, tmp_path: Path) -> None:
    reading = _read(tmp_path, content)
    assert not reading.receipts
    assert [one.code for one in reading.problems] == ["E323"]


def test_two_receipts_of_one_mark_count_only_if_they_are_the_same(tmp_path: Path) -> None:
    assert set(_read(tmp_path, _bytes(), _bytes()).receipts) == {MARK}
    reading = _read(tmp_path, _bytes(), _bytes(host="PC-01"), _bytes())
    assert not reading.receipts
    assert len(reading.problems) == 1


def test_links_are_not_followed_and_other_files_are_passed_over(tmp_path: Path) -> None:
    folder = tmp_path / "receipts"
    folder.mkdir()
    outside = tmp_path / "outside.json"
    outside.write_bytes(_bytes())
    (folder / "link.json").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    (folder / "notes.txt").write_text("no receipt")
    (folder / "folder.json").mkdir()
    reading = read_receipts(folder, TRUTH, "e1")
    assert not reading.receipts
    assert [one.where for one in reading.problems] == [str(folder / "link.json")]


def test_a_folder_that_is_not_there_holds_no_receipt(tmp_path: Path) -> None:
    assert read_receipts(tmp_path / "none", TRUTH, "e1") == ReceiptReading({})
