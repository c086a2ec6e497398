"""Defaults, files and environment put together: one value a setting, and where it came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from quetsach.configuration.setting import (
    Setting,
    SettingValue,
    as_variable,
    from_variable,
)
from quetsach.configuration.settings_file import (
    PlacedValue,
    examine,
    open_secrets,
    read_settings,
)
from quetsach.errors.exceptions import Problem, QuetsachError


@dataclass(frozen=True)
class ResolvedSetting:
    """A setting with its value, None where only the default holds, and the place that said it.

    Shapes: `origin` is "" for the default, `FILE:LINE`, or the name of a variable.
    """

    setting: Setting
    value: SettingValue | None
    origin: str


def merged(files: Sequence[Path], settings: Sequence[Setting]) -> dict[str, PlacedValue]:
    """Return what the files say together; the first that says it holds. Errors: E620 to E625."""
    values: dict[str, PlacedValue] = {}
    for path in files:
        values = {**read_settings(path, settings), **values}
    return values


def resolved(
    settings: Sequence[Setting], values: Mapping[str, PlacedValue], environ: Mapping[str, str]
) -> list[ResolvedSetting]:
    """Return each setting with its value. Errors: E622 for a variable with a value of no kind."""
    return [_resolved(setting, values.get(setting.key), environ) for setting in settings]


def _resolved(
    setting: Setting, placed: PlacedValue | None, environ: Mapping[str, str]
) -> ResolvedSetting:
    text = environ.get(setting.variable)
    if text is not None:
        said_there = from_variable(setting, text) if text else None
        if text and said_there is None:
            facts = {"key": setting.variable, "kind": ", ".join(setting.choices) or setting.kind}
            raise QuetsachError("E622", setting.variable, **facts)
        return ResolvedSetting(setting, said_there, setting.variable)
    if placed is not None:
        return ResolvedSetting(setting, placed.value, placed.place)
    return ResolvedSetting(setting, None, "")


def variables(settings: Sequence[Setting], values: Mapping[str, PlacedValue]) -> dict[str, str]:
    """Return what files say as the environment variables that would say the same."""
    return {
        setting.variable: as_variable(setting, values[setting.key].value)
        for setting in settings
        if setting.key in values
    }


def problems_of(files: Sequence[Path], settings: Sequence[Setting]) -> list[Problem]:
    """Return all that is wrong with the files, secrets that others may read included."""
    problems: list[Problem] = []
    for path in files:
        values, wrong = examine(path, settings)
        problems += wrong
        if not any(problem.code in ("E620", "E625") for problem in wrong):
            problems += open_secrets(path, settings, values)
    return problems
