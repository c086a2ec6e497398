"""The system calls that a process in the sandbox may make, by their numbers on each processor.

A call that is not here is refused. So a new one is let through only when somebody adds it.
Source: Linux, arch/x86/entry/syscalls/syscall_64.tbl; include/uapi/asm-generic/unistd.h (aarch64).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

CallNumbers: TypeAlias = Mapping[str, tuple[int | None, int | None]]
"""Names of calls with their numbers on x86_64 and on aarch64, None where there is none."""

NEWEST = 462
"""Later calls answer that they do not exist, so that a newer C library falls back on older ones."""

ALWAYS: CallNumbers = MappingProxyType(
    {
        # Files: which ones, Landlock decides.
        "read": (0, 63),
        "write": (1, 64),
        "readv": (19, 65),
        "writev": (20, 66),
        "pread64": (17, 67),
        "pwrite64": (18, 68),
        "preadv": (295, 69),
        "pwritev": (296, 70),
        "preadv2": (327, 286),
        "pwritev2": (328, 287),
        "open": (2, None),
        "openat": (257, 56),
        "openat2": (437, 437),
        "creat": (85, None),
        "close": (3, 57),
        "close_range": (436, 436),
        "lseek": (8, 62),
        "fstat": (5, 80),
        "newfstatat": (262, 79),
        "stat": (4, None),
        "lstat": (6, None),
        "statx": (332, 291),
        "statfs": (137, 43),
        "fstatfs": (138, 44),
        "access": (21, None),
        "faccessat": (269, 48),
        "faccessat2": (439, 439),
        "readlink": (89, None),
        "readlinkat": (267, 78),
        "getdents": (78, None),
        "getdents64": (217, 61),
        "getcwd": (79, 17),
        "chdir": (80, 49),
        "fchdir": (81, 50),
        "mkdir": (83, None),
        "mkdirat": (258, 34),
        "rmdir": (84, None),
        "unlink": (87, None),
        "unlinkat": (263, 35),
        "rename": (82, None),
        "renameat": (264, 38),
        "renameat2": (316, 276),
        "link": (86, None),
        "linkat": (265, 37),
        "symlink": (88, None),
        "symlinkat": (266, 36),
        "truncate": (76, 45),
        "ftruncate": (77, 46),
        "fallocate": (285, 47),
        "fsync": (74, 82),
        "fdatasync": (75, 83),
        "sync_file_range": (277, 84),
        "fadvise64": (221, 223),
        "readahead": (187, 213),
        "flock": (73, 32),
        "fcntl": (72, 25),
        "dup": (32, 23),
        "dup2": (33, None),
        "dup3": (292, 24),
        "pipe": (22, None),
        "pipe2": (293, 59),
        "umask": (95, 166),
        "copy_file_range": (326, 285),
        "sendfile": (40, 71),
        "getxattr": (191, 8),
        "lgetxattr": (192, 9),
        "fgetxattr": (193, 10),
        "listxattr": (194, 11),
        "llistxattr": (195, 12),
        "flistxattr": (196, 13),
        # Its own memory.
        "mmap": (9, 222),
        "munmap": (11, 215),
        "mprotect": (10, 226),
        "mremap": (25, 216),
        "madvise": (28, 233),
        "brk": (12, 214),
        "msync": (26, 227),
        "mincore": (27, 232),
        "membarrier": (324, 283),
        # Itself, and what it starts.
        "fork": (57, None),
        "vfork": (58, None),
        "execve": (59, 221),
        "exit": (60, 93),
        "exit_group": (231, 94),
        "wait4": (61, 260),
        "waitid": (247, 95),
        "set_tid_address": (218, 96),
        "set_robust_list": (273, 99),
        "get_robust_list": (274, 100),
        "rseq": (334, 293),
        "futex": (202, 98),
        "futex_waitv": (449, 449),
        "gettid": (186, 178),
        "getpid": (39, 172),
        "getppid": (110, 173),
        "getpgid": (121, 155),
        "getpgrp": (111, None),
        "getsid": (124, 156),
        "getuid": (102, 174),
        "geteuid": (107, 175),
        "getgid": (104, 176),
        "getegid": (108, 177),
        "getresuid": (118, 148),
        "getresgid": (120, 150),
        "getgroups": (115, 158),
        "sched_yield": (24, 124),
        "sched_getaffinity": (204, 123),
        "sched_getparam": (143, 121),
        "sched_getscheduler": (145, 120),
        "sched_get_priority_max": (146, 125),
        "sched_get_priority_min": (147, 126),
        "getcpu": (309, 168),
        "getpriority": (140, 141),
        "getrlimit": (97, 163),
        "setrlimit": (160, 164),
        "getrusage": (98, 165),
        "times": (100, 153),
        "sysinfo": (99, 179),
        "uname": (63, 160),
        "capget": (125, 90),
        "arch_prctl": (158, None),
        "restart_syscall": (219, 128),
        "landlock_create_ruleset": (444, 444),
        "landlock_add_rule": (445, 445),
        "landlock_restrict_self": (446, 446),
        "rt_sigaction": (13, 134),
        "rt_sigprocmask": (14, 135),
        "rt_sigreturn": (15, 139),
        "rt_sigpending": (127, 136),
        "rt_sigsuspend": (130, 133),
        "rt_sigtimedwait": (128, 137),
        "sigaltstack": (131, 132),
        "setitimer": (38, 103),
        "getitimer": (36, 102),
        "alarm": (37, None),
        "pause": (34, None),
        # Time, waiting, random numbers.
        "clock_gettime": (228, 113),
        "clock_getres": (229, 114),
        "clock_nanosleep": (230, 115),
        "nanosleep": (35, 101),
        "gettimeofday": (96, 169),
        "time": (201, None),
        "getrandom": (318, 278),
        "poll": (7, None),
        "ppoll": (271, 73),
        "select": (23, None),
        "pselect6": (270, 72),
        "epoll_create": (213, None),
        "epoll_create1": (291, 20),
        "epoll_ctl": (233, 21),
        "epoll_wait": (232, None),
        "epoll_pwait": (281, 22),
        "epoll_pwait2": (441, 441),
        "eventfd": (284, None),
        "eventfd2": (290, 19),
    }
)
"""Allowed whatever their arguments are."""

CHECKED: CallNumbers = MappingProxyType(
    {
        "clone": (56, 220),
        "clone3": (435, 435),
        "kill": (62, 129),
        "tgkill": (234, 131),
        "prlimit64": (302, 261),
        "setpriority": (141, 140),
        "prctl": (157, 167),
        "ioctl": (16, 29),
        "utimensat": (280, 88),
    }
)
"""Allowed with some arguments only: `call_filter.py` says with which."""

TALKING: CallNumbers = MappingProxyType(
    {
        "recvfrom": (45, 207),
        "recvmsg": (47, 212),
        "recvmmsg": (299, 243),
        "getsockname": (51, 204),
        "getpeername": (52, 205),
        "getsockopt": (55, 209),
        "setsockopt": (54, 208),
        "shutdown": (48, 210),
    }
)
"""Besides for whoever talks over a socket."""

SENDING: CallNumbers = MappingProxyType(
    {
        "connect": (42, 203),
        # musl asks a name server from a socket that it bound; nobody may `listen`.
        "bind": (49, 200),
        "sendmsg": (46, 211),
        "sendmmsg": (307, 269),
    }
)
"""Besides for whoever calls others."""

LISTENING: CallNumbers = MappingProxyType(
    {
        "accept": (43, 202),
        "accept4": (288, 242),
    }
)
"""Besides for whoever is called."""

SOCKETS: CallNumbers = MappingProxyType(
    {
        "socket": (41, 198),
        "sendto": (44, 206),
    }
)
"""Of these `call_filter.py` checks the arguments, too."""
