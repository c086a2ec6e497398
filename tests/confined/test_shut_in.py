"""A process that shut itself in reads and writes what it was given, and reaches nothing else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from quetsach.confined import landlock, seccomp
from quetsach.confined.shut_in import Offered, offered

NOT_OFFERED = pytest.mark.skipif(
    not offered().is_whole, reason="this kernel offers no Landlock or no seccomp"
)

SHUT_IN = "from quetsach.confined.shut_in import shut_in; import os, sys; shut_in([{}], [{}])\n"


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
    if landlock.version() < 6:
        pytest.skip("this kernel's Landlock knows no signals")
    assert told(f"os.kill({os.getpid()}, 0)") == "PermissionError"


@NOT_OFFERED
def test_the_engine_still_works_in_there() -> None:
    act = "import pyarrow as pa, pyarrow.compute as pc; from quetsach import api; "
    assert told(act + "print(pc.sum(pa.array([1, 2])))") == "3"


def test_where_the_kernel_offers_nothing_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert landlock.version() == 0
    assert not seccomp.is_offered()
    assert not Offered(0, False).is_whole
    assert "not confined" in Offered(0, False).words() or "không" in Offered(0, False).words()


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_every_jump_of_the_filter_ends_where_it_refuses_or_allows(machine: str) -> None:
    lines = seccomp._lines(seccomp._PROCESSORS[machine])
    refuse = len(lines) - 1
    for place, line in enumerate(lines[:-2]):
        if line.code == 0x20:
            continue
        targets = {place + 1 + line.yes, place + 1 + line.no}
        assert targets <= {place + 1, refuse}
    assert lines[refuse].value & 0xFFFF0000 == 0x00050000
