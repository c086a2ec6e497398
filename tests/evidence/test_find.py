"""Evidence is found in a fixed order, each file once, and nothing is passed over in silence."""

import io
import os
from pathlib import Path

import pytest

from quetsach.evidence import find
from quetsach.evidence.find import find_evidence


def test_a_folder_gives_its_files_by_path(tmp_path: Path) -> None:
    for name in ("b.log", "a.log", "thị trấn/c d.log"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x\n")
    files, problems = find_evidence([str(tmp_path)])
    assert [one.shown.removeprefix(f"{tmp_path}/") for one in files] == [
        "a.log",
        "b.log",
        "thị trấn/c d.log",
    ]
    assert problems == []


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_text("x\n")
    files, _ = find_evidence([str(log), str(tmp_path), str(tmp_path / "*.log")])
    assert len(files) == 1


@pytest.mark.parametrize(
    ("argument", "code"),
    [("missing.log", "E101"), ("s3://bucket/log", "E111"), ("no*.log", "E101")],
)
def test_what_is_not_there_is_a_problem(argument: str, code: str) -> None:
    files, problems = find_evidence([argument])
    assert files == []
    assert [one.code for one in problems] == [code]


def test_an_empty_folder_is_a_problem(tmp_path: Path) -> None:
    assert [one.code for one in find_evidence([str(tmp_path)])[1]] == ["E112"]


def test_pipes_and_devices_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert [one.code for one in find_evidence([str(tmp_path)])[1]] == ["E113"]


def test_a_broken_link_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    assert [one.code for one in find_evidence([str(tmp_path)])[1]] == ["E104"]


def test_a_name_that_is_no_text_is_shown_in_escapes(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/log-\xff.log"
    Path(os.fsdecode(raw)).write_text("x\n")
    files, _ = find_evidence([str(tmp_path)])
    assert files[0].shown.endswith("log-\\xff.log")


def test_a_name_that_is_too_long_is_a_problem_and_no_crash() -> None:
    assert [one.code for one in find_evidence(["x" * 300, "y" * 5000])[1]] == ["E101", "E101"]


class _Input:
    """Standard input as a program gets it."""

    def __init__(self, buffer: io.RawIOBase | io.BytesIO) -> None:
        self.buffer = buffer


class _Broken(io.RawIOBase):
    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        raise OSError(5, "Input/output error")


def test_standard_input_is_copied_and_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b"line\n" * 500_000
    monkeypatch.setattr("sys.stdin", _Input(io.BytesIO(content)))
    files, problems = find_evidence(["-", "-"], tmp_path)
    assert [(one.shown, one.size) for one in files] == [("-", len(content))]
    assert files[0].location.read_bytes() == content
    assert files[0].location.is_relative_to(tmp_path)
    assert problems == []


@pytest.mark.parametrize("stdin", [None, _Input(_Broken())])
def test_standard_input_that_cannot_be_read_is_a_problem(
    stdin: _Input | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", stdin)
    files, problems = find_evidence(["-"], tmp_path)
    assert files == []
    assert [(one.code, one.where) for one in problems] == [("E104", "-")]


def test_a_stream_without_end_leaves_room_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Endless(io.RawIOBase):
        def read(self, size: int = -1, /) -> bytes:
            return b"x" * size

    monkeypatch.setattr("sys.stdin", _Input(Endless()))
    monkeypatch.setattr(find, "_LOOKED_AT", 3 << 20)
    monkeypatch.setattr(find, "_KEPT_FREE", 1 << 62)
    files, problems = find_evidence(["-"], tmp_path)
    assert (files, [problem.code for problem in problems]) == ([], ["E104"])
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) == 0


def test_a_file_named_like_standard_input_can_be_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "-").write_text("x\n")
    monkeypatch.chdir(tmp_path)
    assert [one.location.read_text() for one in find_evidence(["./-"], tmp_path)[0]] == ["x\n"]


def test_a_link_to_a_folder_is_named_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "a.log").write_text("x\n")
    (tmp_path / "logs" / "round").symlink_to(tmp_path / "logs")
    files, problems = find_evidence([str(tmp_path / "logs")])
    assert [one.location.name for one in files] == ["a.log"]
    assert [one.code for one in problems] == ["E114"]
