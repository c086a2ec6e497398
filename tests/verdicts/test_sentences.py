"""The sentence of a verdict: in words, and nothing foreign breaks it."""

from dataclasses import replace

import pytest
from hypothesis import given

from quetsach.texts import use_language
from quetsach.verdicts.model import DeviceState
from tests.oracles.verdict import Case
from tests.verdicts.cases import CASES, CLEAN, contact, covered, day, said


def test_missing_days_are_named_as_spans() -> None:
    coverage = [covered(one) for one in (7, 8, 9, 13)]
    verdict = said(replace(CLEAN, coverage=coverage))
    assert verdict.state is DeviceState.QUIET_NOT_PROVEN
    assert verdict.gaps == (day(10), day(11), day(12))
    assert verdict.missing == ("no DNS log from 10 to 12 September 2022: 3 of 7 days are missing",)


def test_foreign_words_cannot_break_a_sentence() -> None:
    verdict = said(replace(CLEAN, contacts=[contact(9, indicator="%(day)s %s %\x1b[2J")]))
    assert verdict.state is DeviceState.RECURRED
    assert "%(day)s %s %\\x1b[2J" in verdict.because


@pytest.mark.parametrize("language", ["vi", "en"])
@given(CASES)
def test_every_state_has_its_sentence(language: str, case: Case) -> None:
    use_language("vi" if language == "vi" else "en")
    verdict = said(case)
    assert verdict.because.endswith(".")
    assert "%(" not in "".join([verdict.because, *verdict.missing])
