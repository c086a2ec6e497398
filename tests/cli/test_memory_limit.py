"""Under a limit of its memory a run gives its answer or a code, and never breaks off."""

import resource
from collections.abc import Callable
from pathlib import Path

import pytest

from quetsach.cli.memory_limit import lacks_memory
from tests.cli.running import names_in, quetsach
from tests.watch.watched import lines


def _limited(mebibytes: int) -> Callable[[], None]:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (mebibytes << 20, mebibytes << 20))

    return limit


@pytest.mark.parametrize(("mebibytes", "code"), [(200, 2), (600, 1)])
def test_a_sweep_has_its_answer_or_says_that_memory_is_short(
    mebibytes: int, code: int, tmp_path: Path
) -> None:
    (tmp_path / "eve.json").write_bytes(lines(0, 2))
    (tmp_path / "list.txt").write_text("bad.example\n")
    words = ("sweep", tmp_path / "eve.json", "-i", tmp_path / "list.txt", "--quiet")
    run = quetsach(*words, "-o", tmp_path / "out", before=_limited(mebibytes))
    assert run.returncode == code, run.stderr
    assert run.stderr.startswith(b"E612 " if code == 2 else b"")
    assert names_in(tmp_path) == ["eve.json", "list.txt", *(["out"] if code == 1 else [])]


def test_a_library_that_finds_no_room_is_no_fault_of_ours() -> None:
    assert lacks_memory(ImportError("libarrow.so: failed to map segment from shared object"))
    assert not lacks_memory(ImportError("no module named x"))
    assert not lacks_memory(ValueError("out of memory"))


@pytest.mark.parametrize("words", [("--version",), ("indicators", "nonsense")])
def test_what_loads_no_tables_runs_with_little_memory(words: tuple[str, ...]) -> None:
    run = quetsach(*words, before=_limited(200))
    assert not run.stderr.startswith(b"E612")
    assert run.returncode == (2 if "nonsense" in words else 0)
