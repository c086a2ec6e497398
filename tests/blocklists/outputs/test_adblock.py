"""Adblock lists: a name with all below it in ||...^, a name by itself alone bare."""

from quetsach.blocklists.contract import Mode
from tests.blocklists.making import EXACT, indicators, make


def test_a_name_is_marked_by_what_its_rule_covers() -> None:
    made = make("adblock", indicators("bad.example", exact=(EXACT,)), Mode.BLOCK)
    lines = made.files["quetsach-adblock.txt"].splitlines()
    assert {"||bad.example^", EXACT} <= set(lines)
    assert all(line.startswith(("!", "||")) or line == EXACT for line in lines)


def test_undoing_leaves_a_comment_alone() -> None:
    made = make("adblock", indicators("bad.example"), Mode.BLOCK)
    (line,) = made.undo["quetsach-adblock.txt"].splitlines()
    assert line == f"! quetsach: emptied on purpose to undo {made.about.list_id}"
