"""A file of settings: known keys and right values, each with its line, or a coded error."""

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from quetsach.configuration.setting import (
    Setting,
    SettingKind,
    SettingValue,
    keys_of,
    value_fits,
    value_of,
)
from quetsach.configuration.toml_places import LONGEST_FILE, NoTomlError, read_flat
from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.file_owners import IS_TOLD, refuse_changeable
from quetsach.texts import _


@dataclass(frozen=True)
class PlacedValue:
    """A value, and where it was said: `/etc/quetsach/portal.toml:12`."""

    value: SettingValue
    place: str


def read_settings(path: Path, settings: Sequence[Setting]) -> dict[str, PlacedValue]:
    """Return what the file at `path` says, by keys.

    Errors: QuetsachError of the first problem: E620 for a file that cannot be read or is no TOML,
    E621 and E624 for an unknown key, E622 for a value of another kind, E625 for a file that others
    could change.
    """
    values, problems = examine(path, settings)
    if problems:
        problem = problems[0]
        raise QuetsachError(problem.code, problem.where, **problem.facts)
    return values


def examine(
    path: Path, settings: Sequence[Setting]
) -> tuple[dict[str, PlacedValue], list[Problem]]:
    """Return what the file at `path` says, and all that is wrong with it."""
    try:
        text = _text_of(path)
        flat = read_flat(text)
    except NoTomlError as error:
        return {}, [Problem("E620", f"{path}:{error.line}", {"reason": str(error)})]
    except QuetsachError as error:
        return {}, [error.problem]
    except OSError as error:
        return {}, [Problem("E620", str(path), {"reason": error.strerror or str(error)})]
    except ValueError as error:
        return {}, [Problem("E620", str(path), {"reason": str(error)})]
    setting_by_key = keys_of(settings)
    values: dict[str, PlacedValue] = {}
    problems = []
    for key, (content, line) in flat.items():
        place = f"{path}:{line}"
        setting = setting_by_key.get(key)
        if setting is None:
            is_table = any(name.startswith(f"{key}.") for name in setting_by_key)
            if content != {} or not is_table:
                problems.append(_unknown(key, setting_by_key, place))
        elif value_fits(setting, content):
            values[key] = PlacedValue(value_of(setting, content, path.parent), place)
        else:
            problems.append(Problem("E622", place, {"key": key, "kind": _wanted(setting)}))
    return values, problems


def _text_of(path: Path) -> str:
    """Return the text of the file. Errors: OSError, ValueError; E625 for one others may change."""
    # What is no file may never end, or wait for somebody who writes into it.
    if not stat.S_ISREG(path.stat().st_mode):
        raise ValueError(_("it is no file"))
    with path.open("rb") as file:
        # Whoever writes here has a pager of his choice run by whoever uses the file.
        refuse_changeable(path, os.fstat(file.fileno()))
        content = file.read(LONGEST_FILE + 1)
    if len(content) > LONGEST_FILE:
        raise ValueError(_("it is longer than %(count)s bytes") % {"count": LONGEST_FILE})
    return content.decode("utf-8-sig")


def _unknown(key: str, known: Iterable[str], place: str) -> Problem:
    """Return the problem of a key that is none, with the one that was probably meant."""
    names = list(known)
    near = get_close_matches(key, names, n=1, cutoff=0.7)
    if not near:
        # A key without its table, or in another.
        last = key.rsplit(".", 1)[-1]
        near = [name for name in names if name.rsplit(".", 1)[-1] == last][:1]
    if near:
        return Problem("E621", place, {"key": key, "hint": near[0]})
    return Problem("E624", place, {"key": key})


_RIGHT = {
    SettingKind.TEXT: '"..."',
    SettingKind.NUMBER: "0, 1, 2 ...",
    SettingKind.SWITCH: "true, false",
    SettingKind.LIST: '["...", "..."]',
    SettingKind.PATH: '"..."',
    SettingKind.PATHS: '["...", "..."]',
}
"""What a value of each kind looks like, in any language."""


def _wanted(setting: Setting) -> str:
    return ", ".join(f'"{word}"' for word in setting.choices) or _RIGHT[setting.kind]


def open_secrets(
    path: Path, settings: Sequence[Setting], values: dict[str, PlacedValue]
) -> Iterator[Problem]:
    """Yield a problem (E623) where others on this machine may read secrets in the file."""
    if not IS_TOLD:
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    secrets = [setting.key for setting in settings if setting.is_secret and setting.key in values]
    if secrets and mode & 0o007:
        facts = {"mode": f"{mode:04o}", "keys": ", ".join(secrets)}
        yield Problem("E623", str(path), facts)
