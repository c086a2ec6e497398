"""What is read in third parties' messages: the figures of the scoreboard may only rise."""

import sys
from pathlib import Path

import pytest

from tools.scoreboard.board import (
    FILE,
    Board,
    Mixed,
    by_product,
    digest_of_inputs,
    read_board,
    read_table,
    shares,
    total,
)
from tools.scoreboard.definitional import read_definitional
from tools.scoreboard.pairs import Pair
from tools.scoreboard.readers.registry import read_pairs

pytestmark = pytest.mark.real

# Fields right at least and wrong at most, of the pairs of each source: better figures are put
# here, worse ones never.
FLOORS = {
    "sekoia": (1667, 1),
    "crowdsec": (331, 0),
    "wazuh": (210, 0),
    "ntc": (836, 0),
    "jc": (81, 0),
    "netflow": (136, 0),
    "suricata-verify": (45, 0),
    "arkime": (355, 0),
    "ndpi": (718, 0),
}
MIXED_FLOORS = {"product": (1742, 7), "central": (1722, 3)}
HARM = 0
"""The target, and what is still above it."""
HARM_LEFT = 0
DEFINITIONAL_SHARE = 0.03


@pytest.fixture(scope="module")
def pairs(data: Path) -> list[Pair]:
    """Return all pairs of the data set."""
    return read_pairs(data)


@pytest.fixture(scope="module")
def board(pairs: list[Pair]) -> Board:
    """Return the board, each message in a file of its own."""
    return read_board(pairs, read_definitional())


@pytest.mark.parametrize("source", FLOORS)
def test_the_figures_of_a_source_never_fall(board: Board, source: str) -> None:
    summed = total(board.figures(), f"{source}/")
    sys.stdout.write(f"{source}: {shares(summed)}\n")
    least, most = FLOORS[source]
    assert summed.right >= least
    assert summed.wrong <= most


def test_every_source_of_pairs_has_a_floor(board: Board) -> None:
    assert {one.pair.source for one in board.judged} == FLOORS.keys()


@pytest.mark.parametrize("mixed", ["product", "central"])
def test_messages_that_stand_mixed_in_one_file_are_read_too(
    pairs: list[Pair], mixed: Mixed
) -> None:
    lines = [one for one in pairs if one.source in {"sekoia", "crowdsec"}]
    figures = read_board(lines, read_definitional(), mixed).figures()
    summed = total(figures)
    sys.stdout.write(f"{mixed}: {shares(summed)}\n")
    least, most = MIXED_FLOORS[mixed]
    assert summed.right >= least
    assert summed.wrong <= most


def test_nobody_is_accused(board: Board) -> None:
    harms = [(one.pair.name, one.pair.test, one.field, one.harm) for one in board.harms()]
    assert len(harms) <= HARM + HARM_LEFT, harms


def test_differences_of_definition_are_few_and_each_still_holds(board: Board) -> None:
    """An entry whose values are no longer these is struck from the table."""
    summed = total(board.figures())
    assert summed.definitional <= DEFINITIONAL_SHARE * summed.all
    assert summed.definitional == len(board.definitional.reasons)
    assert all(len(reason) > 20 for reason in board.definitional.reasons.values())


def test_the_committed_table_is_of_these_inputs_and_claims_no_more_than_is_true(
    pairs: list[Pair], board: Board
) -> None:
    """It may lag behind: `python -m tools.scoreboard --write`, then `make docs`."""
    text = FILE.read_text(encoding="utf-8")
    assert f"# sha256 of inputs: {digest_of_inputs(pairs)}\n" in text
    now = dict(by_product(board.figures()))
    for product, told in by_product(read_table(text)):
        assert told.right <= now[product].right, product
        assert told.wrong >= now[product].wrong, product
