"""`quetsach config show --portal` and `check --portal`: what holds, without starting the portal."""

import os
from collections.abc import Sequence
from pathlib import Path

from quetsach.api.configuration import (
    Setting,
    chosen_files,
    merged,
    problems_of,
    resolved,
    settings_dump,
    settings_json,
    settings_text,
)
from quetsach.api.problems import QuetsachError, in_language, problem_json
from quetsach_portal.config.setting_keys import (
    FILE,
    FILE_VARIABLE,
    portal_files,
    portal_settings,
    portal_values,
    public_settings,
)
from quetsach_public.settings_file import FILE as PUBLIC_FILE
from quetsach_public.settings_file import FILE_VARIABLE as PUBLIC_FILE_VARIABLE


def public_files() -> list[Path]:
    """Return the file of the public page that is read, or none."""
    return chosen_files(PUBLIC_FILE_VARIABLE, (PUBLIC_FILE,), os.environ)


def show(words: Sequence[str]) -> tuple[int, str]:
    """Return the exit code and what is printed for `show`, `check` or `path`, with `--json`."""
    if "path" in words:
        return 0, _places("--json" in words)
    with in_language("en" if os.environ.get("LANGUAGE", "").startswith("en") else "vi"):
        try:
            return _checked("--json" in words) if "check" in words else _shown("--json" in words)
        except QuetsachError as error:
            return 2, str(error)


def _places(as_json: bool) -> str:
    """Return the files that are looked for, those of the portal and of the public page."""
    names = ((FILE_VARIABLE, FILE), (PUBLIC_FILE_VARIABLE, PUBLIC_FILE))
    paths = [Path(os.environ.get(name, usual)) for name, usual in names]
    if as_json:
        rows = [{"path": str(path), "exists": path.is_file()} for path in paths]
        return settings_dump(rows)
    return "\n".join(f"{path}  ({'+' if path.is_file() else '-'})" for path in paths)


def _parts() -> tuple[tuple[tuple[Setting, ...], list[Path]], ...]:
    return (
        (portal_settings(), portal_files(os.environ)),
        (public_settings(), public_files()),
    )


def _checked(as_json: bool) -> tuple[int, str]:
    problems = [one for settings, files in _parts() for one in problems_of(files, settings)]
    listed = [problem_json(problem) for problem in problems]
    return 2 if problems else 0, settings_dump(listed) if as_json else "\n".join(map(str, problems))


def _shown(as_json: bool) -> tuple[int, str]:
    public = public_settings()
    rows = [
        *resolved(portal_settings(), portal_values(os.environ), os.environ),
        *resolved(public, merged(public_files(), public), os.environ),
    ]
    return 0, settings_dump(settings_json(rows)) if as_json else settings_text(rows)
