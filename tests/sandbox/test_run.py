"""An act in the sandbox reads its inputs, writes its folder, uses no more than it may, and ends."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from quetsach.sandbox.contract import (
    ANSWER,
    FRAME,
    PROGRESS,
    EndedFromOutside,
    SandboxAnswer,
    SandboxFailed,
    SandboxFailure,
    SandboxLimits,
    SandboxProgress,
)
from quetsach.sandbox.environment import clean_environment
from quetsach.sandbox.run import _fills_disk, call, run
from quetsach.sandbox.shut_in import offered
from quetsach.sandbox.warm import is_offered, kept_warm
from tests.sandbox.carrying_out import LIMITS, POSIX, ROOT, act, evaluated, failure_of, is_gone
from tests.sandbox.planted import assert_clean, plant


@pytest.fixture(scope="module", autouse=True, params=["new", "forked"] if is_offered() else ["new"])
def way(request: pytest.FixtureRequest) -> Iterator[str]:
    """Start each process anew, or fork each off a warm one: the same must hold of both."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        with kept_warm(["tests.sandbox.acts"]) if request.param == "forked" else nullcontext():
            yield request.param


def attempts(
    folder: Path, *lines: str, reads: tuple[Path, ...] = (), limits: SandboxLimits = LIMITS
) -> SandboxAnswer:
    return call(act("attempt"), list(lines), folder=folder, limits=limits, reads=reads)


def test_an_act_returns_bytes_and_reports_how_far_it_is() -> None:
    reports: list[SandboxProgress | None] = []
    given = bytes(range(256)) * 200
    assert run(act("echo"), given, limits=LIMITS, on_progress=reports.append) == given
    assert set(reports) <= {None, SandboxProgress(1, 2), SandboxProgress(2, 2)}


def test_much_is_handed_over_and_handed_back() -> None:
    given = os.urandom(1 << 20) * 24
    limits = msgspec.structs.replace(LIMITS, answer=len(given))
    assert run(act("echo"), given, limits=limits) == given


# Environment


@pytest.mark.asvs("V13.2.2")
def test_the_process_sees_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    written = plant(monkeypatch, tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(ROOT), str(tmp_path))))
    assert "hush-hush" not in evaluated("dict(os.environ)")
    if way == "new":
        assert_clean(written)


def test_the_folder_one_stands_in_is_no_place_for_modules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "msgspec.py").write_text("raise SystemExit('taken over')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(("", str(ROOT), "", str(ROOT))))
    assert evaluated("1 + 1") == "2"
    assert attempts(tmp_path, "import msgspec").value == ["done"]
    source, *others = clean_environment()["PYTHONPATH"].split(os.pathsep)
    assert (Path(source) / "quetsach").is_dir()
    assert others == [str(ROOT)]


# Files and network


@pytest.mark.asvs("V15.2.5")
@pytest.mark.skipif(not offered().is_whole, reason="this kernel offers no Landlock or no seccomp")
def test_it_reaches_its_inputs_and_its_folder_and_no_more(tmp_path: Path) -> None:
    folder, given, secret = tmp_path / "f", tmp_path / "given", tmp_path / "secret"
    folder.mkdir()
    given.write_text("1")
    secret.write_text("2")
    (folder / "link").symlink_to(given)
    answer = attempts(
        folder,
        "open('link').read()",
        "open('own', 'w').write('x')",
        "import tempfile; tempfile.TemporaryFile()",
        f"open({str(secret)!r})",
        f"open({str(given)!r}, 'a')",
        f"open({str(tmp_path / 'new')!r}, 'w')",
        "open('/etc/hostname')",
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        reads=(given,),
        limits=msgspec.structs.replace(LIMITS, file_bytes=1 << 20),
    )
    assert answer.value == ["done"] * 3 + ["PermissionError"] * 5
    assert (folder / "own").read_text() == "x"


@pytest.mark.skipif(not offered().is_whole, reason="this kernel offers no Landlock or no seccomp")
def test_without_a_folder_it_writes_nowhere(tmp_path: Path) -> None:
    lines = [f"open({str(tmp_path / 'new')!r}, 'w')", "open('/tmp/of-everybody', 'w')"]
    assert call(act("attempt"), lines, limits=LIMITS).value == ["PermissionError"] * 2


def test_a_file_that_it_writes_is_bounded(tmp_path: Path) -> None:
    limits = msgspec.structs.replace(LIMITS, file_bytes=1 << 20)
    line = "open('big', 'wb').truncate(1 << 40)"
    assert attempts(tmp_path, line, limits=limits).value == ["OSError"]


# Memory, time, and other ends


def test_memory_is_bounded() -> None:
    assert failure_of("evaluate", b"b'x' * (4 << 30)").failure is SandboxFailure.MEMORY


@POSIX
@pytest.mark.parametrize("name", ["SIGABRT", "SIGILL", "SIGTRAP"])
def test_c_and_rust_that_get_no_memory_count_as_memory(name: str) -> None:
    failed = failure_of("evaluate", f"os.kill(os.getpid(), signal.{name})".encode())
    assert failed.failure is SandboxFailure.MEMORY


def test_a_break_names_its_exit_code_and_its_last_message() -> None:
    failed = failure_of("evaluate", b"os._exit(7)")
    assert (failed.failure, failed.reason, str(failed)) == ("broke", "exit 7", "broke exit 7")
    failed = failure_of("evaluate", b"1 / 0")
    assert (failed.failure, failed.last_line) == ("broke", "ZeroDivisionError: division by zero")
    assert failure_of("evaluate", b"undefined_name").failure is SandboxFailure.BROKE


def test_a_missing_act_is_a_break() -> None:
    assert failure_of("nothing_of_that_name").failure is SandboxFailure.BROKE


def test_its_caller_ends_it_in_time() -> None:
    started = time.monotonic()
    assert failure_of("hang", seconds=1.5, own_seconds=60).failure is SandboxFailure.TIME
    assert time.monotonic() - started < 20
    assert failure_of("hang", seconds=0.001).failure is SandboxFailure.TIME


@POSIX
def test_its_cpu_time_is_bounded() -> None:
    assert failure_of("spend", b"50", cpu_seconds=1).failure is SandboxFailure.TIME


@POSIX
@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"])
def test_an_end_from_outside_is_told_apart_from_its_own_failure(name: str) -> None:
    # Python handles SIGINT itself; a process that reads evidence must not be saved by that.
    expression = f"(signal.signal(signal.{name}, signal.SIG_DFL) if {name!r} != 'SIGKILL' else 0, "
    expression += f"os.kill(os.getpid(), signal.{name}))"
    with pytest.raises(EndedFromOutside, match=name) as caught:
        evaluated(expression)
    assert caught.value.signal is getattr(signal, name)


# Its answer


def test_an_answer_is_bounded() -> None:
    exact = "'x' * {}"
    assert len(evaluated(exact.format(1000), answer=1000)) == 1000
    failed = failure_of("evaluate", exact.format(1001).encode(), answer=1000)
    assert str(failed) == "broke size"
    assert str(failure_of("claim", str(1 << 62).encode())) == "broke size"


@pytest.mark.parametrize(
    "forged",
    [
        b"",
        b"xx\n",
        FRAME.pack(ANSWER, 5) + b"half",
        FRAME.pack(PROGRESS, 3) + b"[[[",
        FRAME.pack(PROGRESS, 1 << 40),
        FRAME.pack(b"?", 2) + b"no",
        b"\xff" * 10_000,
    ],
)
def test_what_is_no_answer_is_a_break(forged: bytes) -> None:
    assert failure_of("forge", forged).failure is SandboxFailure.BROKE


def test_progress_that_is_none_is_passed_over() -> None:
    noise = FRAME.pack(PROGRESS, 3) + b"[[[" + FRAME.pack(PROGRESS, 21) + b'{"done":1,"total":"a"'
    assert run(act("forge"), noise + FRAME.pack(ANSWER, 2) + b"ok", limits=LIMITS) == b"ok"


def test_an_answer_of_plain_values_is_believed_only_in_its_shape() -> None:
    for forged in ("", "[]", '{"problem": 3}', "[" * 9_000, "\xff"):
        with pytest.raises(SandboxFailed):
            call(act("evaluate"), forged, limits=LIMITS)


# Whose end it shares


@POSIX
def test_what_it_started_ends_with_it() -> None:
    assert is_gone(int(run(act("leave_a_program"), b"", limits=LIMITS)))


@POSIX
def test_a_caller_that_wants_no_more_ends_it() -> None:
    class LostError(Exception):
        pass

    def lose(_progress: SandboxProgress | None) -> None:
        raise LostError

    started = time.monotonic()
    with pytest.raises(LostError):
        run(act("hang"), b"2", limits=LIMITS, on_progress=lose)
    assert time.monotonic() - started < 30


@POSIX
def test_a_process_within_a_process_stays_in_its_group() -> None:
    outer, inner = run(act("nest"), b"os.getpgid(0)", limits=LIMITS).split()
    assert outer == inner
    assert int(outer) != os.getpgid(0)


@POSIX
def test_the_end_of_one_within_is_not_the_end_of_the_one_around() -> None:
    failed = failure_of("nest", b"os._exit(7)")
    assert failed.last_line.endswith("SandboxFailed: broke exit 7")


def test_folders_of_acts_are_left_as_they_were_but_for_tmp(tmp_path: Path) -> None:
    answers: list[Callable[[], SandboxAnswer]] = [lambda: attempts(tmp_path, "pass")] * 2
    assert [answer().value for answer in answers] == [["done"]] * 2
    assert [path.name for path in tmp_path.iterdir()] == ["tmp"]


@pytest.mark.parametrize(("blocks", "is_full"), [(0, False), (1 << 30, True)])
def test_a_file_system_that_counts_no_blocks_is_not_full(
    blocks: int, is_full: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "much").open("wb") as file:
        file.truncate(1 << 30)
    usage = SimpleNamespace(total=blocks, used=blocks, free=0)
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: usage)
    assert _fills_disk(tmp_path) is is_full
