"""A process in the sandbox is a user of its own where its caller is root."""

import _thread
import os
import subprocess
import sys
from pathlib import Path

import pytest

from quetsach.sandbox.environment import OPT_OUT
from quetsach.sandbox.own_user import (
    FIRST_USER,
    MOST_TASKS,
    bound_tasks,
    can_take_own_user,
    take_back,
)
from quetsach.sandbox.run import call
from quetsach.sandbox.shut_in import is_seccomp_offered
from tests.sandbox.carrying_out import LIMITS, act, evaluated

AS_ROOT = pytest.mark.skipif(not can_take_own_user(), reason="only root gives users of their own")
NOBODY = 65_534


@AS_ROOT
def test_two_processes_are_two_users_and_neither_is_ours() -> None:
    expression = "(os.getresuid(), os.getresgid(), os.getgroups(), os.getpid())"
    first, second = eval(evaluated(expression)), eval(evaluated(expression))
    for users, groups, others, number in (first, second):
        assert users == groups == (FIRST_USER + number,) * 3
        assert others == []
    assert first[0] != second[0]


@AS_ROOT
def test_it_reads_what_only_root_may_and_what_it_leaves_is_ours_again(tmp_path: Path) -> None:
    folder, given = tmp_path / "folder", tmp_path / "given"
    folder.mkdir(mode=0o700)
    given.write_text("1")
    given.chmod(0o600)
    lines = [
        f"open({str(given)!r}).read()",
        "import os; os.makedirs('deep/deeper')",
        "open('deep/deeper/file', 'w').close()",
        f"import os; os.symlink({str(given)!r}, 'deep/link')",
        "import os; os.chmod('deep', 0o755)",
        f"import os; os.chmod({str(given)!r}, 0o777)",
        "import os; os.setuid(0)",
    ]
    answer = call(act("attempt"), lines, folder=folder, limits=LIMITS, reads=[given])
    assert answer.value == ["done"] * 4 + ["PermissionError"] * 3
    left = [folder, *folder.rglob("*")]
    assert {path.lstat().st_uid for path in left} == {os.geteuid()}
    assert given.stat().st_mode & 0o777 == 0o600


@AS_ROOT
def test_only_files_of_such_users_are_taken_back(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "of-nobody", tmp_path / "of-such-a-user"
    for path, user in ((ours, NOBODY), (theirs, FIRST_USER + 7)):
        path.touch()
        os.chown(path, user, user)
    take_back(tmp_path)
    assert ours.stat().st_uid == NOBODY
    assert (theirs.stat().st_uid, theirs.stat().st_gid) == (os.geteuid(), os.getegid())


@AS_ROOT
def test_how_many_tasks_such_a_user_has_is_bounded() -> None:
    bound = "__import__('resource').getrlimit(__import__('resource').RLIMIT_NPROC)"
    soft, hard = eval(evaluated(bound))
    assert soft == hard
    assert MOST_TASKS < hard <= MOST_TASKS + 4 * (os.cpu_count() or 1)


def test_a_system_without_such_a_bound_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    bound_tasks(is_own_user=False)


# What holds where the caller is not root and the kernel's Landlock knows no signals.
STRICT = """
import os, signal, subprocess, sys
from quetsach.sandbox.own_user import bound_tasks
from quetsach.sandbox.shut_in import refuse_new_privileges, restrict_calls
os.setgroups([]); os.setresgid(65534, 65534, 65534); os.setresuid(65534, 65534, 65534)
bound_tasks(is_own_user=False)
other = subprocess.Popen(["cat"], stdin=subprocess.PIPE)
refuse_new_privileges()
os.setsid()
restrict_calls(only_process=os.getpid())
for act in (
    lambda: os.kill(other.pid, 0),
    lambda: os.kill(os.getpid(), 0),
    lambda: os.killpg(os.getpid(), 0),
    lambda: os.fork(),
):
    try:
        if act() == 0:
            os._exit(0)
        print("done", flush=True)
    except PermissionError:
        print("refused", flush=True)
other.stdin.close()
print(other.wait())
"""


@AS_ROOT
@pytest.mark.skipif(not is_seccomp_offered(), reason="this kernel filters no calls")
def test_without_a_user_of_its_own_signals_go_to_itself_alone() -> None:
    done = subprocess.run([sys.executable, "-c", STRICT], capture_output=True, text=True)
    assert done.stdout.split() == ["refused", "done", "done", "done", "0"], done.stderr


# Root as a container leaves it that drops all capabilities: bounding set and permitted ones.
WITHOUT_RIGHTS = """
import ctypes
from quetsach.sandbox.own_user import can_take_own_user, take_own_user
head = (ctypes.c_uint32 * 2)(0x20080522, 0)
assert ctypes.CDLL(None).capset(head, (ctypes.c_uint32 * 6)()) == 0
print(can_take_own_user(), take_own_user())
"""


@AS_ROOT
def test_root_without_its_capabilities_gives_nobody_a_user_of_its_own() -> None:
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT_RIGHTS], capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["False", "False"]


@AS_ROOT
def test_where_only_root_itself_may_read_it_stays_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OPT_OUT, "0")
    assert not can_take_own_user()
    assert eval(evaluated("os.getresuid()")) == (os.geteuid(),) * 3


@pytest.mark.parametrize("can_start", [True, False])
def test_a_bound_under_which_no_thread_starts_is_taken_back(
    can_start: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    resource = pytest.importorskip("resource")
    bounds = [(5_000, 6_000)]

    def start(_work: object, _words: object) -> int:
        # As where tasks that are seen from here are not all that count.
        raise RuntimeError("can't start new thread")

    if not can_start:
        monkeypatch.setattr(_thread, "start_new_thread", start)
    monkeypatch.setattr(resource, "getrlimit", lambda _kind: bounds[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda _kind, bound: bounds.append(bound))
    bound_tasks(is_own_user=True)
    most = MOST_TASKS + 4 * (os.cpu_count() or 1)
    assert bounds[1] == (most, 6_000)
    assert bounds[2:] == [(most, most) if can_start else (5_000, 6_000)]
