"""The filter of calls allows what its list names, and refuses all else: judged by running it."""

import errno
import re
import struct

import pytest

from quetsach.sandbox import system_calls
from quetsach.sandbox.call_filter import MARKS, allowed_calls, filter_for
from quetsach.sandbox.contract import SandboxProfile

ALLOWED, ENDED = 0x7FFF0000, 0x80000000
REFUSED, UNKNOWN = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
READER, SENDER, LISTENER = SandboxProfile

TABLES = (
    *(system_calls.ALWAYS, system_calls.CHECKED, system_calls.TALKING),
    *(system_calls.SENDING, system_calls.LISTENING, system_calls.SOCKETS),
)
X86 = {name: numbers[0] for table in TABLES for name, numbers in table.items()}

NEVER_LISTED = """
ptrace 101 process_vm_readv 310 process_vm_writev 311 process_madvise 440 chmod 90
fchmod 91 fchmodat 268 fchmodat2 452 setxattr 188 chown 92 fchown 93 lchown 94
fchownat 260 utime 132 utimes 235 futimesat 261 unshare 272 setns 308 mount 165
umount2 166 pivot_root 155 chroot 161 move_mount 429 open_tree 428 fsopen 430 shmget 29
shmat 30 semget 64 msgget 68 mq_open 240 add_key 248 request_key 249 keyctl 250 bpf 321
perf_event_open 298 userfaultfd 323 io_uring_setup 425 io_uring_enter 426
io_uring_register 427 pidfd_open 434 pidfd_getfd 438 pidfd_send_signal 424 kcmp 312
rt_sigqueueinfo 129 tkill 200 setsid 112 setpgid 109 sched_setaffinity 203
sched_setscheduler 144 ioprio_set 251 setuid 105 setresuid 117 capset 126 setgroups 116
clock_settime 227 settimeofday 164 adjtimex 159 sethostname 170 memfd_create 319
memfd_secret 447 mknod 133 mlock 149 init_module 175 kexec_load 246 reboot 169
swapon 167 syslog 103 open_by_handle_at 304 fanotify_init 300 listen 50
socketpair 53 personality 135 execveat 322 vmsplice 278 quotactl 179
"""
NEVER_X86 = {name: int(number) for name, number in re.findall(r"(\w+) (\d+)", NEVER_LISTED)}


def judged(
    number: int,
    *arguments: int,
    profile: SandboxProfile = READER,
    machine: str = "x86_64",
    mark: int | None = None,
    only_process: int | None = None,
) -> int:
    """Run the filter on one call, as the kernel does."""
    code, count = filter_for(profile, machine, only_process)
    lines = list(struct.iter_unpack("=HBBI", code))
    assert len(lines) == count <= 4096
    sent = [*arguments, *[0] * (6 - len(arguments))]
    words = struct.pack("=iIQ6Q", number, MARKS[machine] if mark is None else mark, 0, *sent)
    place = held = 0
    while True:
        kind, yes, no, operand = lines[place]
        place += 1
        if kind == 0x20:
            (held,) = struct.unpack_from("=I", words, operand)
        elif kind == 0x54:
            held &= operand
        elif kind == 0x15:
            place += yes if held == operand else no
        elif kind == 0x35:
            place += yes if held >= operand else no
        else:
            assert kind == 0x06
            return int(operand)


@pytest.mark.parametrize("profile", list(SandboxProfile))
@pytest.mark.parametrize("machine", list(MARKS))
def test_every_number_up_to_the_newest_is_allowed_only_by_the_list(
    profile: SandboxProfile, machine: str
) -> None:
    allowed = allowed_calls(profile, machine)
    clone3 = system_calls.CHECKED["clone3"][0]
    for number in range(system_calls.NEWEST + 1):
        if number == clone3:
            assert judged(number, profile=profile, machine=machine) == UNKNOWN
        elif number not in allowed:
            assert judged(number, profile=profile, machine=machine) == REFUSED, number
        elif not allowed[number]:
            assert judged(number, profile=profile, machine=machine) == ALLOWED, number
    assert judged(system_calls.NEWEST + 1, profile=profile, machine=machine) == UNKNOWN


@pytest.mark.parametrize(("name", "number"), NEVER_X86.items())
@pytest.mark.parametrize("profile", list(SandboxProfile))
def test_what_reaches_beyond_the_process_is_refused(
    name: str, number: int, profile: SandboxProfile
) -> None:
    assert judged(number, profile=profile) == REFUSED, name


def test_calls_of_another_numbering_end_the_process() -> None:
    assert judged(X86["read"] or 0, mark=0x40000003) == ENDED
    assert judged(0x40000000 | 1) == ENDED


NEW_FLAGS = [1 << place for place in (17, 25, 26, 27, 28, 29, 30)]


def test_threads_and_processes_start_but_no_namespaces() -> None:
    clone = X86["clone"] or 0
    assert judged(clone, 0x3D0F00) == ALLOWED
    assert judged(clone, 17) == ALLOWED
    for flag in NEW_FLAGS:
        assert judged(clone, flag | 17) == REFUSED


def test_limits_and_priorities_are_ones_own() -> None:
    for name, own, others in (
        ("prlimit64", (0,), [(1,), (4_000,)]),
        ("setpriority", (0, 0), [(0, 1), (1, 0), (2, 0)]),
        ("utimensat", (3, 0), [(0xFFFFFF9C, 0x7F00_0000_1000), (0xFFFFFF9C, 1 << 32)]),
    ):
        number = X86[name] or 0
        assert judged(number, *own) == ALLOWED
        assert [judged(number, *other) for other in others] == [REFUSED] * len(others), name


def test_a_terminal_is_asked_and_not_written_to() -> None:
    ioctl = X86["ioctl"] or 0
    assert judged(ioctl, 0, 0x5401) == ALLOWED
    for question in (0x5412, 0x5402, 0x40049409, 0x4004667F):
        assert judged(ioctl, 0, question) == REFUSED


def test_a_process_controls_what_it_is_itself_and_no_more() -> None:
    prctl = X86["prctl"] or 0
    assert judged(prctl, 38, 1) == ALLOWED
    # PR_SET_PTRACER, PR_SET_DUMPABLE, PR_SET_MM, PR_CAP_AMBIENT.
    assert {judged(prctl, act) for act in (0x59616D61, 4, 35, 47)} == {REFUSED}


def test_signals_go_to_itself_where_the_kernel_does_not_keep_them_in() -> None:
    kill, tgkill = X86["kill"] or 0, X86["tgkill"] or 0
    for call in (kill, tgkill):
        assert judged(call, 77, 9) == ALLOWED
        for own in (0, 70, 0xFFFFFFBA):
            assert judged(call, own, 9, only_process=70) == ALLOWED
        for other in (1, 77, 0xFFFFFFFF, 0xFFFFFFB9):
            assert judged(call, other, 9, only_process=70) == REFUSED


def test_each_profile_has_its_part_of_the_network() -> None:
    socket, sendto = X86["socket"] or 0, X86["sendto"] or 0
    connect, accept, sendmsg = X86["connect"] or 0, X86["accept4"] or 0, X86["sendmsg"] or 0
    inet, stream, cloexec = 2, 1, 0x80000
    assert judged(socket, inet, stream | cloexec, profile=SENDER) == ALLOWED
    # Sockets of files, of the kernel, of packets; raw ones.
    for family, kind in ((1, 1), (16, 3), (17, 3), (inet, 3), (38, 5), (inet, 0)):
        assert judged(socket, family, kind, profile=SENDER) == REFUSED
    assert [judged(socket, inet, stream, profile=each) for each in (READER, LISTENER)] == [
        REFUSED,
        REFUSED,
    ]
    expected = {READER: [REFUSED] * 4, SENDER: [ALLOWED, REFUSED, ALLOWED, ALLOWED]}
    expected[LISTENER] = [REFUSED, ALLOWED, ALLOWED, REFUSED]
    for profile, answers in expected.items():
        assert [
            judged(connect, profile=profile),
            judged(accept, profile=profile),
            judged(sendto, profile=profile),
            judged(sendmsg, profile=profile),
        ] == answers
    # musl binds what it asks name servers from.
    bind = X86["bind"] or 0
    assert [judged(bind, profile=each) for each in SandboxProfile] == [REFUSED, ALLOWED, REFUSED]
    assert {judged(50, profile=each) for each in SandboxProfile} == {REFUSED}
    # A listener answers, and sends to no address of its choice.
    assert judged(sendto, 3, 1, 1, 0, 1 << 32, profile=LISTENER) == REFUSED
