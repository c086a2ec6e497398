"""What lies in the world of a run: each file with its digest, each folder, each link."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from quetsach.atomic_files import UNFINISHED

Tree: TypeAlias = Mapping[str, str]
"""Paths below the world, each with the digest of its content, "folder", or where a link leads."""

_CACHES = re.compile(r"home/\.cache(/|$)")
# What SQLite keeps beside a database is part of it: the next who opens it puts it in order.
_JOURNALS = re.compile(r"-(wal|shm|journal)$")
_PROBE = re.compile(r"tmp/[a-z0-9_]{8}$")
_ASIDE = re.compile(r"(^|/)(\.[^/]+|[^/]+\.(part|partial|tmp|new))(/|$)|^tmp/")


def tree_of(world: Path, varying: Sequence[str] = ()) -> Tree:
    """Return what lies in `world`; of paths that match `varying` only the names.

    Shapes: `varying` are regular expressions for files that differ from run to run, such as keys.
    """
    tree: dict[str, str] = {}
    for path in sorted(world.rglob("*")):
        name = path.relative_to(world).as_posix()
        is_varying = any(re.search(pattern, name) for pattern in varying)
        tree[name] = "varies" if is_varying and path.is_file() else _content(path)
    return tree


def is_aside(name: str) -> bool:
    """Return whether a path is one of those that are written aside and moved into place."""
    return _ASIDE.search(name) is not None


def is_probe(name: str) -> bool:
    """Return whether a path is the empty file by which Python tries where temporary files go."""
    return _PROBE.match(name) is not None


def tells_of_a_part(name: str) -> bool:
    """Return whether a path is the note beside a set of files that says it is not finished."""
    return name.endswith(UNFINISHED)


def changed(before: Tree, after: Tree) -> set[str]:
    """Return the paths that came, went or have other content; caches are nobody's result."""
    return {
        name
        for name in {*before, *after}
        if before.get(name) != after.get(name)
        and not (_CACHES.match(name) or _JOURNALS.search(name) or is_probe(name))
    }


def _content(path: Path) -> str:
    if path.is_symlink():
        return f"-> {path.readlink()}"
    if path.is_dir():
        return "folder"
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "other"
