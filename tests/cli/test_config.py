"""`quetsach config`, and how a file of settings changes what commands do."""

import json
from pathlib import Path

import pytest

from tests.cli.running import environment, quetsach, quetsach_here
from tests.sweeping.evidence import HEADER, conn, write


@pytest.fixture
def office(tmp_path: Path) -> Path:
    write(tmp_path / "conn.log", HEADER + conn(1, "10.0.0.5", "203.0.113.77"))
    write(tmp_path / "list.txt", "203.0.113.77\n")
    write(tmp_path / "own.txt", "203.0.113.77\n")
    return tmp_path


def test_show_says_what_holds_and_where_it_came_from(office: Path) -> None:
    path = write(office / "c.toml", 'lang = "en"\n\nworkers = 3\n')
    run = quetsach_here("--config", path, "config", "show", "--json")
    shown = {row["key"]: row for row in json.loads(run.stdout)}
    assert run.returncode == 0
    assert (shown["workers"]["value"], shown["workers"]["from"]) == (3, f"{path}:3")
    assert (shown["zone"]["value"], shown["zone"]["from"]) == (None, "default")
    text = quetsach_here("--config", path, "config", "show").stdout.decode()
    assert f"workers = 3  ({path}:3)" in text


def test_check_lists_all_that_is_wrong(office: Path) -> None:
    path = write(office / "c.toml", "worker = 3\nlang = 'fr'\n")
    run = quetsach_here("--config", path, "config", "check")
    assert run.returncode == 2
    first, second = run.stderr.decode().splitlines()
    assert first.startswith(f"E621 {path}:1: there is no setting worker; did you mean workers? C")
    assert second.startswith(f'E622 {path}:2: lang has a wrong value; right is: "vi", "en".')
    listed = json.loads(quetsach_here("--config", path, "config", "check", "--json").stdout)
    assert [row["code"] for row in listed] == ["E621", "E622"]
    write(path, "workers = 3\n")
    assert quetsach_here("--config", path, "config", "check").returncode == 0


def test_path_says_which_files_are_looked_for(office: Path) -> None:
    told = environment(XDG_CONFIG_HOME=str(office), XDG_CONFIG_DIRS="/nowhere")
    told.pop("QUETSACH_CONFIG", None)
    write(office / "quetsach/config.toml", "workers = 1\n")
    shown = quetsach("config", "path", env=told).stdout.decode().splitlines()
    assert shown == [
        f"{office}/quetsach/config.toml  (+)",
        "/nowhere/quetsach/config.toml  (-)",
    ]


def test_a_wrong_file_ends_a_command_before_it_writes_anything(office: Path) -> None:
    path = write(office / "c.toml", "worker = 3\n")
    words = ("sweep", office / "conn.log", "-i", office / "list.txt", "-o", office / "out")
    run = quetsach_here("--config", path, *words)
    assert (run.returncode, run.stdout) == (2, b"")
    assert run.stderr.startswith(b"E621 ")
    assert not (office / "out").exists()
    assert quetsach_here("--config", path, "sweep", "--help").returncode == 0
    missing = quetsach_here("--config", office / "none.toml", *words)
    assert (missing.returncode, missing.stderr[:4]) == (2, b"E620")


def test_a_setting_is_an_option_that_was_typed_and_an_option_goes_before_it(office: Path) -> None:
    path = write(office / "sub/c.toml", 'allow = ["../own.txt"]\nzone = "UTC"\nworkers = 1\n')
    words = ("sweep", office / "conn.log", "-i", office / "list.txt", "--json")
    typed = quetsach_here(*words, "--allow", office / "own.txt", "-o", office / "a")
    set_there = quetsach_here("--config", path, *words, "-o", office / "b")
    plain = quetsach_here(*words, "-o", office / "c")
    devices = [json.loads(run.stdout)["devices"] for run in (typed, set_there, plain)]
    assert devices[0] == devices[1] == []
    assert len(devices[2]) == 1
    other = write(office / "other.txt", "192.0.2.1\n")
    again = quetsach_here("--config", path, *words, "--allow", other, "-o", office / "d")
    assert len(json.loads(again.stdout)["devices"]) == 1


def test_the_language_of_the_file_goes_before_the_systems(office: Path) -> None:
    path = write(office / "c.toml", 'lang = "vi"\n')
    words = ("--config", str(path), "formats")
    assert "Nhật ký" in quetsach(*words).stdout.decode()
    assert "Nhật ký" not in quetsach("--lang", "en", *words).stdout.decode().replace(
        "Nhật ký Z", ""
    )
    told = environment(QUETSACH_LANG="en", QUETSACH_CONFIG=str(path))
    assert b"Settings from files" in quetsach("--help", env=told).stdout


def test_a_file_that_others_could_change_ends_every_command(office: Path) -> None:
    path = write(office / "c.toml", "pager = \"sh -c 'touch taken'\"\n")
    path.chmod(0o666)
    for words in (("formats",), ("sweep", office / "conn.log", "-i", office / "list.txt")):
        run = quetsach_here("--config", path, *words, cwd=office)
        assert (run.returncode, run.stdout, run.stderr[:4]) == (2, b"", b"E625"), words
    assert quetsach_here("--config", path, "config", "show").returncode == 2
    assert quetsach_here("--config", path, "config", "check").stderr.startswith(b"E625 ")
    assert quetsach_here("--config", path, "formats", "--help").returncode == 0
