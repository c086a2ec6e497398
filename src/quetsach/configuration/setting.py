"""What a setting is, and how its value is checked and written."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

SettingValue = str | int | bool | tuple[str, ...]


class SettingKind(StrEnum):
    """What a value is; the words are those of the reference pages."""

    TEXT = "text"
    NUMBER = "number"
    SWITCH = "true/false"
    LIST = "list of texts"
    PATH = "path"
    PATHS = "list of paths"


@dataclass(frozen=True)
class Setting:
    """A setting: its key in a file, the variable that goes before it, and what it is.

    Shapes: `key` has a dot behind its table, `smtp.host`; `usual` says what holds without it;
    `words` are how a variable writes false and true.
    """

    key: str
    kind: SettingKind
    variable: str
    usual: str
    meaning: str
    choices: tuple[str, ...] = ()
    is_secret: bool = False
    words: tuple[str, str] = ("0", "1")


def value_fits(setting: Setting, content: object) -> bool:
    """Return whether what a TOML file says is a value of `setting`."""
    if setting.kind is SettingKind.NUMBER:
        return isinstance(content, int) and not isinstance(content, bool) and content >= 0
    if setting.kind is SettingKind.SWITCH:
        return isinstance(content, bool)
    if setting.kind in (SettingKind.LIST, SettingKind.PATHS):
        return isinstance(content, list) and all(_is_word(setting, part) for part in content)
    return _is_word(setting, content)


def _is_word(setting: Setting, content: object) -> bool:
    is_text = isinstance(content, str) and "\0" not in content
    return is_text and (not setting.choices or content in setting.choices)


def value_of(setting: Setting, content: object, folder: Path) -> SettingValue:
    """Return the value of `content`, which fits; paths are those below `folder`."""
    if setting.kind is SettingKind.PATH:
        return _path(str(content), folder)
    if isinstance(content, list):
        is_paths = setting.kind is SettingKind.PATHS
        return tuple(_path(part, folder) if is_paths else part for part in content)
    assert isinstance(content, (str, int))
    return content


def _path(text: str, folder: Path) -> str:
    # `misp` names lists that are shipped, and an address with a scheme is no path.
    if text in ("", "misp") or "://" in text:
        return text
    try:
        return str(folder / Path(text).expanduser())
    except RuntimeError:
        # `~name` of nobody, or no home at all: a file of this name then, which is missed by it.
        return str(folder / text)


def as_variable(setting: Setting, content: SettingValue) -> str:
    """Return `content` as the setting's environment variable would say it."""
    if isinstance(content, bool):
        return setting.words[content]
    if isinstance(content, tuple):
        return (os.pathsep if setting.kind is SettingKind.PATHS else ",").join(content)
    return str(content)


def from_variable(setting: Setting, text: str) -> SettingValue | None:
    """Return the value that an environment variable says; None for what is no value of it."""
    if setting.kind in (SettingKind.LIST, SettingKind.PATHS):
        sign = os.pathsep if setting.kind is SettingKind.PATHS else ","
        return tuple(part.strip() for part in text.split(sign) if part.strip())
    if setting.kind is SettingKind.NUMBER:
        return int(text) if text.isascii() and text.isdecimal() else None
    if setting.kind is SettingKind.SWITCH:
        return text == setting.words[1] if text in setting.words else None
    return text if not setting.choices or text in setting.choices else None


def keys_of(settings: Sequence[Setting]) -> dict[str, Setting]:
    """Return the settings by their keys."""
    return {setting.key: setting for setting in settings}
