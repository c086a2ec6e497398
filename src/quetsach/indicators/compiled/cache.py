"""Lists as they were compiled the last time, in the cache of the user.

A cache is named by the digests of all files, the options, the language and the program itself, so
that it is never stale; what is damaged is made again. The folder belongs to the user alone.
"""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec

import quetsach
from quetsach import __version__
from quetsach.entry_points import PluginGroup, all_offers
from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.compiled.compiling import compile_set, made_with
from quetsach.indicators.compiled.list_file import ENDING, MARK, is_compiled, open_compiled
from quetsach.indicators.indicator_set import IndicatorTable
from quetsach.indicators.model import IndicatorSet
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import GivenFile, given_files, read_lists
from quetsach.texts import language

FEWEST_BYTES = 256 * 1024
"""Lists of fewer bytes in all are read faster than they are looked for here."""

MOST_BYTES = 1024 * 1024 * 1024
"""What the cache may hold in all; the files used longest ago go first."""

_PIECE = 1024 * 1024


class CacheUse(StrEnum):
    """What became of a set in the cache."""

    NONE = "none"
    MAPPED = "mapped"
    STORED = "stored"
    REBUILT = "rebuilt"


@dataclass(frozen=True)
class CachedSet:
    """A set of indicators, and what became of it in the cache."""

    indicators: IndicatorSet
    use: CacheUse = CacheUse.NONE


def list_cache_folder(environment: Mapping[str, str]) -> Path | None:
    """Return the folder for compiled lists, made where it is missing.

    None where there is no home, or the folder is a link, another user's or open to others.
    """
    base = environment.get("XDG_CACHE_HOME", "")
    home = environment.get("HOME", "")
    # The rule of XDG: a path that is not absolute is none.
    root = Path(base) if Path(base).is_absolute() else Path(home) / ".cache" if home else None
    if root is None or not root.is_absolute() or not hasattr(os, "geteuid"):
        return None
    folder = root / "quetsach" / "lists"
    try:
        for made in (root / "quetsach", folder):
            made.mkdir(mode=0o700, parents=True, exist_ok=True)
            facts = made.lstat()
            if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.geteuid():
                return None
        return folder if not folder.lstat().st_mode & 0o077 else None
    except OSError:
        return None


def read_cached(paths: Sequence[Path], options: ListOptions, folder: Path | None) -> CachedSet:
    """Return what `read_lists` returns, from the cache in `folder` where it is there.

    Errors: as `read_lists`; the cache itself raises none.
    """
    files = [] if folder is None else [*given_files(paths)]
    if folder is None or not _is_worth_it(files):
        return CachedSet(read_lists(paths, options))
    if len(files) == 1 and is_compiled(files[0].path):
        indicators = read_lists(paths, options)
        return CachedSet(_with_keys_in(indicators, folder), CacheUse.MAPPED)
    digests = _digests(files)
    if digests is None:
        return CachedSet(read_lists(paths, options))
    kept = folder / f"{_name(files, digests, options)}{ENDING}"
    stored = _opened(kept, folder)
    if stored is not None:
        return CachedSet(stored, CacheUse.MAPPED)
    use = CacheUse.REBUILT if os.path.lexists(kept) else CacheUse.STORED
    indicators = read_lists(paths, options)
    # A file that changed between the two passes is not what its digest says.
    if _digests(files) != digests or not _store(kept, indicators, options, folder):
        return CachedSet(indicators)
    stored = _opened(kept, folder)
    return CachedSet(indicators) if stored is None else CachedSet(stored, use)


def _is_worth_it(files: Iterable[GivenFile]) -> bool:
    try:
        return sum(file.path.stat().st_size for file in files) >= FEWEST_BYTES
    except OSError:
        return False


def _digests(files: Iterable[GivenFile]) -> list[str] | None:
    """Return the SHA-256 of each file, "" of a link that is not followed; None for a failure."""
    digests: list[str] = []
    for file in files:
        digest = hashlib.sha256()
        try:
            with file.path.open("rb", buffering=0) as opened:
                while not file.leads_out and (piece := opened.read(_PIECE)):
                    digest.update(piece)
        except OSError:
            return None
        digests.append("" if file.leads_out else digest.hexdigest())
    return digests


def _name(files: Sequence[GivenFile], digests: Sequence[str], options: ListOptions) -> str:
    facts = (
        MARK,
        __version__,
        _program(),
        language(),
        made_with(options),
        options.take_unmarked,
        options.path_hosts,
        options.column_maps,
        [(os.fsencode(file.name), file.is_named, file.leads_out) for file in files],
        digests,
        [offer.shown for offer in all_offers() if offer.group is PluginGroup.LIST_FORMS],
    )
    return hashlib.sha256(msgspec.msgpack.encode(facts)).hexdigest()


def _program() -> list[tuple[str, int, int]]:
    """Return size and time of each of our files: a changed program reads lists anew."""
    root = Path(quetsach.__file__).parent
    files = (*root.glob("*.py"), *root.glob("indicators/**/*.py"), *root.glob("readers/*.py"))
    facts = ((str(file), file.stat()) for file in sorted(files))
    return [(name, status.st_size, status.st_mtime_ns) for name, status in facts]


def _opened(kept: Path, folder: Path) -> IndicatorSet | None:
    """Return the set that is kept there, None where it is missing or not sound."""
    try:
        compiled = open_compiled(kept, own_only=True, wants_sha256=False)
        os.utime(kept)
    except (QuetsachError, OSError):
        return None
    table = IndicatorTable(columns=compiled.columns)
    table.keys_folder = folder
    return IndicatorSet(table, compiled.refusals, compiled.readings)


def _with_keys_in(indicators: IndicatorSet, folder: Path) -> IndicatorSet:
    if isinstance(indicators.indicators, IndicatorTable):
        indicators.indicators.keys_folder = folder
    return indicators


def _store(kept: Path, indicators: IndicatorSet, options: ListOptions, folder: Path) -> bool:
    # A set made of compiled lists names them, which a file of the cache does not.
    if indicators.compiled:
        return False
    try:
        compile_set(kept, indicators, options)
        kept.chmod(0o600)
        _make_room(folder, kept)
    except (OSError, ValueError):
        return False
    return True


def _make_room(folder: Path, newest: Path) -> None:
    """Remove the files used longest ago until the rest fits; all that was left half written too."""
    files = sorted(_files(folder), key=lambda pair: pair[1].st_mtime, reverse=True)
    total = 0
    for file, facts in files:
        total += facts.st_size
        if total > MOST_BYTES and file != newest:
            with suppress(OSError):
                file.unlink()


def _files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    for file in folder.iterdir():
        with suppress(OSError):
            yield file, file.lstat()
