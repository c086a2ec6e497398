"""The files that are followed: found by path, pattern or folder, opened without a trap."""

import glob
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from quetsach.errors.exceptions import Problem
from quetsach.evidence.find import printable_path
from quetsach.texts import _

PACKED_ENDINGS = (".gz", ".xz", ".zst", ".bz2")
"""What logrotate's compressors add to a name."""


@dataclass(frozen=True)
class SeenFile:
    """A plain file as it was seen: where, which one, how large, when changed last."""

    path: Path
    dev: int
    ino: int
    size: int
    mtime_ns: int

    @property
    def identity(self) -> tuple[int, int]:
        """What tells it from every other file that is there."""
        return self.dev, self.ino


@dataclass
class Follow:
    """What is followed: the arguments as they were named, and which of them were links then.

    Shapes: `passed_over` are paths that will not grow again, so that nobody looks at them.
    """

    arguments: tuple[str, ...]
    passed_over: frozenset[str] = frozenset()
    _links: set[Path] = field(default_factory=set)
    _plain: set[Path] = field(default_factory=set)

    @property
    def links(self) -> frozenset[Path]:
        """The links that are followed as they were named."""
        return frozenset(self._links)

    def remember(self, plain: set[Path], links: set[Path]) -> None:
        """Take what an earlier watch knew: a link in the place of a plain file is no named one."""
        self._links |= links
        self._plain |= plain - links

    def find(self) -> tuple[list[SeenFile], list[Problem]]:
        """Return the files that are there now, each once, and what cannot be followed."""
        files: dict[tuple[int, int], SeenFile] = {}
        problems: list[Problem] = []
        for argument in self.arguments:
            for path, is_named in _paths(argument):
                if str(path) in self.passed_over:
                    continue
                file = self._seen(path, is_named=is_named)
                if isinstance(file, Problem):
                    problems.append(file)
                elif file is not None:
                    files.setdefault(file.identity, file)
        return list(files.values()), problems

    def _seen(self, path: Path, *, is_named: bool) -> SeenFile | Problem | None:
        if not is_text(path):
            reason = _("its name is not UTF-8; rename it")
            return Problem("E104", printable_path(path), {"reason": reason})
        try:
            status = path.lstat()
            if stat.S_ISLNK(status.st_mode):
                if not self._may_follow(path, is_named=is_named):
                    return Problem("E138", printable_path(path))
                status = path.stat()
            else:
                self._plain.add(path)
        except FileNotFoundError:
            return None
        except OSError as error:
            return Problem("E104", printable_path(path), {"reason": error.strerror or str(error)})
        if not stat.S_ISREG(status.st_mode):
            return Problem("E113", printable_path(path))
        return SeenFile(path, status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)

    def _may_follow(self, path: Path, *, is_named: bool) -> bool:
        """Return whether a link may be followed: within its folder, or as its user named it.

        One that was put where a file was leads to what its user never named.
        """
        if is_named and path not in self._plain:
            self._links.add(path)
        if path in self._links:
            return True
        return Path(os.path.realpath(path)).parent == Path(os.path.realpath(path.parent))


def _paths(argument: str) -> Iterator[tuple[Path, bool]]:
    """Yield the paths that an argument stands for, and whether it names the file itself."""
    path = Path(argument)
    if path.is_dir():
        for where, folders, names in os.walk(path):
            folders.sort()
            for name in sorted(names):
                yield Path(where) / name, False
    elif any(sign in argument for sign in "*?[") and not os.path.lexists(path):
        for match in sorted(glob.glob(argument)):  # noqa: PTH207 - a pattern may be absolute
            if not Path(match).is_dir():
                yield Path(match), False
    else:
        yield path, True


def unmet(arguments: Sequence[str]) -> list[str]:
    """Return the arguments for which there is nothing yet."""
    return [one for one in arguments if next(_paths(one), None) is None or not _is_there(one)]


def _is_there(argument: str) -> bool:
    return any(os.path.lexists(path) for path, _is_named in _paths(argument))


def is_text(path: Path) -> bool:
    """Return whether the name of a file can be kept as text; a stranger may give it any bytes."""
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def identity_at(path: str | Path) -> tuple[int, int] | None:
    """Return which file has this name now."""
    try:
        status = Path(path).stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def open_plain(file: SeenFile) -> int:
    """Return the open file, if it is still the one that was seen.

    A pipe that was put there instead is not waited for. Errors: OSError, also for another file.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    number = os.open(file.path, flags)
    status = os.fstat(number)
    if not stat.S_ISREG(status.st_mode) or (status.st_dev, status.st_ino) != file.identity:
        os.close(number)
        raise FileNotFoundError("another file took its name")
    return number


def siblings(path: Path) -> Iterator[SeenFile]:
    """Yield the files beside `path` that carry on its name, as rotation calls them, newest first.

    `eve.json.1`, `eve.json-20261130.gz` and `eve-20261130.json` carry on `eve.json`.
    """
    stem, ending = path.stem, path.suffix
    beside = []
    try:
        with os.scandir(path.parent) as entries:
            for beside_it in entries:
                name = beside_it.name
                if name == path.name or not beside_it.is_file(follow_symlinks=False):
                    continue
                if not is_text(Path(name)):
                    # No rotation calls it so.
                    continue
                inner = next(
                    (name.removesuffix(one) for one in PACKED_ENDINGS if name.endswith(one)), name
                )
                if name.startswith(path.name) or (
                    ending and inner.startswith(stem) and inner.endswith(ending)
                ):
                    status = beside_it.stat(follow_symlinks=False)
                    beside.append(
                        SeenFile(
                            Path(beside_it.path),
                            status.st_dev,
                            status.st_ino,
                            status.st_size,
                            status.st_mtime_ns,
                        )
                    )
    except OSError:
        return
    yield from sorted(beside, key=lambda one: -one.mtime_ns)
