"""Adblock lists: a name with all below it in ||...^, a name by itself alone bare."""

from quetsach.blocklists.contract import Mode
from tests.blocklists.making import EXACT, indicators, make


def test_a_name_is_marked_by_what_its_rule_covers() -> None:
    made = make("adblock", indicators("bad.example", exact=(EXACT,)), Mode.BLOCK)
    lines = made.files["quetsach-adblock.txt"].splitlines()
    assert {"||bad.example^", EXACT} <= set(lines)
    # The name planted to prove the file is blocked by itself alone.
    bare = {line for line in lines if not line.startswith(("!", "||"))}
    assert bare == {EXACT, made.about.test_name}


def test_undoing_leaves_a_comment_alone() -> None:
    made = make("adblock", indicators("bad.example"), Mode.BLOCK)
    (line,) = made.undo["quetsach-adblock.txt"].splitlines()
    assert line == f"! quetsach: emptied on purpose to undo {made.about.list_id}"
