"""`quetsach indicators compile`: one file that stands for its lists."""

import json
from pathlib import Path

import pytest

from tests.cli.running import environment, quetsach, quetsach_here
from tests.sweeping.evidence import HEADER, conn, write

LIST = "bad.example # seen\n203.0.113.9\n10.0.0.1\n"


def test_a_sweep_with_the_compiled_list_finds_what_it_finds_with_the_list(tmp_path: Path) -> None:
    log = write(tmp_path / "conn.log", HEADER + conn(1, "10.0.0.5", "203.0.113.9"))
    listed, file = write(tmp_path / "list.txt", LIST), tmp_path / "all.qslist"
    run = quetsach_here("indicators", "compile", listed, "-o", file, "--json")
    assert run.returncode == 3
    told = json.loads(run.stdout)
    assert (told["indicators"], told["refused"], told["path"]) == (2, 1, str(file))
    answers, manifests = [], []
    for number, source in enumerate((listed, file)):
        out = tmp_path / str(number)
        swept = quetsach_here("sweep", log, "-i", source, "-o", out, "--json", "--no-cache")
        assert swept.returncode == 1
        answers.append((out / "devices.json").read_bytes() + (out / "report.html").read_bytes())
        manifests.append(json.loads((out / "manifest.json").read_text()))
        assert json.loads(swept.stdout)["list_cache"] == "none"
    assert answers[0] == answers[1]
    (compiled,) = manifests[1].pop("compiled_lists")
    assert compiled["name"] == "all.qslist"
    assert manifests[0] == manifests[1]


def test_great_lists_are_kept_in_the_cache_of_the_user(tmp_path: Path) -> None:
    log = write(tmp_path / "conn.log", HEADER + conn(1, "10.0.0.5", "203.0.113.9"))
    names = "".join(f"n{number}.example\n" for number in range(20_000))
    listed = write(tmp_path / "list.txt", names + LIST)
    home = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    uses, found = [], []
    for number in range(2):
        out = tmp_path / str(number)
        run = quetsach("sweep", log, "-i", listed, "-o", out, "--json", env=environment(**home))
        uses.append(json.loads(run.stdout)["list_cache"])
        found.append([(out / name).read_bytes() for name in ("manifest.json", "devices.json")])
    assert uses == ["stored", "mapped"]
    assert found[0] == found[1]


@pytest.mark.parametrize("damage", ["cut", "foreign"])
def test_what_is_no_sound_compiled_list_is_refused_with_what_to_do(
    tmp_path: Path, damage: str
) -> None:
    listed, file = write(tmp_path / "list.txt", LIST), tmp_path / "all.qslist"
    quetsach_here("indicators", "compile", listed, "-o", file)
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] if damage == "cut" else whole[:6] + b"\0\x07" + whole[8:])
    run = quetsach_here("sweep", listed, "-i", file, "-o", tmp_path / "out")
    assert run.returncode == 2
    told = run.stderr.decode()
    assert ("E271" if damage == "cut" else "E272") in told
    assert "quetsach indicators compile" in told


def test_nothing_is_written_where_nothing_is_left_or_nothing_can_be_written(tmp_path: Path) -> None:
    empty = write(tmp_path / "list.txt", "10.0.0.1\n")
    run = quetsach_here("indicators", "compile", empty, "-o", tmp_path / "x")
    assert (run.returncode, b"E201" in run.stderr) == (2, True)
    listed = write(tmp_path / "list.txt", LIST)
    run = quetsach_here("indicators", "compile", listed, "-o", tmp_path / "none" / "x")
    assert (run.returncode, b"E274" in run.stderr) == (2, True)
    assert not (tmp_path / "x").exists()
