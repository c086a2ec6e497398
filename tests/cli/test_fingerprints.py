"""`quetsach fingerprints`: keys are deleted by month, fingerprints by day."""

from pathlib import Path

from quetsach.fingerprints.month_secrets import SecretFolder
from tests.cli.running import quetsach_here


def test_the_key_of_a_month_is_deleted_and_named(tmp_path: Path) -> None:
    for unit in ("a", "b"):
        SecretFolder(tmp_path).secret_or_new(unit, "2022-09")
    run = quetsach_here("fingerprints", "forget", "2022-09", "--keys", tmp_path, "--unit", "a")
    assert run.returncode == 0
    assert "a~2022-09.key" in run.stdout.decode()
    assert [path.name for path in tmp_path.iterdir()] == ["b~2022-09.key"]
    assert quetsach_here("fingerprints", "forget", "nine", "--keys", tmp_path).returncode == 2


def test_days_are_removed_and_counted(tmp_path: Path) -> None:
    run = quetsach_here("fingerprints", "remove", tmp_path, "--before", "2022-09-12")
    assert (run.returncode, run.stdout.decode().split()[0]) == (0, "0")
    none = quetsach_here("fingerprints", "remove", tmp_path / "none", "--before", "2022-09-12")
    assert none.returncode == 2
