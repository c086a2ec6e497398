"""A process that shut itself in reads and writes what it was given, and reaches nothing else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from quetsach.sandbox.shut_in import (
    KernelProtection,
    is_seccomp_offered,
    landlock_version,
    offered,
)

NOT_OFFERED = pytest.mark.skipif(
    not offered().is_whole, reason="this kernel offers no Landlock or no seccomp"
)

SHUT_IN = "from quetsach.sandbox.shut_in import shut_in; import os, sys; shut_in([{}], [{}])\n"


def told(code: str, reads: str = "", writes: str = "") -> str:
    """Return what `code` prints in a process that shut itself in, or its error's name."""
    done = subprocess.run(
        [sys.executable, "-c", SHUT_IN.format(reads, writes) + code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    return done.stdout.strip() or done.stderr.strip().rpartition("\n")[2].partition(":")[0]


@pytest.mark.asvs("V13.2.2")
@NOT_OFFERED
def test_it_reads_no_file_of_the_machine() -> None:
    for path in ("/etc/hostname", "/etc/passwd", f"/proc/{os.getpid()}/environ"):
        assert told(f"print(open({path!r}).read())") == "PermissionError", path
    assert told("print(os.listdir('/'))") == "PermissionError"


@NOT_OFFERED
def test_it_reads_what_it_was_given_and_does_not_write_it(tmp_path: Path) -> None:
    given, beside = tmp_path / "given.log", tmp_path / "beside.log"
    given.write_text("dòng")
    beside.write_text("khác")
    reads = repr(str(given))
    assert told(f"print(open({str(given)!r}, encoding='utf-8').read())", reads) == "dòng"
    assert told(f"print(open({str(beside)!r}).read())", reads) == "PermissionError"
    for act in (f"open({str(given)!r}, 'a')", f"os.unlink({str(given)!r})"):
        assert told(act, reads) == "PermissionError"
    assert given.read_text() == "dòng"


@NOT_OFFERED
def test_it_writes_into_its_folder_and_nowhere_else(tmp_path: Path) -> None:
    own, other = tmp_path / "own", tmp_path / "other"
    own.mkdir()
    other.mkdir()
    writes = repr(str(own))
    in_own = "a = {!r}; os.mkdir(a + '/x'); open(a + '/x/y', 'w').write('1'); print('written')"
    assert told(in_own.format(str(own)), writes=writes) == "written"
    for act in (
        f"open({str(other / 'x')!r}, 'w')",
        f"os.link({str(own / 'x' / 'y')!r}, {str(other / 'y')!r})",
        f"os.rename({str(own / 'x')!r}, {str(other / 'x')!r})",
        "open('/tmp/of-everybody', 'w')",
    ):
        assert told(act, writes=writes) in ("PermissionError", "OSError"), act
    assert not list(other.iterdir())


@NOT_OFFERED
def test_a_link_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/hostname")
    act = f"print(open({str(tmp_path / 'link')!r}).read())"
    assert told(act, repr(str(tmp_path)), repr(str(tmp_path))) == "PermissionError"


@pytest.mark.asvs("V13.2.5")
@NOT_OFFERED
@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK"])
def test_it_opens_no_socket(family: str) -> None:
    act = f"import socket; socket.socket(socket.{family}, socket.SOCK_DGRAM)"
    assert told(act) == "PermissionError"


@NOT_OFFERED
def test_what_it_starts_is_shut_in_as_well() -> None:
    act = "import subprocess; r = subprocess.run(['cat', '/etc/hostname']); print(r.returncode)"
    assert told(act) == "1"


@NOT_OFFERED
def test_it_ends_no_process_but_its_own() -> None:
    if landlock_version() < 6:
        pytest.skip("this kernel's Landlock knows no signals")
    assert told(f"os.kill({os.getpid()}, 0)") == "PermissionError"


@NOT_OFFERED
def test_the_engine_still_works_in_there() -> None:
    act = "import pyarrow as pa, pyarrow.compute as pc; from quetsach import api; "
    assert told(act + "print(pc.sum(pa.array([1, 2])))") == "3"


def test_where_the_kernel_offers_nothing_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert landlock_version() == 0
    assert not is_seccomp_offered()
    assert not KernelProtection(0, False).is_whole
    assert (
        "not confined" in KernelProtection(0, False).words()
        or "không" in KernelProtection(0, False).words()
    )


@NOT_OFFERED
@pytest.mark.parametrize("leave", ["os.setsid()", "os.setpgid(0, 0)"])
def test_what_it_starts_cannot_leave_its_process_group(leave: str) -> None:
    act = (
        "child = os.fork()\n"
        "if child:\n    os.waitpid(child, 0)\n"
        f"else:\n    try: {leave}\n"
        "    except PermissionError: print('refused', flush=True)\n    os._exit(0)"
    )
    assert told(act) == "refused"


FILES_ALONE = """
import pathlib, sys
from quetsach.sandbox.shut_in import refuse_new_privileges, restrict_files
refuse_new_privileges()
restrict_files([pathlib.Path(path) for path in sys.argv[2:]], [])
print(open(sys.argv[1]).read())
"""


@pytest.mark.skipif(landlock_version() == 0, reason="this kernel offers no Landlock")
@pytest.mark.parametrize(("named", "text"), [("a", "inside"), ("b", ""), ("none", "")])
def test_only_a_named_file_is_read_and_one_that_is_not_there_is_passed_over(
    tmp_path: Path, named: str, text: str
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text("inside")
    words = [sys.executable, "-c", FILES_ALONE, tmp_path / "a", tmp_path / named]
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.stdout.strip() == text
    assert ("PermissionError" in done.stderr) == (not text)


CALLS_ALONE = """
import socket
from quetsach.sandbox.shut_in import refuse_new_privileges, restrict_calls
refuse_new_privileges()
restrict_calls()
try:
    socket.socket()
except PermissionError:
    print("refused")
"""


@pytest.mark.skipif(not is_seccomp_offered(), reason="this kernel filters no calls")
def test_a_socket_is_refused_and_the_process_goes_on() -> None:
    done = subprocess.run([sys.executable, "-c", CALLS_ALONE], capture_output=True, text=True)
    assert done.stdout.strip() == "refused", done.stderr
