"""The sentences beside a zero: what it is worth, or that this cannot be told."""

from typing import Any

import pytest

from quetsach.blocklists.zero_power import ZeroPower
from quetsach.html_report.planted_words import planted_sentences
from quetsach.texts import use_language


def planted(seen: int, due: int, **more: Any) -> dict[str, Any]:
    figures = ZeroPower(seen, due).to_json()
    return {**figures, "names": seen, "off": 0, "places": [], "sources": [], **more}


@pytest.fixture(autouse=True)
def english() -> None:
    use_language("en")


def test_a_zero_says_with_what_power_it_was_found() -> None:
    (sentence,) = planted_sentences(planted(27, 30))
    assert "27 of 30 planted" in sentence
    assert "76.1 % a day" in sentence
    assert "98.6 %" in sentence
    (sentence,) = planted_sentences(planted(30, 30))
    assert "90.5 % a day" in sentence


def test_in_vietnamese_too() -> None:
    use_language("vi")
    (sentence,) = planted_sentences(planted(27, 30))
    assert "27/30" in sentence
    assert "76,1 %" in sentence


def test_without_planted_names_it_cannot_be_told() -> None:
    for unmeasured in (None, planted(0, 0)):
        (sentence,) = planted_sentences(unmeasured)
        assert "cannot be told" in sentence
    (sentence,) = planted_sentences(planted(0, 0, names=4))
    assert "Planted names were seen: 4" in sentence


def test_a_blind_log_is_called_blind() -> None:
    (sentence,) = planted_sentences(planted(0, 12))
    assert "would not have shown" in sentence


def test_blind_places_and_pcs_that_were_off_are_told() -> None:
    places = [{"place": "VP", "seen": 9, "planted": 9}, {"place": "Kho", "seen": 0, "planted": 9}]
    _power, off, blind = planted_sentences(planted(9, 18, off=2, places=places))
    assert "2 planted" in off
    assert blind.endswith("Kho.")
