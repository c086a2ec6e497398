"""The flaws of an inventory in words, and counted."""

from pathlib import Path

from quetsach.inventory.model import FLAW_WORDS, InventoryFlaw
from tests.inventory.tables import table


def test_every_flaw_has_its_words() -> None:
    assert set(FLAW_WORDS) == set(InventoryFlaw)


def test_flaws_are_counted_in_one_problem(tmp_path: Path) -> None:
    inventory = table(tmp_path, ["host_name", "mac"], ["PC-1", "xx"], ["PC-2", "yy"])
    problem = inventory.problem("kiem-ke.csv")
    assert problem is not None
    assert (problem.code, problem.facts) == ("E266", {"count": 2})
