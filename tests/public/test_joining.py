"""Presses of one address count within bounds; who sends more is thanked and not counted."""

from datetime import datetime
from pathlib import Path
from unittest.mock import Mock

import pytest

from quetsach_public.clock import VIETNAM
from quetsach_public.counts import Counts
from quetsach_public.joining import IN_ALL, OF_A_CODE, WITHOUT_CODE, Joining
from quetsach_public.lookups import Lookups

NOW = datetime(2026, 11, 27, 9, tzinfo=VIETNAM)


@pytest.fixture
def counts(tmp_path: Path) -> Counts:
    return Counts(tmp_path, tmp_path / "journals")


def form(counts: Counts) -> Joining:
    return Joining(counts, Mock(take=Mock(return_value=True)), Lookups(Path("no file")))


def press(pressing: Joining, many: int, code: str, caller: int, act: str = "joined") -> None:
    for number in range(many):
        body = f"viec={act}&ve=x&ma={code.format(number)}"
        assert pressing.take({}, "", body, NOW, caller).status.startswith("303")


@pytest.mark.parametrize(("code", "most"), [("poster", OF_A_CODE), ("", WITHOUT_CODE)])
def test_R6_one_address_counts_so_often_for_a_code_and_another_beside_it(
    counts: Counts, code: str, most: int
) -> None:
    pressing = form(counts)
    press(pressing, most + 50, code, caller=7)
    assert counts.dropped in (49, 50)
    press(pressing, 5, code, caller=8)
    press(pressing, 5, code, caller=7, act="scanned")
    press(pressing, 5, "another", caller=7)
    assert counts.dropped in (49, 50)


def test_R6_made_up_codes_of_one_address_are_bounded_together(counts: Counts) -> None:
    press(form(counts), IN_ALL + 200, "x{}", caller=7)
    assert 150 < counts.dropped <= 200
