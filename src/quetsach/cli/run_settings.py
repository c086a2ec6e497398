"""What holds for a whole run: words before the command, the environment, and files of settings."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quetsach.configuration.cli_settings import (
    CLI_FILE,
    CLI_SETTINGS,
    OPTIONS,
    chosen_files,
    usual_files,
)
from quetsach.texts import Language, language_of

PORTAL_FILE = "QUETSACH_PORTAL_CONFIG"
"""The variable that names the portal's file of settings."""

_OF_PORTAL = ("serve", "manage")
"""The commands to which `--config` gives the portal's file."""


@dataclass(frozen=True)
class RunSettings:
    """What files and variables say.

    Shapes: `options` are values of options by their names, as the command line would give them;
    `origins` say where each came from; `lang` and `pager` are None and `color` is "auto" where
    nobody says so.
    """

    lang: Language | None = None
    color: str = "auto"
    pager: str | None = None
    memory_mib: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)


def read_run_settings(environ: Mapping[str, str], home: Path) -> RunSettings:
    """Return what holds. Errors: E620 to E625 with the file and its line."""
    files = chosen_files(CLI_FILE, usual_files(environ, home), environ)
    if not files and not any(one.variable in environ for one in CLI_SETTINGS):
        return RunSettings()
    # Only who has settings pays for reading them.
    from quetsach.configuration.layers import merged, resolved

    resolved_settings = resolved(
        CLI_SETTINGS, merged(files, CLI_SETTINGS) if files else {}, environ
    )
    by_key = {
        setting.setting.key: setting for setting in resolved_settings if setting.value is not None
    }

    def value(key: str) -> Any:
        return by_key[key].value if key in by_key else None

    return RunSettings(
        lang=value("lang"),
        color=value("color") or "auto",
        pager=value("pager"),
        memory_mib=value("memory_mib"),
        options={key: setting.value for key, setting in by_key.items() if key in OPTIONS},
        origins={key: setting.origin for key, setting in by_key.items() if key in OPTIONS},
    )


def take_config(words: Sequence[str]) -> list[str]:
    """Return the words without `--config FILE` before the command, which becomes the environment's.

    Who starts other programs hands it on so. Behind the command it is an option of that command.
    """
    rest = list(words)
    for place, word in enumerate(words):
        if not word.startswith("-") or word == "--":
            break
        if word == "--config" and place + 1 < len(words):
            named, rest = words[place + 1], [*words[:place], *words[place + 2 :]]
        elif word.startswith("--config="):
            named, rest = word[9:], [*words[:place], *words[place + 1 :]]
        else:
            continue
        is_portals = any(name in rest[:1] for name in _OF_PORTAL) or (
            rest[:1] == ["config"] and "--portal" in rest
        )
        os.environ[PORTAL_FILE if is_portals else CLI_FILE] = named
        break
    return rest


@dataclass(frozen=True)
class RunWords:
    """The words that hold for a whole run, wherever they stand; None where they are not there."""

    lang: Language | None = None
    color: str | None = None
    no_pager: bool = False


_VALUES = {"--lang": ("vi", "en"), "--color": ("auto", "always", "never")}


def take_run_words(words: Sequence[str]) -> tuple[list[str], RunWords]:
    """Return the words without --lang, --color and --no-pager at any position, and what they say.

    Help texts are made in one language before any option is read, so this cannot wait for click.
    A value that is none stays, for click to refuse.
    """
    rest: list[str] = []
    values: dict[str, str] = {}
    is_paged = True
    place = 0
    while place < len(words) and words[place] != "--":
        name, sign, value = words[place].partition("=")
        behind = words[place + 1] if place + 1 < len(words) else ""
        if name in _VALUES and (value if sign else behind) in _VALUES[name]:
            values[name] = value if sign else behind
            place += 1 if sign else 2
            continue
        if words[place] == "--no-pager":
            is_paged = False
        else:
            rest.append(words[place])
        place += 1
    lang = values.get("--lang")
    run_words = RunWords(
        "en" if lang == "en" else "vi" if lang == "vi" else None,
        values.get("--color"),
        not is_paged,
    )
    return [*rest, *words[place:]], run_words


def language_for(wish: Language | None, settings: RunSettings) -> Language:
    """Return the language: as asked for, else as settings say, else that of the environment."""
    return wish or settings.lang or language_of(os.environ)


def color_for(wish: str | None, settings: RunSettings, environ: Mapping[str, str]) -> bool | None:
    """Return whether texts have colours; None leaves it to whether a terminal is there.

    What is typed or set goes before NO_COLOR (no-color.org), that before FORCE_COLOR, and that
    before TERM=dumb.
    """
    mode = wish or settings.color
    if mode != "auto":
        return mode == "always"
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR"):
        return True
    return False if environ.get("TERM") == "dumb" else None


def keep_memory(words: Sequence[str], wanted_mib: int | None) -> None:
    """Prepare for a limit of this run's memory, where it has one or is to have. Errors: E612."""
    try:
        import resource  # which Windows has not
    except ImportError:
        return
    limit, most = resource.getrlimit(resource.RLIMIT_AS)
    # The portal is many processes, each with limits of its own service.
    if wanted_mib and words[:1] not in (["serve"], ["manage"]):
        wanted = wanted_mib << 20
        if limit == resource.RLIM_INFINITY or wanted < limit:
            resource.setrlimit(resource.RLIMIT_AS, (wanted, most))
            limit = wanted
    if limit != resource.RLIM_INFINITY:
        from quetsach.cli.memory_limit import keep_within

        keep_within(limit, words)
