"""The settings of the command line, what a person else types each time, and where they lie."""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path, PureWindowsPath

from quetsach.configuration.setting import Setting, SettingKind
from quetsach.errors.catalogue import N_

CLI_FILE = "QUETSACH_CONFIG"
"""The variable that names the file of the command line instead of the usual ones."""

CLI_SETTINGS: tuple[Setting, ...] = (
    Setting(
        "lang",
        SettingKind.TEXT,
        "QUETSACH_LANG",
        N_("that of LANG, else vi"),
        N_("language of all texts: vi or en"),
        choices=("vi", "en"),
    ),
    Setting(
        "color",
        SettingKind.TEXT,
        "QUETSACH_COLOR",
        "auto",
        N_("colours: auto (on a terminal), always, never"),
        choices=("auto", "always", "never"),
    ),
    Setting(
        "pager",
        SettingKind.TEXT,
        "QUETSACH_PAGER",
        N_("PAGER, else less"),
        N_("program that shows long answers on a terminal; none for no paging"),
    ),
    Setting(
        "zone",
        SettingKind.TEXT,
        "QUETSACH_ZONE",
        N_("Asia/Ho_Chi_Minh, assumed"),
        N_("as --zone: time zone of logs without one"),
    ),
    Setting(
        "sources",
        SettingKind.PATH,
        "QUETSACH_SOURCES",
        "-",
        N_("as --sources: file that declares zone and clock of single logs"),
    ),
    Setting(
        "inside",
        SettingKind.LIST,
        "QUETSACH_INSIDE",
        N_("the private ranges"),
        N_("as --inside: own networks"),
    ),
    Setting(
        "public",
        SettingKind.LIST,
        "QUETSACH_PUBLIC",
        "-",
        N_("as --public: own public addresses"),
    ),
    Setting(
        "inventory",
        SettingKind.PATHS,
        "QUETSACH_INVENTORY",
        "-",
        N_("as --inventory: tables of your machines"),
    ),
    Setting(
        "plan", SettingKind.PATHS, "QUETSACH_PLAN", "-", N_("as --plan: tables of your networks")
    ),
    Setting(
        "leases",
        SettingKind.PATHS,
        "QUETSACH_LEASES",
        "-",
        N_("as --leases: lease files, or folders of them"),
    ),
    Setting(
        "nat",
        SettingKind.PATHS,
        "QUETSACH_NAT",
        "-",
        N_("as --nat: logs of address translation"),
    ),
    Setting("allow", SettingKind.PATHS, "QUETSACH_ALLOW", "-", N_("as --allow: allow-lists")),
    Setting(
        "decisions",
        SettingKind.PATH,
        "QUETSACH_DECISIONS",
        "-",
        N_("as --decisions: file of decisions on indicators"),
    ),
    Setting(
        "columns",
        SettingKind.PATHS,
        "QUETSACH_COLUMNS",
        "-",
        N_("as --columns: saved column maps"),
    ),
    Setting(
        "workers",
        SettingKind.NUMBER,
        "QUETSACH_WORKERS",
        N_("all cores"),
        N_("as --workers: number of parallel workers of a sweep"),
    ),
    Setting(
        "memory_mib",
        SettingKind.NUMBER,
        "QUETSACH_MEMORY_MIB",
        N_("no limit"),
        N_("address space that each process may use, in MiB; not on Windows"),
    ),
)

OPTIONS = frozenset(
    setting.key for setting in CLI_SETTINGS if setting.key not in ("lang", "color", "pager")
)
"""The settings that stand for an option of the same name, wherever a command has it."""


def usual_files(environ: Mapping[str, str], home: Path) -> list[Path]:
    """Return where the files of the command line usually lie, the strongest first.

    Source: XDG Base Directory Specification 0.8; on Windows the folders for the data of programs.
    """
    if sys.platform == "win32":
        roots = [environ.get("APPDATA", ""), environ.get("PROGRAMDATA", "")]
        folders = [root for root in roots if PureWindowsPath(root).is_absolute()]
    else:
        own = environ.get("XDG_CONFIG_HOME", "")
        system = environ.get("XDG_CONFIG_DIRS") or "/etc/xdg"
        # What is no absolute path counts as not set, says the specification.
        folders = [own if own.startswith("/") else str(home / ".config")]
        folders += [part for part in system.split(":") if part.startswith("/")]
    return [Path(folder, "quetsach", "config.toml") for folder in folders]


def chosen_files(
    name: str, usual: Iterable[Path], environ: Mapping[str, str], named: str | None = None
) -> list[Path]:
    """Return the files to read, the strongest first.

    One that is `named`, or stands in the variable `name`, is the only one, and an empty name is
    none at all. Of the `usual` ones those that are there are read.
    """
    word = environ.get(name) if named is None else named
    if word is not None:
        return [Path(word)] if word else []
    return [path for path in usual if is_there(path)]


def is_there(path: Path) -> bool:
    """Tell whether `path` is a file that can be seen.

    With `runuser` HOME stays that of root, into which the service's user may not look.
    """
    try:
        return path.is_file()
    except OSError:
        return False
