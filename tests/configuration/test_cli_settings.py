"""The settings of the command line stand for its options, and lie where the system says."""

import sys
from pathlib import Path

import click
import pytest

from quetsach.cli.main import cli
from quetsach.configuration.cli_settings import (
    CLI_SETTINGS,
    OPTIONS,
    chosen_files,
    usual_files,
)
from quetsach.configuration.setting import SettingKind

HOME = Path("/home/lan")


def test_each_setting_is_an_option_of_a_sweep_with_as_many_values() -> None:
    sweep = cli.get_command(click.Context(cli), "sweep")
    assert sweep is not None
    options = {option.name: option for option in sweep.params}
    for setting in CLI_SETTINGS:
        if setting.key in OPTIONS - {"memory_mib"}:
            is_list = setting.kind in (SettingKind.LIST, SettingKind.PATHS)
            assert options[setting.key].multiple is is_list, setting.key


def test_each_setting_has_a_variable_of_its_name() -> None:
    for setting in CLI_SETTINGS:
        assert setting.variable == f"QUETSACH_{setting.key.upper()}"


def test_files_lie_where_xdg_says() -> None:
    assert usual_files({}, HOME) == [
        HOME / ".config/quetsach/config.toml",
        Path("/etc/xdg/quetsach/config.toml"),
    ]
    told = {"XDG_CONFIG_HOME": "/a", "XDG_CONFIG_DIRS": "/b:relative:/c"}
    assert [str(path.parents[1]) for path in usual_files(told, HOME)] == ["/a", "/b", "/c"]
    assert usual_files({"XDG_CONFIG_HOME": "relative"}, HOME)[0].is_relative_to(HOME)


def test_on_windows_they_lie_in_the_folders_of_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    told = {"APPDATA": r"C:\Users\lan\AppData\Roaming", "PROGRAMDATA": "nowhere"}
    (path,) = usual_files(told, HOME)
    assert str(path).startswith(r"C:\Users\lan\AppData\Roaming")


def test_a_place_that_may_not_be_looked_into_has_no_file(tmp_path: Path) -> None:
    # The system refuses to look for such a name, as it does in the home of another user.
    refused = tmp_path / ("x" * 300) / "config.toml"
    with pytest.raises(OSError, match="too long"):
        refused.stat()
    there = tmp_path / "config.toml"
    there.write_text("")
    assert chosen_files("QUETSACH_CONFIG", [refused, there], {}) == [there]


def test_a_named_file_is_the_only_one_and_an_empty_name_is_none(tmp_path: Path) -> None:
    usual = tmp_path / "usual.toml"
    assert chosen_files("V", (usual,), {}) == []
    usual.touch()
    assert chosen_files("V", (usual,), {}) == [usual]
    assert chosen_files("V", (usual,), {"V": "/other"}) == [Path("/other")]
    assert chosen_files("V", (usual,), {"V": ""}) == []
    assert chosen_files("V", (usual,), {"V": ""}, "/named") == [Path("/named")]
