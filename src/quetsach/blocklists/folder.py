"""The folder of one release: written atomically; only a folder of ours is replaced."""

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from quetsach.blocklists.choose import Identity, identity
from quetsach.blocklists.contract import BlockEntry
from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.model import Indicator, IndicatorKind, MatchRule
from quetsach.scratch_folders import exchanged, folder_aside
from quetsach.texts import _

HEAD = "key\tkind\trule\tuntil\tsince"
KEYS_FILE = "keys.tsv"


@dataclass(frozen=True)
class PreviousRelease:
    """The entries of the last release, by identity; the rest is 0 or "" where it is not known.

    Shapes: `made_as` is its form, mode and name: a difference applies only to the same ones.
    """

    entries: Mapping[Identity, BlockEntry]
    serial: int = 0
    list_id: str = ""
    made_as: tuple[str, str, str] = ("", "", "")


@dataclass(frozen=True)
class ReleaseDifference:
    """The entries added and removed since the previous release."""

    added: tuple[BlockEntry, ...]
    removed: tuple[BlockEntry, ...]
    kept: int


def difference(entries: Sequence[BlockEntry], previous: PreviousRelease) -> ReleaseDifference:
    """Return what `entries` changed against the last release."""
    now = {identity(block.indicator): block for block in entries}
    added = tuple(block for key, block in now.items() if key not in previous.entries)
    removed = tuple(block for key, block in previous.entries.items() if key not in now)
    return ReleaseDifference(added, removed, len(now) - len(added))


def difference_text(changed: ReleaseDifference) -> str:
    """Return the change as lines, `+` before added and `-` before removed entries."""
    lines = [f"+ {block.indicator.key}" for block in changed.added]
    lines += [f"- {block.indicator.key}" for block in changed.removed]
    return "".join(f"{line}\n" for line in lines)


def keys_text(entries: Iterable[BlockEntry]) -> str:
    """Return the file that the next release is compared with."""
    lines = [HEAD]
    for block in entries:
        indicator = block.indicator
        times = (_time(block.until_us), _time(block.since_us))
        lines.append("\t".join((indicator.key, indicator.kind, indicator.rule, *times)))
    return "".join(f"{line}\n" for line in lines)


def read_keys(text: str, name: str) -> dict[Identity, BlockEntry]:
    """Return the entries that keys_text wrote.

    Errors: E249 where the text is not what it writes.
    """
    lines = text.splitlines()
    if not lines or lines[0] != HEAD:
        raise QuetsachError("E249", name, reason=_("it is not the key list of a release"))
    blocks = {}
    for number, line in enumerate(lines[1:], 2):
        try:
            key, kind, rule, until, since = line.split("\t")
            indicator = _indicator(key, IndicatorKind(kind), MatchRule(rule))
            block = BlockEntry(indicator, _us(until), _us(since))
        except ValueError as err:
            reason = _("line %(row)s is damaged") % {"row": number}
            raise QuetsachError("E249", name, reason=reason) from err
        blocks[identity(indicator)] = block
    return blocks


def _indicator(key: str, kind: IndicatorKind, rule: MatchRule) -> Indicator:
    port = int(key.rpartition(":")[2]) if rule is MatchRule.IP_PORT else None
    return Indicator(key, key, kind, rule, port)


def _time(at_us: int) -> str:
    return datetime.fromtimestamp(at_us // 1_000_000, UTC).isoformat()


def _us(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp()) * 1_000_000


FORMAT = "quetsach-release-files/1"
SIDE_FILE = "left-out.json"


class _Side(msgspec.Struct):
    """The fields read from the side file."""

    format: str
    files: list[str]
    serial: int
    list_id: str
    form: str
    mode: str | None
    name: str


def write_folder(target: Path, files: Mapping[str, str]) -> None:
    """Write `files` as the folder `target`; a release of ours there is replaced.

    Errors: E244 where it is something else; E247 where it cannot be written.
    """
    if os.path.lexists(target) and not _is_ours_or_empty(target):
        raise QuetsachError("E244", str(target))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with folder_aside(target) as partial:
            for name, text in files.items():
                path = partial / name
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="")
            _put_in_place(partial, target)
    except OSError as error:
        raise QuetsachError("E247", str(target), reason=error.strerror or str(error)) from error


def read_previous(path: Path) -> PreviousRelease:
    """Return what the release in the folder `path` held, or its list of keys `path`.

    Errors: E249 where it is none.
    """
    keys = path / KEYS_FILE if path.is_dir() else path
    side = _side(path) if path.is_dir() else None
    if path.is_dir() and side is None:
        raise QuetsachError("E249", str(path), reason=_("it is not the folder of a release"))
    try:
        text = keys.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise QuetsachError("E249", str(keys), reason=reason or _("it is not text")) from error
    entries = read_keys(text, str(keys))
    if side is None:
        return PreviousRelease(entries)
    return PreviousRelease(
        entries, side.serial, side.list_id, (side.form, side.mode or "", side.name)
    )


def is_release(path: Path) -> bool:
    """Return whether `path` is a folder that write_folder wrote."""
    return path.is_dir() and _side(path) is not None


def _put_in_place(partial: Path, target: Path) -> None:
    if not target.is_dir():
        partial.rename(target)
    elif not exchanged(partial, target):
        with folder_aside(target) as old:
            target.rename(old / target.name)
            try:
                partial.rename(target)
            except OSError:
                with suppress(OSError):
                    (old / target.name).rename(target)
                raise


def _is_ours_or_empty(target: Path) -> bool:
    if not target.is_dir() or target.is_symlink():
        return False
    names = {path.relative_to(target).as_posix() for path in target.rglob("*") if not path.is_dir()}
    side = _side(target)
    # A file that somebody else put there must not go with the old release.
    return not names or (side is not None and names <= {*side.files, SIDE_FILE})


def _side(folder: Path) -> _Side | None:
    with suppress(OSError, msgspec.MsgspecError, UnicodeError, RecursionError):
        side = msgspec.json.decode((folder / SIDE_FILE).read_bytes(), type=_Side)
        return side if side.format == FORMAT else None
    return None


def side_text(facts: Mapping[str, Any]) -> str:
    """Return the side file's text."""
    return msgspec.json.format(msgspec.json.encode(facts), indent=1).decode() + "\n"
