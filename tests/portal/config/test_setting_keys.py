"""The portal's settings from a file: every variable has a key, and a trial reads no real one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from quetsach.api.configuration import SettingKind
from quetsach.api.problems import QuetsachError
from quetsach_portal.config import setting_keys
from quetsach_portal.config.environment import VARIABLES, read_environment
from quetsach_portal.config.setting_keys import (
    FILE_VARIABLE,
    KEYS,
    portal_files,
    portal_settings,
    portal_values,
    public_settings,
    variables_of_file,
)
from quetsach_portal.web.scratch_homes import environment_of
from quetsach_public.settings import KEYS as PUBLIC_KEYS
from quetsach_public.settings import VARIABLES as PUBLIC_VARIABLES


def test_every_variable_has_a_key_of_its_own() -> None:
    assert sorted(KEYS) == sorted(name for name, _usual, _what in VARIABLES)
    assert sorted(PUBLIC_KEYS) == sorted(name for name, _usual, _what in PUBLIC_VARIABLES)
    for settings in (portal_settings(), public_settings()):
        keys = [setting.key for setting in settings]
        assert len(set(keys)) == len(keys)


def test_what_looks_secret_is_hidden() -> None:
    for setting in portal_settings():
        words = ("password", "secret", "token", "database_url")
        assert setting.is_secret is any(word in setting.key for word in words), setting.key


def test_a_file_says_the_same_as_variables(tmp_path: Path) -> None:
    path = tmp_path / "portal.toml"
    path.write_text(
        'home = "h"\nurl = "https://a.example"\nhosts = ["a.example", "b.example"]\n'
        'second_factor = false\n[smtp]\nport = 26\ntls = "tls"\n'
        '[backups]\nfolder = "/b"\nkept = 3\n'
    )
    told = variables_of_file({FILE_VARIABLE: str(path)})
    found = read_environment(told)
    assert (found.home, found.smtp_port, found.smtp_tls) == (tmp_path / "h", 26, "tls")
    assert (found.hosts, found.second_factor) == (("a.example", "b.example"), False)
    assert (found.backups, found.backups_kept) == (Path("/b"), 3)
    assert found.https


@pytest.mark.parametrize("setting", portal_settings(), ids=lambda setting: setting.key)
def test_each_key_reaches_its_variable(setting, tmp_path: Path) -> None:
    by_kind = {
        SettingKind.TEXT: '"tls"' if setting.choices else '"x"',
        SettingKind.NUMBER: "7",
        SettingKind.SWITCH: "true",
        SettingKind.LIST: '["a", "b"]',
        SettingKind.PATH: '"/x"',
    }
    path = tmp_path / "portal.toml"
    path.write_text(f"{setting.key} = {by_kind[setting.kind]}\n")
    (told,) = variables_of_file({FILE_VARIABLE: str(path)}).items()
    assert told[0] == setting.variable
    assert told[1] in ("x", "tls", "7", "1", "on", "a,b", "/x")


def test_an_unknown_key_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "portal.toml"
    path.write_text('home = "/x"\n[smtp]\nhots = "a"\n')
    with pytest.raises(QuetsachError) as caught:
        variables_of_file({FILE_VARIABLE: str(path)})
    assert (caught.value.problem.code, caught.value.problem.where) == ("E621", f"{path}:3")


def test_a_trial_with_a_home_of_its_own_does_not_write_into_the_real_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "portal.toml"
    path.write_text(f'home = "{tmp_path}/real"\ndatabase_url = "postgresql://a@b/c"\n')
    monkeypatch.setattr(setting_keys, "FILE", path)
    assert portal_files({}) == [path]
    assert set(portal_values({})) == {"home", "database_url"}
    assert set(portal_values({"QUETSACH_HOME": f"{tmp_path}/real"})) == {"home", "database_url"}
    assert portal_values({"QUETSACH_HOME": f"{tmp_path}/trial"}) == {}
    named = {"QUETSACH_HOME": f"{tmp_path}/trial", FILE_VARIABLE: str(path)}
    assert set(portal_values(named)) == {"home", "database_url"}


def test_a_rehearsal_reads_no_file(tmp_path: Path) -> None:
    assert environment_of(tmp_path)[FILE_VARIABLE] == ""
    assert variables_of_file(environment_of(tmp_path)) == {}


def test_a_portal_takes_the_file_and_a_variable_goes_before_it(tmp_path: Path) -> None:
    path = tmp_path / "portal.toml"
    path.write_text(f'home = "{tmp_path}/h"\nurl = "https://a.example"\n[smtp]\nport = 26\n')
    code = (
        "from quetsach_portal.config import settings as s; import os;"
        "print(s.QUETSACH.home, s.QUETSACH.public_url, s.QUETSACH.smtp_port,"
        "os.environ['QUETSACH_HOME'])"
    )
    kept = {
        name: text
        for name, text in os.environ.items()
        if not name.startswith(("QUETSACH_", "DATABASE_"))
    }
    told = {**kept, FILE_VARIABLE: str(path), "QUETSACH_SMTP_PORT": "99"}
    run = subprocess.run([sys.executable, "-c", code], env=told, capture_output=True, text=True)
    assert run.stdout.split() == [f"{tmp_path}/h", "https://a.example", "99", f"{tmp_path}/h"]
