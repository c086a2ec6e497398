"""The truth is sealed before anything connects, and a truth that was altered is no truth."""

import hashlib
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.exams.drawing import draw_exam
from quetsach.exams.truth import (
    COMMITMENT,
    TRUTH,
    ExamTruth,
    commitment_of,
    open_truth,
    seal_truth,
    truth_bytes,
)
from tests.exams.test_drawing import MACHINES, SEED, WISHES


@pytest.fixture
def truth() -> ExamTruth:
    return draw_exam(MACHINES, WISHES, SEED)


def test_what_was_sealed_is_opened_again(truth: ExamTruth, tmp_path: Path) -> None:
    commitment = seal_truth(tmp_path, truth)
    assert open_truth(tmp_path) == (truth, commitment)
    assert open_truth(tmp_path, f"sha256:{commitment}") == (truth, commitment)
    assert commitment == hashlib.sha256((tmp_path / TRUTH).read_bytes()).hexdigest()
    assert (tmp_path / COMMITMENT).read_text() == f"{commitment}  truth.json\n"
    assert stat.S_IMODE((tmp_path / TRUTH).stat().st_mode) == 0o600


def test_a_truth_is_never_replaced(truth: ExamTruth, tmp_path: Path) -> None:
    seal_truth(tmp_path, truth)
    with pytest.raises(FileExistsError):
        seal_truth(tmp_path, truth)


def _altered(truth: ExamTruth, **changed: Any) -> bytes:
    return json.dumps({**json.loads(truth_bytes(truth)), **changed}).encode()


def test_an_altered_truth_is_refused(truth: ExamTruth, tmp_path: Path) -> None:
    seal_truth(tmp_path, truth)
    (tmp_path / TRUTH).write_bytes(_altered(truth, domain="other.example"))
    with pytest.raises(QuetsachError, match="E322"):
        open_truth(tmp_path)


def test_who_alters_both_files_is_caught_by_the_noted_commitment(
    truth: ExamTruth, tmp_path: Path
) -> None:
    noted = seal_truth(tmp_path, truth)
    other = _altered(truth, domain="other.example")
    (tmp_path / TRUTH).write_bytes(other)
    (tmp_path / COMMITMENT).write_text(commitment_of(other))
    assert open_truth(tmp_path)[0].domain == "other.example"
    for text in (noted, "0" * 64):
        with pytest.raises(QuetsachError, match="E322"):
            open_truth(tmp_path, text)


@pytest.mark.parametrize(
    "changed",
    [
        {"format": "quetsach-exam/9"},
        {"domain": "exam.example'; rm -rf ~; '"},
        {"domain": "EXAM.example"},
        {"server": "$(reboot)"},
        {"server_port": 70_000},
        {"until_s": 0},
        {"seed": "short"},
        {"more": 1},
        {"machines": []},
        {"occasions": [{"mark": "a b", "machine": 0, "when_s": 1, "port": 2000}]},
        {"occasions": [{"mark": "abcdefghijkl", "machine": 0, "when_s": 1, "port": 2000}] * 2},
    ],
)
def test_a_truth_that_cannot_be_is_refused_even_with_its_commitment(
    changed: dict[str, Any], truth: ExamTruth, tmp_path: Path
) -> None:
    content = _altered(truth, **changed)
    (tmp_path / TRUTH).write_bytes(content)
    (tmp_path / COMMITMENT).write_text(commitment_of(content))
    with pytest.raises(QuetsachError, match="E321"):
        open_truth(tmp_path)


def test_a_folder_without_an_exam_is_told(tmp_path: Path) -> None:
    with pytest.raises(QuetsachError, match="E321"):
        open_truth(tmp_path)
    for content in (b"[" * 100_000, b'{"seed":"\xff"}', b'{"a":' + b"[" * 100_000):
        (tmp_path / TRUTH).write_bytes(content)
        (tmp_path / COMMITMENT).write_text(commitment_of(content))
        with pytest.raises(QuetsachError, match="E321"):
            open_truth(tmp_path)


def test_a_commitment_that_was_cut_short_is_a_wrong_value_and_no_fraud(
    tmp_path: Path, truth: ExamTruth
) -> None:
    commitment = seal_truth(tmp_path, truth)
    for text in ("", "none", commitment[:4]):
        with pytest.raises(QuetsachError, match="E601 --commitment"):
            open_truth(tmp_path, text)
