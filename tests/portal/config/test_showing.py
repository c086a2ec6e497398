"""What `quetsach config ... --portal` prints, without starting a portal or making its home."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from quetsach_portal.config.setting_keys import FILE_VARIABLE
from quetsach_portal.config.showing import show
from quetsach_public.settings_file import FILE_VARIABLE as PUBLIC_FILE_VARIABLE


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    portal, public = tmp_path / "portal.toml", tmp_path / "public.toml"
    portal.write_text(f'home = "{tmp_path}/h"\ndatabase_url = "postgresql://a:geheim@b/c"\n')
    portal.chmod(0o600)
    public.write_text("workers = 4\n")
    monkeypatch.setenv(FILE_VARIABLE, str(portal))
    monkeypatch.setenv(PUBLIC_FILE_VARIABLE, str(public))
    monkeypatch.setenv("LANGUAGE", "en")
    for name in ("QUETSACH_HOME", "DATABASE_URL", "QUETSACH_PUBLIC_WORKERS"):
        monkeypatch.delenv(name, raising=False)
    return portal, public


def test_values_of_both_have_their_places_and_secrets_are_hidden(files: tuple[Path, Path]) -> None:
    portal, public = files
    code, text = show(["show"])
    assert code == 0
    assert f"database_url = set, and hidden here  ({portal}:2)" in text
    assert f"workers = 4  ({public}:1)" in text
    assert "geheim" not in text
    shown = json.loads(show(["show", "--json"])[1])
    assert "geheim" not in json.dumps(shown)
    assert {row["key"] for row in shown} >= {"smtp.host", "proxies"}


def test_what_is_wrong_with_either_is_listed(files: tuple[Path, Path]) -> None:
    portal, public = files
    assert show(["check"]) == (0, "")
    portal.chmod(0o644)
    public.write_text("worker = 4\n")
    code, text = show(["check"])
    assert (code, [line[:4] for line in text.splitlines()]) == (2, ["E623", "E621"])
    assert f"{public}:1" in text
    assert [row["code"] for row in json.loads(show(["check", "--json"])[1])] == ["E623", "E621"]
    assert show(["show"])[0] == 2


def test_the_files_are_named(files: tuple[Path, Path]) -> None:
    assert show(["path"])[1].splitlines() == [f"{path}  (+)" for path in files]


def test_the_command_makes_no_home_and_a_wrong_file_is_no_crash(files: tuple[Path, Path]) -> None:
    portal, _public = files
    words = [sys.executable, "-m", "quetsach_portal.manage"]
    run = subprocess.run([*words, "settings", "show"], capture_output=True, text=True)
    assert run.returncode == 0
    assert not (portal.parent / "h").exists()
    portal.write_text("hom = 1\n")
    run = subprocess.run(
        [*words, "migrate"], capture_output=True, text=True, env={**os.environ, "LANGUAGE": "en"}
    )
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith(f"E621 {portal}:1: there is no setting hom; did you mean home?")
