"""The sites of a run: what it asked of the kernel, of which file, and how often.

A site is a call (write, rename, ...) and the role of its path: the path below the world of the run,
with `*` for what differs from run to run, such as the random part of a temporary name. Whatever the
program's own files ask (Python, its modules, fonts) lies outside the world and is no site.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

FAULTS: Mapping[str, tuple[str, ...]] = {
    "write": ("ENOSPC+", "EIO", "EINTR", "short", "kill"),
    "create": ("ENOSPC", "EIO", "kill"),
    "open": ("EIO",),
    "read": ("EIO", "EINTR"),
    "fsync": ("ENOSPC", "EIO", "kill"),
    "close": ("EIO",),
    "rename": ("ENOSPC", "EIO", "kill"),
    "link": ("ENOSPC", "EIO", "kill"),
    "unlink": ("EIO", "kill"),
    "truncate": ("ENOSPC", "EIO", "kill"),
    "mkdir": ("ENOSPC", "EIO", "kill"),
    "map": ("ENOMEM",),
    "memory": ("ENOMEM",),
}
"""The faults of each call. With `+` all later calls of the kind fail, too, as on a full disk."""

_VARYING = (
    (re.compile(r"(part|partial|scratch)-[0-9a-f]{12}"), r"\1-*"),
    (re.compile(r"\.\d+\.(part|partial|new)(?=/|$)"), r".*.\1"),
    (re.compile(r"(?<=/)#\d+ \(deleted\)"), "#* (deleted)"),
    # tempfile's names: eight of these characters behind a prefix.
    (re.compile(r"((?:^|/)tmp/(?:[^/]+/)*?[a-z.-]*?)[a-z0-9_]{8}(?=[/.]|$)"), r"\1*"),
    (re.compile(r"((?:^|/)\.?tmp)[a-z0-9_]{8}(?=[/.]|$)"), r"\1*"),
)


@dataclass(frozen=True)
class Site:
    """A call, the role of its path, and how often a run without fault comes there."""

    call: str
    role: str
    times: int

    def places(self) -> tuple[int, ...]:
        """Return the first, a middle and the last time, counted from 1."""
        return tuple(sorted({1, (self.times + 1) // 2, self.times}))


@dataclass(frozen=True)
class Fault:
    """What happens at the `place`-th call of a site: a name of errno, "short" or "kill"."""

    call: str
    role: str
    place: int
    kind: str

    def __str__(self) -> str:
        return f"{self.call} {self.role} {self.place} {self.kind}"


def role_of(path: str) -> str:
    """Return the role of a noted path as a pattern of fnmatch."""
    role = re.sub(r"([\[?*\\])", r"\\\1", path)
    for varying, fixed in _VARYING:
        role = varying.sub(fixed, role)
    # The many logs of the demo are written by the same few functions.
    head, mark, tail = role.partition("/evidence/")
    if not mark or "demo" not in head:
        return role
    *folders, name = tail.split("/")
    return "/".join([head + "/evidence", *("*" for _ in folders), f"*{Path(name).suffix}"])


def sites_of(notes: str) -> tuple[Site, ...]:
    """Return the sites in the text of a run's notes, in the order of their first call."""
    counted: Counter[tuple[str, str]] = Counter()
    for line in notes.splitlines():
        call, _tab, path = line.partition("\t")
        counted[call, role_of(path)] += 1
    return tuple(Site(call, role, times) for (call, role), times in counted.items())


def faults_at(sites: Iterable[Site]) -> Iterator[Fault]:
    """Yield each fault of each site at its first, a middle and its last time."""
    for site in sites:
        for place in site.places():
            for kind in FAULTS[site.call]:
                yield Fault(site.call, site.role, place, kind)
