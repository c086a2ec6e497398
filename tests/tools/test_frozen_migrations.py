"""A migration that landed never changes, and its row in the lock stays."""

import subprocess
from pathlib import Path

import pytest

from tools.frozen_migrations import LOCK, ROOT, digests, flaws, main, read_lock, rows_taken_out

FIRST = "src/quetsach_portal/units/migrations/0001_initial.py"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / FIRST).parent.mkdir(parents=True)
    (tmp_path / FIRST).write_text("# one\n")
    return tmp_path


def lock_text(root: Path) -> str:
    return "".join(f"{digest}  {path}\n" for path, digest in digests(root).items())


def test_the_migrations_of_this_tree_are_as_they_landed() -> None:
    assert main(["--check"]) == 0
    assert read_lock((ROOT / LOCK).read_text()) == digests(ROOT)


def test_a_changed_a_lost_and_a_new_migration_are_named(tree: Path) -> None:
    locked = read_lock(lock_text(tree))
    assert list(flaws(locked, digests(tree))) == []
    (tree / FIRST).write_text("# two\n")
    assert "was changed" in "".join(flaws(locked, digests(tree)))
    (tree / FIRST).rename(tree / FIRST.replace("0001", "0002"))
    sentences = list(flaws(locked, digests(tree)))
    assert "is gone" in sentences[0]
    assert "is not in" in sentences[1]


def test_a_row_that_a_commit_took_out_is_found(tree: Path) -> None:
    def git(*words: str) -> None:
        who = ["-c", "user.name=x", "-c", "user.email=x@quetsach.example"]
        subprocess.run(["git", *who, *words], cwd=tree, check=True, capture_output=True)

    git("init", "-q")
    (tree / LOCK).parent.mkdir()
    (tree / LOCK).write_text(lock_text(tree))
    git("add", "-A")
    git("commit", "-qm", "one")
    assert rows_taken_out(tree) == []
    row = (tree / LOCK).read_text()
    (tree / FIRST).write_text("# two\n")
    (tree / LOCK).write_text(lock_text(tree))
    git("commit", "-qam", "two")
    assert rows_taken_out(tree) == [row.strip()]
