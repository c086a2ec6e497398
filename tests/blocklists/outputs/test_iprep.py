"""IP reputation of Suricata: a score of 2 to 127, the category of the list, one rule."""

import pytest

from quetsach.blocklists.contract import Mode
from quetsach.indicators.model import Claim
from tests.blocklists.making import indicators, make


@pytest.mark.parametrize(
    ("confidence", "score"), [(None, 100), (0, 2), (1, 2), (2, 2), (80, 80), (100, 100)]
)
def test_the_score_is_what_the_list_is_sure_of(confidence: int | None, score: int) -> None:
    made = make("suricata-iprep", indicators("203.0.113.9", claim=Claim(confidence=confidence)))
    assert f"203.0.113.9,1,{score}" in made.files["quetsach.list"].splitlines()


@pytest.mark.parametrize(("mode", "action"), [(Mode.WATCH, "alert"), (Mode.BLOCK, "drop")])
def test_the_rule_asks_for_the_category_of_the_list(mode: Mode, action: str) -> None:
    made = make("suricata-iprep", indicators("203.0.113.9"), mode, name="so-khcn")
    assert made.files["so-khcn-categories.txt"] == "1,so_khcn,quetsach so-khcn\n"
    rule = made.files["so-khcn-iprep.rules"].splitlines()[-1]
    assert rule.startswith(f"{action} ip $HOME_NET any -> any any (")
    assert "iprep:dst,so_khcn,>,1;" in rule
