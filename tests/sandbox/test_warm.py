"""What is forked off a warm process knows nothing of it, nor of what was forked before.

That its walls and bounds are those of a new process is shown in test_run.py, which runs both ways.
"""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from quetsach.sandbox import warm
from quetsach.sandbox.contract import EndedFromOutside
from quetsach.sandbox.environment import clean_environment
from quetsach.sandbox.run import call, run, start_process
from quetsach.sandbox.warm import ForkedProcess, WarmProcess, forked, is_offered, kept_warm
from tests.sandbox.carrying_out import LIMITS, ROOT, act, evaluated
from tests.sandbox.planted import SECRETS

pytestmark = pytest.mark.skipif(not is_offered(), reason="this system names no process for good")

_OPEN = "[n for n in range(256) if not __import__('ctypes').CDLL(None).fcntl(n, 1) < 0]"


@pytest.fixture(scope="module", autouse=True)
def _warm() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        for name, secret in SECRETS.items():
            patch.setenv(name, secret)
        with kept_warm(["tests.sandbox.acts"]):
            yield
        assert forked(None) is None


def _closed(process: ForkedProcess) -> int:
    process.end_group()
    code = process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        pipe.close()
    return code


def test_a_process_that_was_forked_ends_once_and_says_how() -> None:
    process = start_process(None)
    assert isinstance(process, ForkedProcess)
    assert not process.has_ended(0)
    process.end_group()
    assert process.has_ended(10)
    assert _closed(process) == process.wait() == -signal.SIGKILL


def test_it_sees_no_secret_and_has_its_pipes_alone() -> None:
    assert "hush-hush" not in evaluated("dict(os.environ)")
    # Beside its three pipes the one for its answer: no way leads to what forked it.
    assert evaluated(_OPEN) == "[0, 1, 2, 3]"


def test_nothing_of_an_earlier_one_is_left(tmp_path: Path) -> None:
    assert evaluated("setattr(sys, 'left_behind', 1) or sys.left_behind") == "1"
    assert evaluated("hasattr(sys, 'left_behind')") == "False"
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        line = f"import os, tempfile; os.listdir('.' if os.getcwd() == {str(folder)!r} else 'no')"
        made = "import tempfile; tempfile.mkdtemp()"
        limits = msgspec.structs.replace(LIMITS, file_bytes=1 << 20)
        answer = call(act("attempt"), [line, made], folder=folder, limits=limits)
        assert answer.value == ["done"] * 2
        assert len(list((folder / "tmp").iterdir())) == 1


def test_many_at_once_get_their_own_answers() -> None:
    answers: dict[str, bytes] = {}

    def ask(word: str) -> None:
        answers[word] = run(act("echo"), word.encode(), limits=LIMITS)

    threads = [threading.Thread(target=ask, args=(str(place),)) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {word: word.encode() for word in map(str, range(8))}


def test_without_a_warm_process_new_ones_are_started() -> None:
    environment = {**clean_environment(), "PYTHONPATH": str(ROOT)}
    (held,) = warm._kept
    broken = WarmProcess(["tests.sandbox.nothing_of_that_name"], environment)
    warm._kept[:] = [broken]
    try:
        assert evaluated("1 + 1") == "2"
        assert warm._kept == []
    finally:
        warm._kept[:] = [held]
    process = start_process(None)
    assert isinstance(process, ForkedProcess)
    _closed(process)


def test_how_it_ended_is_not_known_when_the_warm_process_has_gone() -> None:
    other = WarmProcess([], {**clean_environment(), "PYTHONPATH": str(ROOT / "src")})
    process = other.start(None)
    os.kill(other._process.pid, signal.SIGKILL)
    other.end()
    assert _closed(process) == -signal.SIGKILL
    with pytest.raises(OSError, match="descriptor"):
        other.start(None)
    with pytest.raises(EndedFromOutside):
        evaluated("os.kill(os.getpid(), 9)")
