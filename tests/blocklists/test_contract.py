"""What every output promises: a reason for each indicator left out, a name of its own."""

import pytest

from quetsach.blocklists.contract import NOT_OF_THE_FORM, WHY_TEXTS, BlockReason
from tests.blocklists.making import AT_US, indicators, make


def test_each_reason_has_its_words_and_those_of_the_list_are_among_them() -> None:
    assert set(WHY_TEXTS) == set(BlockReason)
    assert set(BlockReason) > NOT_OF_THE_FORM


@pytest.mark.parametrize(
    ("name", "mark"),
    [("quetsach", "quetsach"), ("quetsach-2", "quetsach-2"), ("so-khcn", "quetsach so-khcn")],
)
def test_what_a_device_knows_us_by_says_quetsach_once(name: str, mark: str) -> None:
    about = make("rpz", indicators("bad.example"), name=name).about
    assert about.mark == mark
    assert about.at_us == AT_US
