"""`quetsach indicators would-hit`: what would have been met, and what cannot be told."""

import json
from pathlib import Path

import pytest

from quetsach.api import fingerprints, sweeps
from tests.cli.running import quetsach_here
from tests.sweeping.evidence import HEADER, conn, write


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp_path = tmp_path_factory.mktemp("kept")
    lists = write(tmp_path / "list.txt", "203.0.113.77\n")
    log = write(tmp_path / "conn.log", HEADER + conn(1, "10.0.0.5", "203.0.113.78"))
    request = sweeps.sweep_request(evidence=[str(log)], lists=[lists], out=tmp_path / "findings")
    sweeps.sweep(
        fingerprints.with_fingerprints(request, tmp_path / "prints", tmp_path / "keys", "xã A")
    )
    return tmp_path


def _asked(kept: Path, listed: str, *more: str) -> tuple[int, str]:
    lists = write(kept / "later.txt", listed)
    where = ("--fingerprints", kept / "prints", "--keys", kept / "keys")
    run = quetsach_here("indicators", "would-hit", lists, *where, *more)
    return run.returncode, run.stdout.decode()


def test_a_day_that_would_hit(kept: Path) -> None:
    code, told = _asked(kept, "203.0.113.78\n")
    assert code == 1
    assert "1 of 1 unit-days would hit (by chance: 3.6e-14)." in " ".join(told.split())
    assert "xã A, 12/09/2022: 203.0.113.78" in told
    assert json.loads(_asked(kept, "203.0.113.78\n", "--json")[1])["by_chance"] < 1e-13


def test_nothing_and_what_cannot_be_told(kept: Path) -> None:
    assert _asked(kept, "203.0.113.79\n")[0] == 0
    code, told = _asked(kept, "203.0.113.79\n" + "0" * 63 + "1\n")
    assert (code, "1 indicators cannot be asked" in told) == (3, True)


def test_refused_rows_are_told_and_no_day_at_all_is_no_answer(kept: Path, tmp_path: Path) -> None:
    code, told = _asked(kept, "203.0.113.79\n10.0.0.7\n")
    assert (code, "1 rows of the lists were refused" in told) == (0, True)
    assert json.loads(_asked(kept, "203.0.113.79\n10.0.0.7\n", "--json")[1])["rows_refused"] == 1
    (tmp_path / "prints").mkdir()
    (tmp_path / "keys").mkdir()
    where = ("--fingerprints", tmp_path / "prints", "--keys", tmp_path / "keys")
    lists = write(tmp_path / "later.txt", "203.0.113.79\n")
    assert quetsach_here("indicators", "would-hit", lists, *where).returncode == 3


def test_a_contact_of_which_only_a_part_is_known(kept: Path) -> None:
    code, told = _asked(kept, "203.0.113.78:8080\n")
    assert code == 1
    assert "0 of 1 unit-days would hit" in told
    assert "xã A, 12/09/2022: 203.0.113.78:8080" in told
