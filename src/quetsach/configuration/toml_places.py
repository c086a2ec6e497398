"""A TOML file as flat keys, each with its line; the standard library tells no lines."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

LONGEST_FILE = 1 << 16
"""A file of settings is short, in bytes; what is longer was named by mistake."""

MOST_TRIES = 500
"""Lines of one statement; each is tried, so that very long ones would take their square in time."""

MOST_TABLES = 8
"""So deep a key may stand in tables; no setting stands below one."""

_AT_LINE = re.compile(r"at line (\d+), column \d+")


class NoTomlError(ValueError):
    """The text is no TOML; `line` says where that shows."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.line = line


def read_flat(text: str) -> dict[str, tuple[Any, int]]:
    """Return each key of `text`, with dots behind its tables, with its content and its line.

    Errors: NoTomlError.
    """
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        reason = str(error)[:200] or type(error).__name__
        place = _AT_LINE.search(reason)
        last = text.rstrip().count("\n") + 1
        raise NoTomlError(reason, int(place[1]) if place else last) from error
    if _is_deep(table):
        raise NoTomlError(f"more than {MOST_TABLES} tables in each other", 1)
    lines = dict(_lines(text))
    return {key: (content, lines.get(key, 1)) for key, content in _flat(table, "")}


def _is_deep(table: Mapping[str, Any]) -> bool:
    level: list[Any] = [table]
    for _depth in range(MOST_TABLES):
        level = [
            content for each in level for content in each.values() if isinstance(content, dict)
        ]
    return bool(level)


def _flat(table: Mapping[str, Any], before: str) -> Iterator[tuple[str, Any]]:
    for name, content in table.items():
        key = f"{before}{name}"
        if isinstance(content, dict) and content:
            yield from _flat(content, f"{key}.")
        else:
            yield key, content


def _lines(text: str) -> Iterator[tuple[str, int]]:
    """Yield each key with the line where its statement begins.

    A statement is the fewest lines from there on that are TOML of their own.
    """
    header, waiting, began = "", "", 0
    tries = 0
    for number, line in enumerate(text.splitlines(), 1):
        began, tries = (began, tries + 1) if waiting else (number, 0)
        waiting += f"{line}\n"
        if tries > MOST_TRIES:
            return
        try:
            keys = [key for key, _content in _flat(tomllib.loads(waiting), "")]
        except ValueError:
            continue
        if waiting.lstrip().startswith("[") and keys:
            header = f"{keys[0]}."
            yield keys[0], began
        else:
            yield from ((f"{header}{key}", began) for key in keys)
        waiting = ""
