"""Attempts to get out of the sandbox fail, but those that the page on security tells of."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from quetsach.sandbox import escape_attempts, escape_trials
from quetsach.sandbox import run as running
from quetsach.sandbox.contract import SandboxFailed, SandboxFailure
from quetsach.sandbox.escape_attempts import ATTEMPTS, Baits, EscapeAttempt
from quetsach.sandbox.own_user import MOST_TASKS, can_take_own_user
from quetsach.sandbox.run import call, run
from quetsach.sandbox.shut_in import landlock_version, offered
from tests.sandbox.carrying_out import LIMITS, ROOT, act

WHOLE = pytest.mark.skipif(
    not offered().is_whole or landlock_version() < 6,
    reason="this kernel offers no seccomp, or no Landlock that knows signals",
)
AS_ROOT = pytest.mark.skipif(not can_take_own_user(), reason="as root each attempt can succeed")

NOT_TRIED_OUTSIDE = {
    "clock": "it would set the clock",
    "root": "the tests are root",
    "terminal": "the tests have none",
    "raise-limits": "root may raise them",
    "signal-group": "it is the group of the tests",
}


@pytest.fixture(scope="module")
def baits() -> Iterator[Baits]:
    with escape_trials._baits_laid() as (laid, _folder):
        yield laid


@AS_ROOT
@WHOLE
@pytest.mark.parametrize(
    "attempt",
    [each for each in ATTEMPTS if each.name not in NOT_TRIED_OUTSIDE],
    ids=lambda each: each.name,
)
def test_each_attempt_succeeds_where_nothing_holds_it(attempt: EscapeAttempt, baits: Baits) -> None:
    number = os.fork()
    if number == 0:
        os._exit(0 if escape_attempts._succeeds(attempt, baits) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]) == 0


def test_names_are_of_one_attempt_each() -> None:
    assert len({attempt.name for attempt in ATTEMPTS}) == len(ATTEMPTS)
    assert len({attempt.words for attempt in ATTEMPTS}) == len(ATTEMPTS)
    assert set(NOT_TRIED_OUTSIDE) <= {attempt.name for attempt in ATTEMPTS}


def test_what_stays_possible_stands_in_the_page_on_security() -> None:
    page = " ".join((ROOT / "SECURITY.md").read_text("utf-8").split())
    for attempt in ATTEMPTS:
        if attempt.stays:
            assert attempt.words in page, attempt.name


# What uses things up


def fork_bomb(_given: bytes, _report: object) -> bytes:
    """Start processes that do not end, until one is refused; answer how many there were."""
    count = 0
    while count < 4 * MOST_TASKS:
        try:
            number = os.fork()
        except OSError:
            break
        if number == 0:
            os.read(os.pipe()[0], 1)
            os._exit(0)
        count += 1
    return str(count).encode()


def many_files(_given: bytes, report: object) -> bytes:
    """Write files of the size that is allowed until somebody ends this process."""
    for number in range(1_000):
        Path(f"{number}").write_bytes(b"x" * (1 << 20))
    while True:
        Path("turn").write_bytes(b"x")


@WHOLE
def test_a_process_that_multiplies_meets_a_bound_and_ends_with_all_of_them() -> None:
    answer = run("tests.sandbox.test_escape_attempts:fork_bomb", b"", limits=LIMITS)
    assert 1 < int(answer) <= MOST_TASKS + 4 * (os.cpu_count() or 1) + 64


def test_memory_is_bounded_in_the_heap_and_in_maps() -> None:
    lines = ["b'x' * (4 << 30)", "import mmap; mmap.mmap(-1, 4 << 30)"]
    for line in lines:
        with pytest.raises(SandboxFailed) as caught:
            run(act("evaluate"), f"exec({line!r})".encode(), limits=LIMITS)
        assert caught.value.failure is (
            SandboxFailure.MEMORY if "mmap" not in line else SandboxFailure.BROKE
        )


def test_who_fills_the_disk_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "FULL_BELOW", 1 << 62)
    limits = msgspec.structs.replace(LIMITS, file_bytes=1 << 20, seconds=60)
    with pytest.raises(SandboxFailed) as caught:
        run("tests.sandbox.test_escape_attempts:many_files", b"", limits=limits, folder=tmp_path)
    assert (caught.value.failure, caught.value.reason) == ("broke", "disk")


def test_who_writes_little_is_not_ended_for_a_disk_that_others_filled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "FULL_BELOW", 1 << 62)
    lines = ["open('little', 'w').write('x')", "import select; select.select([], [], [], 1.5)"]
    limits = msgspec.structs.replace(LIMITS, file_bytes=1 << 20)
    assert call(act("attempt"), lines, limits=limits, folder=tmp_path).value == ["done"] * 2


@pytest.mark.skipif(sys.platform != "linux", reason="the numbers of descriptors are Linux's")
def test_no_descriptor_is_open_but_those_of_the_answer(tmp_path: Path) -> None:
    opened = os.open(tmp_path, os.O_RDONLY)
    os.set_inheritable(opened, True)
    try:
        lines = "[n for n in range(3, 1024) if not _closed(n)]"
        code = (
            "exec('def _closed(n):\\n try: os.fstat(n)\\n except OSError: return True')"
            f" or str({lines})"
        )
        answer = run(act("evaluate"), code.encode(), limits=LIMITS).decode()
    finally:
        os.close(opened)
    assert answer == "[3]"
