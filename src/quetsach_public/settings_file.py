"""The settings of the public page from a TOML file; small, as the plane shares no code.

A file of its own: the portal's holds passwords, which nothing may read that answers everybody.
"""

import os
import stat
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

FILE = Path("/etc/quetsach/public.toml")
FILE_VARIABLE = "QUETSACH_PUBLIC_CONFIG"
"""The variable that names another file; empty, none is read."""

LONGEST_FILE = 1 << 16

KINDS: Mapping[str, type] = {
    "text": str,
    "path": str,
    "number": int,
    "true/false": bool,
    "list of texts": list,
}
"""The kinds of values, by the words that the reference page has for them."""


def variables_of_file(
    environ: Mapping[str, str], keys: Mapping[str, tuple[str, str]]
) -> dict[str, str]:
    """Return what the file says, as the environment variables that would say the same.

    Shapes: `keys` give each variable its key and its kind.
    Raises ValueError with FILE:LINE for an unknown key and a value of another kind, and for a file
    that others could change; OSError.
    """
    named = environ.get(FILE_VARIABLE)
    if named == "" or (named is None and not FILE.is_file()):
        return {}
    path = Path(named) if named else FILE
    with path.open("rb") as file:
        _refuse_changeable(path, os.fstat(file.fileno()))
        raw = file.read(LONGEST_FILE + 1)
    if len(raw) > LONGEST_FILE:
        raise ValueError(f"{path} is longer than {LONGEST_FILE} bytes")
    text = raw.decode("utf-8-sig")
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path}: {str(error)[:200]}") from error
    by_key = {key: (variable, kind) for variable, (key, kind) in keys.items()}
    variables = {}
    for key, content in table.items():
        place = f"{path}:{_line_of(key, text)}"
        if key not in by_key:
            near = get_close_matches(key, by_key, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise ValueError(f"{place}: there is no setting {key}.{hint}")
        variable, kind = by_key[key]
        if not _fits(content, kind):
            raise ValueError(f"{place}: {key} is a {kind}")
        variables[variable] = _as_text(content, path.parent if kind == "path" else None)
    return variables


def _refuse_changeable(path: Path, status: os.stat_result) -> None:
    """Raise ValueError where others than root and this user may write the file or its folder."""
    if os.name != "posix":
        return
    folder = path.resolve().parent
    for place, facts in ((path, status), (folder, folder.stat())):
        is_shared = stat.S_ISDIR(facts.st_mode) and facts.st_mode & stat.S_ISVTX
        if facts.st_uid not in (0, os.geteuid()) or (facts.st_mode & 0o022 and not is_shared):
            raise ValueError(
                f"{path}: others on this machine could change {place}; chown, chmod go-w"
            )


def _line_of(key: str, text: str) -> int:
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip(" \t[\"'").startswith(key):
            return number
    return 1


def _fits(content: object, kind: str) -> bool:
    if isinstance(content, list):
        return kind == "list of texts" and all(isinstance(part, str) for part in content)
    is_switch = isinstance(content, bool)
    if is_switch or kind == "true/false":
        return is_switch and kind == "true/false"
    return isinstance(content, KINDS[kind]) and (not isinstance(content, int) or content >= 0)


def _as_text(content: object, folder: Path | None) -> str:
    if isinstance(content, list):
        return ",".join(content)
    if isinstance(content, bool):
        return "1" if content else ""
    return str(folder / str(content)) if folder is not None else str(content)
