"""The plain list: one indicator a line, read back key by key."""

from pathlib import Path

import pytest

from quetsach.indicators.model import (
    Claim,
    Indicator,
    IndicatorKind,
    MatchRule,
)
from tests.blocklists.exchanged import read_back
from tests.blocklists.making import AT_US, indicators, make, mixed


@pytest.mark.parametrize("form", ["plain", "csv"])
def test_what_we_write_we_read_back_key_by_key(form: str, tmp_path: Path) -> None:
    back = read_back(form, mixed(), tmp_path)
    assert back.refusals == ()
    assert {(one.key, one.kind) for one in back.indicators} == {
        (one.key, one.kind) for one in mixed()
    }


def test_a_plain_list_is_one_indicator_a_line_with_the_scheme_its_list_gave() -> None:
    odd = Indicator("bad.example/a b", "x", IndicatorKind.URL, MatchRule.URL_PREFIX)
    found = (*indicators("203.0.113.4", "https://Bad.Example/A"), odd)
    (text,) = make("plain", found).files.values()
    assert text == "203.0.113.4\nhttps://bad.example/A\nhttp://bad.example/a%20b\n"


def test_what_is_over_stays_in_a_plain_list_and_is_noted() -> None:
    over = indicators("over.example", claim=Claim(valid_until_us=AT_US - 1))
    made = make("plain", over)
    assert made.files["quetsach.txt"] == "over.example\n"
    assert [one.why for one in made.chosen.noted] == ["time-unsaid"]
