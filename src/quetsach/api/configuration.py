"""Settings from files, for programs: which there are, what holds, and where it came from."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from quetsach.configuration.cli_settings import chosen_files as chosen_files
from quetsach.configuration.layers import ResolvedSetting as ResolvedSetting
from quetsach.configuration.layers import merged as merged
from quetsach.configuration.layers import problems_of as problems_of
from quetsach.configuration.layers import resolved as resolved
from quetsach.configuration.layers import variables as variables
from quetsach.configuration.setting import Setting as Setting
from quetsach.configuration.setting import SettingKind as SettingKind
from quetsach.configuration.settings_file import PlacedValue as PlacedValue
from quetsach.file_owners import refuse_open_secret as refuse_open_secret
from quetsach.texts import _, plain, plain_json


def settings_json(rows: Iterable[ResolvedSetting]) -> list[dict[str, Any]]:
    """Return the settings for JSON, secrets without their values."""
    return [
        {
            "key": shown.setting.key,
            "variable": shown.setting.variable,
            "value": None if shown.setting.is_secret else shown.value,
            "is_set": shown.value not in (None, "", ()),
            "default": shown.setting.usual,
            "from": shown.origin or "default",
        }
        for shown in rows
    ]


def settings_dump(listed: Sequence[Mapping[str, Any]]) -> str:
    """Return what is listed as JSON for a terminal."""
    return plain_json(list(listed))


def settings_text(rows: Iterable[ResolvedSetting]) -> str:
    """Return the settings for a person: key = value, and in brackets where it came from."""
    return "\n".join(
        plain(f"{shown.setting.key} = {_shown_value(shown)}  ({_shown_origin(shown)})")
        for shown in rows
    )


def _shown_value(shown: ResolvedSetting) -> str:
    if shown.value in (None, "", ()):
        return _(shown.setting.usual)
    if shown.setting.is_secret:
        return _("set, and hidden here")
    if isinstance(shown.value, bool):
        return "true" if shown.value else "false"
    return ", ".join(shown.value) if isinstance(shown.value, tuple) else str(shown.value)


def _shown_origin(shown: ResolvedSetting) -> str:
    if not shown.origin:
        return _("default")
    if shown.origin == shown.setting.variable:
        return _("environment variable %(name)s") % {"name": shown.origin}
    return shown.origin
