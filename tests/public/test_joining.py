"""Presses of one address count within bounds; who sends more is thanked and not counted."""

from datetime import datetime
from pathlib import Path
from unittest.mock import Mock

import pytest

from quetsach_public.counts import PublicCounters
from quetsach_public.joining import IN_ALL, OF_A_CODE, WITHOUT_CODE, JoinResponder
from quetsach_public.lookups import CodeLookups
from quetsach_public.settings import VIETNAM

NOW = datetime(2026, 11, 27, 9, tzinfo=VIETNAM)


@pytest.fixture
def counts(tmp_path: Path) -> PublicCounters:
    return PublicCounters(tmp_path, tmp_path / "journals")


def form(counts: PublicCounters) -> JoinResponder:
    return JoinResponder(counts, Mock(take=Mock(return_value=True)), CodeLookups(Path("no file")))


def press(pressing: JoinResponder, many: int, code: str, caller: int, act: str = "joined") -> None:
    for number in range(many):
        body = f"viec={act}&ve=x&ma={code.format(number)}"
        assert pressing.take({}, "", body, NOW, caller).status.startswith("303")


@pytest.mark.parametrize(("code", "most"), [("poster", OF_A_CODE), ("", WITHOUT_CODE)])
def test_R6_one_address_counts_so_often_for_a_code_and_another_beside_it(
    counts: PublicCounters, code: str, most: int
) -> None:
    pressing = form(counts)
    press(pressing, most + 50, code, caller=7)
    assert counts.dropped in (49, 50)
    press(pressing, 5, code, caller=8)
    press(pressing, 5, code, caller=7, act="scanned")
    press(pressing, 5, "another", caller=7)
    assert counts.dropped in (49, 50)


def test_R6_made_up_codes_of_one_address_are_bounded_together(counts: PublicCounters) -> None:
    press(form(counts), IN_ALL + 200, "x{}", caller=7)
    assert 150 < counts.dropped <= 200
