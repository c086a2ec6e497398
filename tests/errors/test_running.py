"""Problems of runs: their codes, and facts that their sentences name."""

import re

import pytest

from quetsach.errors.running import RUNNING

FACT = re.compile(r"%\((\w+)\)s")


@pytest.mark.parametrize("code", RUNNING)
def test_each_is_of_its_area_and_its_sentences_take_their_facts(code: str) -> None:
    assert re.fullmatch(r"E[56]\d\d", code)
    sentences = (RUNNING[code].what, RUNNING[code].todo)
    for sentence in sentences:
        facts = dict.fromkeys(FACT.findall(sentence), "x")
        assert "%(" not in sentence % facts


def test_no_two_say_the_same() -> None:
    sentences = [(entry.what, entry.todo) for entry in RUNNING.values()]
    assert len(set(sentences)) == len(sentences)
