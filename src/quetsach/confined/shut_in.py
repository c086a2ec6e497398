"""Shut this process in, as far as the kernel offers it; elsewhere nothing happens, and is told."""

import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from quetsach.confined import landlock, seccomp
from quetsach.texts import _

_SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/localtime")
_LOOKED_AT = (
    "/etc/ssl/openssl.cnf",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/sys/devices/system",
    "/sys/fs/cgroup",
)
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")


@dataclass(frozen=True)
class Offered:
    """What this machine's kernel offers.

    Shapes: `files` is the version of Landlock, 0 for none; `calls` whether seccomp filters them.
    """

    files: int
    calls: bool

    @property
    def is_whole(self) -> bool:
        """True when a process can be kept from files and from the network."""
        return self.files > 0 and self.calls

    def words(self) -> str:
        """Return it in words for a person."""
        files = _("files: Landlock %(version)s") % {"version": self.files}
        network = _("network: seccomp")
        return "; ".join(
            (
                files if self.files else _("files: not confined"),
                network if self.calls else _("network: not confined"),
            )
        )


def offered() -> Offered:
    """Return what the kernel offers."""
    return Offered(landlock.version(), seccomp.is_offered())


def shut_in(reads: Iterable[Path | str] = (), writes: Iterable[Path | str] = ()) -> Offered:
    """Leave this process the program itself, `reads`, and `writes`; no network; no other process.

    Call it before any thread is started, and before anything from a stranger is opened. There is
    no way back, nor for what the process starts.
    Errors: OSError, when the kernel offers it and then refuses.
    """
    found = offered()
    if not (found.files or found.calls):
        return found
    seccomp.no_new_privileges()
    if found.files:
        given = {Path(one) for one in (*_program(), *_SYSTEM, *_LOOKED_AT, *reads)}
        landlock.restrict(sorted(given), [Path(one) for one in (*_DEVICES, *writes)])
    if found.calls:
        seccomp.restrict()
    return found


def _program() -> set[str]:
    """Return where Python and its packages lie, the ones of this program included."""
    own = {str(Path(one).resolve()) for one in sys.path if one and Path(one).exists()}
    whole = {*own, *sysconfig.get_paths().values(), sys.prefix, sys.base_prefix}
    # A place above everything is no program, and would leave all files readable.
    home = str(Path.home())
    return {one for one in whole if one not in ("/", "", home) and not home.startswith(f"{one}/")}
