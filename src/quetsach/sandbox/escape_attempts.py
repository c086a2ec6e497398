"""Attempts to get out of the sandbox: what each tries, and for whom it stays possible.

They are run inside the sandbox, against baits that `escape_trials.py` lays outside.
"""

import ctypes
import os
import platform
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from quetsach.errors.catalogue import N_
from quetsach.sandbox.contract import ReportProgress, SandboxProfile

ACT = "quetsach.sandbox.escape_attempts:attempt_all"

_READER, _SENDER, _LISTENER = SandboxProfile
_ALL = frozenset(SandboxProfile)


class Baits(msgspec.Struct, frozen=True):
    """What lies outside: a file with a secret, processes, sockets; and the folder of one's own.

    Shapes: `inode` is that of the secret, of which the caller left a descriptor open; `word` is in
    the secret and in the caller's environment; `abstract` is the name of a socket without a file.
    """

    secret: str
    inode: int
    word: str
    outside: str
    folder: str
    parent: int
    sibling: int
    port: int
    unix: str
    abstract: str


@dataclass(frozen=True)
class EscapeAttempt:
    """One attempt: what it would do, in words, how it is tried, and for whom it stays possible.

    Shapes: `act` raises OSError where it is refused, or returns False where nothing came of it.
    """

    name: str
    words: str
    act: Callable[[Baits], Any]
    stays: frozenset[SandboxProfile] = frozenset()


def attempt_all(laid: bytes, _report: ReportProgress) -> bytes:
    """Answer which attempts succeed: names, in the order of the table; an act of the sandbox."""
    baits = msgspec.json.decode(laid, type=Baits)
    return msgspec.json.encode([attempt.name for attempt in ATTEMPTS if _succeeds(attempt, baits)])


def _succeeds(attempt: EscapeAttempt, baits: Baits) -> bool:
    try:
        return attempt.act(baits) is not False
    except (OSError, ValueError, AttributeError, subprocess.SubprocessError):
        return False


def _read(path: str) -> bool:
    with Path(path).open("rb") as file:
        return bool(file.read(1)) or True


def _list(path: str) -> list[Path]:
    return list(Path(path).iterdir())


def _write(path: str) -> None:
    with Path(path).open("wb") as file:
        file.write(b"x")


def _read_by_link(baits: Baits) -> bool:
    link = Path(baits.folder, "link")
    link.unlink(missing_ok=True)
    link.symlink_to(baits.secret)
    return _read(str(link))


def _hard_link(baits: Baits) -> None:
    os.link(baits.secret, Path(baits.folder, "hard-link"))


def _move_out(baits: Baits) -> None:
    own = Path(baits.folder, "own")
    own.write_bytes(b"x")
    own.rename(Path(baits.outside, "moved"))


def _same_mode(baits: Baits) -> None:
    os.chmod(baits.secret, 0o600)  # noqa: PTH101


def _same_owner(baits: Baits) -> None:
    os.chown(baits.secret, os.geteuid(), os.getegid())


def _is_inherited(baits: Baits) -> bool:
    for descriptor in range(3, 256):
        try:
            if os.fstat(descriptor).st_ino == baits.inode:
                return True
        except OSError:
            continue
    return False


def _is_in_environment(baits: Baits) -> bool:
    return any(baits.word in value for value in os.environ.values())


def _connect(family: int, address: Any, kind: int = socket.SOCK_STREAM) -> None:
    with socket.socket(family, kind) as opened:
        opened.settimeout(5)
        opened.connect(address)


def _send_datagram(baits: Baits) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
        opened.sendto(b"x", ("127.0.0.1", baits.port))


def _listen(_baits: Baits) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as opened:
        opened.bind(("127.0.0.1", 0))
        opened.listen()


def _run_own_program(baits: Baits) -> bool:
    program = Path(baits.folder, "program")
    descriptor = os.open(program, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o700)
    with os.fdopen(descriptor, "wb") as file:
        file.write(b"#!/bin/sh\nexit 0\n")
    return subprocess.run([str(program)], check=False, timeout=10).returncode == 0


def _may_gain_rights(_baits: Baits) -> bool:
    # PR_GET_NO_NEW_PRIVS
    return bool(ctypes.CDLL(None).prctl(39, 0, 0, 0, 0) != 1)


def _type_on_terminal(_baits: Baits) -> bool:
    with Path("/dev/tty").open("rb+", buffering=0) as terminal:
        import fcntl  # which Windows has not

        fcntl.ioctl(terminal, 0x5412, b"x")
    return True


def _raise_limits(_baits: Baits) -> None:
    import resource

    for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_CORE):
        resource.setrlimit(kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def _same_clock(_baits: Baits) -> None:
    time.clock_settime(time.CLOCK_REALTIME, time.clock_gettime(time.CLOCK_REALTIME))


def _other_limits(baits: Baits) -> None:
    import resource

    resource.prlimit(baits.sibling, resource.RLIMIT_NOFILE)


def _other_priority(baits: Baits) -> None:
    os.setpriority(os.PRIO_PROCESS, baits.sibling, 19)


def _other_processors(baits: Baits) -> None:
    os.sched_setaffinity(baits.sibling, os.sched_getaffinity(0))


def _signal(baits: Baits) -> None:
    os.kill(baits.sibling, 0)


def _signal_group(baits: Baits) -> None:
    group = os.getpgid(baits.parent)
    # In a container it may be one outside, which has no number here: 0 would be one's own.
    if group == 0:
        raise ProcessLookupError
    os.killpg(group, 0)


def _raw(x86_64: int, aarch64: int, *arguments: Any) -> Callable[[Baits], None]:
    """Return an attempt at a system call by its number; a bait's field by its name."""

    def call(baits: Baits) -> None:
        numbers = {"x86_64": x86_64, "aarch64": aarch64}
        number = numbers.get(platform.machine())
        if number is None:
            raise OSError("no number of this call is known")
        passed = [
            getattr(baits, each) if isinstance(each, str) else each
            for each in (*arguments, *[0] * (6 - len(arguments)))
        ]
        system = ctypes.CDLL(None, use_errno=True)
        longs = (ctypes.c_long(each) if isinstance(each, int) else each for each in passed)
        if system.syscall(ctypes.c_long(number), *longs) < 0:
            raise OSError(ctypes.get_errno(), "refused")

    return call


def _read_memory_of(baits: Baits) -> bool:
    with Path(f"/proc/{baits.parent}/mem").open("rb") as file:
        return file.fileno() >= 0


def _mount(baits: Baits) -> None:
    folder = baits.folder.encode()
    system = ctypes.CDLL(None, use_errno=True)
    if system.mount(b"none", folder, b"tmpfs", ctypes.c_ulong(0), None) != 0:
        raise OSError(ctypes.get_errno(), "refused")
    system.umount2(folder, 2)


_ROOM = ctypes.create_string_buffer(4096)
_AN_ARRAY = (ctypes.c_uint32 * 5)(2, 4, 4, 1, 0)
"""A BPF map: its type, the sizes of keys and values, the number of them, flags."""
_A_COUNTER = (ctypes.c_uint32 * 30)(1, 120)
"""A performance event: of software, and the size of its description."""

ATTEMPTS: tuple[EscapeAttempt, ...] = (
    # Files
    EscapeAttempt(
        "read-secret", N_("read a file of the portal"), lambda baits: _read(baits.secret)
    ),
    EscapeAttempt(
        "list-folder",
        N_("list a folder outside"),
        lambda baits: _list(baits.outside),
    ),
    EscapeAttempt(
        "see-file",
        N_("see that a file is there, its size and its times, where its path is known"),
        lambda baits: Path(baits.secret).stat(),
        stays=_ALL,
    ),
    EscapeAttempt(
        "write-outside",
        N_("write a file outside"),
        lambda baits: _write(os.path.join(baits.outside, "new")),  # noqa: PTH118
    ),
    EscapeAttempt("follow-link", N_("read it through a symbolic link"), _read_by_link),
    EscapeAttempt("hard-link", N_("link it into the own folder"), _hard_link),
    EscapeAttempt("move-out", N_("move a file out of the own folder"), _move_out),
    EscapeAttempt("mode", N_("change the mode of a file outside"), _same_mode),
    EscapeAttempt("owner", N_("change the owner of a file outside"), _same_owner),
    EscapeAttempt(
        "times",
        N_("change the times of a file outside"),
        lambda baits: os.utime(baits.secret),
    ),
    EscapeAttempt(
        "attributes",
        N_("set attributes of a file outside"),
        lambda baits: os.setxattr(baits.secret, "user.quetsach", b"x"),
    ),
    EscapeAttempt("descriptor", N_("use a file that the caller has open"), _is_inherited),
    EscapeAttempt("environment", N_("find a secret in the environment"), _is_in_environment),
    EscapeAttempt(
        "device",
        N_("make a device"),
        lambda baits: os.mknod(os.path.join(baits.folder, "device"), 0o20600, 0x103),  # noqa: PTH118
    ),
    EscapeAttempt(
        "shared-memory",
        N_("write to the memory that all processes share"),
        lambda _baits: _write("/dev/shm/quetsach-bait"),  # noqa: S108
    ),
    # Other processes
    EscapeAttempt(
        "processes",
        N_("list the processes of the machine"),
        lambda _baits: _list("/proc"),
    ),
    EscapeAttempt(
        "read-environment",
        N_("read the environment of the caller"),
        lambda baits: _read(f"/proc/{baits.parent}/environ"),
    ),
    EscapeAttempt("read-memory", N_("open the memory of the caller"), _read_memory_of),
    EscapeAttempt(
        "copy-memory",
        N_("copy memory of another process"),
        _raw(310, 270, "sibling", _ROOM, 1, _ROOM, 1),
    ),
    EscapeAttempt("trace", N_("trace another process"), _raw(101, 117, 0x4206, "sibling")),
    EscapeAttempt("handle", N_("take a handle on another process"), _raw(434, 434, "sibling")),
    EscapeAttempt("signal", N_("signal another process"), _signal),
    EscapeAttempt("signal-group", N_("signal the group of the caller"), _signal_group),
    EscapeAttempt("limits", N_("ask for limits of another process"), _other_limits),
    EscapeAttempt("priority", N_("change the priority of another process"), _other_priority),
    EscapeAttempt("processors", N_("move another process to other processors"), _other_processors),
    EscapeAttempt(
        "leave-group", N_("leave the group that ends with the caller"), lambda _baits: os.setsid()
    ),
    EscapeAttempt("terminal", N_("type on the terminal of the caller"), _type_on_terminal),
    # The network
    EscapeAttempt(
        "tcp",
        N_("call a port by TCP that was not named"),
        lambda baits: _connect(socket.AF_INET, ("127.0.0.1", baits.port)),
    ),
    EscapeAttempt(
        "udp", N_("send a datagram to any address"), _send_datagram, stays=frozenset({_SENDER})
    ),
    EscapeAttempt(
        "unix-socket",
        N_("call a socket in the file system"),
        lambda baits: _connect(socket.AF_UNIX, baits.unix),
    ),
    EscapeAttempt(
        "abstract-socket",
        N_("call a socket without a file"),
        lambda baits: _connect(socket.AF_UNIX, f"\0{baits.abstract}"),
    ),
    EscapeAttempt(
        "netlink",
        N_("ask the kernel about the network"),
        lambda _baits: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close(),
    ),
    EscapeAttempt(
        "raw-socket",
        N_("send raw packets"),
        lambda _baits: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1).close(),
    ),
    EscapeAttempt("listen", N_("listen at a port of its choice"), _listen),
    # The kernel
    EscapeAttempt("user-namespace", N_("be root in a namespace"), _raw(272, 97, 0x10000000)),
    EscapeAttempt("mount", N_("mount a file system"), _mount),
    EscapeAttempt(
        "chroot", N_("change the root of the file system"), lambda baits: os.chroot(baits.folder)
    ),
    EscapeAttempt("sysv-memory", N_("make shared memory of System V"), _raw(29, 194, 0, 1, 0o1600)),
    EscapeAttempt("sysv-queue", N_("make a queue of System V"), _raw(68, 186, 0, 0o1600)),
    EscapeAttempt(
        "posix-queue",
        N_("make a POSIX queue"),
        _raw(240, 180, ctypes.c_char_p(b"quetsach-bait"), 0o102, 0o600),
    ),
    EscapeAttempt("keyring", N_("use the keyring of the kernel"), _raw(250, 219, 0, -3)),
    EscapeAttempt("io-uring", N_("use io_uring"), _raw(425, 425, 1, _ROOM)),
    EscapeAttempt("bpf", N_("load a BPF program"), _raw(321, 280, 0, _AN_ARRAY, 20)),
    EscapeAttempt(
        "perf", N_("watch the kernel by performance events"), _raw(298, 241, _A_COUNTER, 0, -1, -1)
    ),
    EscapeAttempt("page-faults", N_("handle page faults itself"), _raw(323, 282, 1)),
    EscapeAttempt(
        "hidden-memory",
        N_("keep memory that no limit of addresses counts"),
        _raw(319, 279, ctypes.c_char_p(b"x")),
    ),
    EscapeAttempt("clock", N_("set the clock"), _same_clock),
    EscapeAttempt("root", N_("become root"), lambda _baits: os.setresuid(0, 0, 0)),
    EscapeAttempt("setuid", N_("gain rights by a program that has them"), _may_gain_rights),
    EscapeAttempt("own-program", N_("start a program from its own folder"), _run_own_program),
    EscapeAttempt("raise-limits", N_("raise its own limits"), _raise_limits),
)
"""In the order of the page on the sandbox."""
