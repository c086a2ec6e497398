"""Settings as text and JSON: values, places, and no secret."""

from quetsach.api.configuration import (
    ResolvedSetting,
    Setting,
    SettingKind,
    settings_dump,
    settings_json,
    settings_text,
)
from quetsach.texts import in_language

TEXT = Setting("a", SettingKind.TEXT, "VAR_A", "nothing", "-")
SECRET = Setting("b", SettingKind.TEXT, "VAR_B", "none", "-", is_secret=True)
SWITCH = Setting("c", SettingKind.SWITCH, "VAR_C", "off", "-")
LIST = Setting("d", SettingKind.LIST, "VAR_D", "none", "-")
SHOWN = [
    ResolvedSetting(TEXT, None, ""),
    ResolvedSetting(SECRET, "hunter2", "/etc/a.toml:3"),
    ResolvedSetting(SWITCH, False, "VAR_C"),
    ResolvedSetting(LIST, ("x\x1b[1m", "y"), "/etc/a.toml:4"),
]


def test_each_line_says_what_holds_and_who_says_so() -> None:
    with in_language("en"):
        assert settings_text(SHOWN).splitlines() == [
            "a = nothing  (default)",
            "b = set, and hidden here  (/etc/a.toml:3)",
            "c = false  (environment variable VAR_C)",
            r"d = x\x1b[1m, y  (/etc/a.toml:4)",
        ]


def test_json_has_the_same_and_no_secret() -> None:
    listed = settings_json(SHOWN)
    assert listed[1] == {
        "key": "b",
        "variable": "VAR_B",
        "value": None,
        "is_set": True,
        "default": "none",
        "from": "/etc/a.toml:3",
    }
    assert (listed[0]["from"], listed[0]["is_set"]) == ("default", False)
    assert "hunter2" not in settings_dump(listed)
