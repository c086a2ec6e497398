"""`quetsach indicators diff`: lists, releases and versions of a store, held against each other."""

import json
from pathlib import Path

from tests.cli.conftest import HOSTILE
from tests.cli.running import quetsach_here
from tests.sweeping.evidence import write


def test_two_lists_are_compared_with_rows_and_sources(tmp_path: Path) -> None:
    old = write(tmp_path / "old.txt", "a.example\nb.example\n")
    new = write(tmp_path / "new.txt", "b.example\nc.example\n")
    run = quetsach_here("indicators", "diff", old, new)
    assert (run.returncode, run.stderr) == (1, b"")
    shown = run.stdout.decode()
    assert "2 before, 2 after" in shown
    assert "added: 1\n  c.example (new.txt, row 2)" in shown
    assert "no longer there: 1\n  a.example (old.txt, row 1)" in shown
    assert "old.txt: 2 -> 0" in shown
    assert quetsach_here("indicators", "diff", old, old).returncode == 0


def test_versions_of_a_store_are_compared_by_their_digest(tmp_path: Path) -> None:
    listed, store = tmp_path / "l.txt", tmp_path / "store"
    digests = []
    for rows in ("a.example\nb.example\n", "a.example\nc.example\n"):
        write(listed, rows)
        run = quetsach_here(
            "indicators", "release", listed, "--store", store, "--accept-shrunken", "x", "--json"
        )
        digests.append(json.loads(run.stdout)["digest"])
    run = quetsach_here("indicators", "diff", f"{store}@{digests[0][:8]}", store, "--json")
    answer = json.loads(run.stdout)
    assert answer["counts"] == {"added": 1, "withdrawn": 1}
    assert [(one["change"], one["key"]) for one in answer["changes"]] == [
        ("added", "c.example"),
        ("withdrawn", "b.example"),
    ]
    assert answer["sources"] == {"l.txt": [2, 2]}


def test_a_long_diff_shows_its_first_rows_and_counts_the_rest(tmp_path: Path) -> None:
    old = write(tmp_path / "old.txt", "z.example\n")
    new = write(tmp_path / "new.txt", "".join(f"n{one:02}.example\n" for one in range(30)))
    shown = quetsach_here("indicators", "diff", old, new).stdout.decode()
    assert shown.count(".example (new.txt") == 10
    assert "20 more; --json prints all" in shown


def test_what_is_no_release_is_an_error_with_its_code(tmp_path: Path, listed: Path) -> None:
    run = quetsach_here("indicators", "diff", f"{tmp_path}@abc", listed)
    assert run.returncode == 2
    assert "E224" in run.stderr.decode()


def test_a_hostile_name_does_not_drive_the_terminal(tmp_path: Path, listed: Path) -> None:
    folder = tmp_path / "lists"
    write(folder / f"x{HOSTILE}.txt", "bad.example\n")
    shown = quetsach_here("indicators", "diff", listed, folder).stdout.decode()
    assert "bad.example" in shown
    assert all(sign.isprintable() or sign == "\n" for sign in shown)
