"""What is said of an exam: no rate is rounded up, and an old exam is called old."""

from typing import Any

import pytest

from quetsach.html_report.exam_words import exam_sentences, per_cent, rate_text, way_text
from quetsach.texts import use_language

RATE = {"right": 38, "of": 38, "low": 0.907480, "high": 1.0}


def test_a_rate_says_what_it_proves_in_both_languages() -> None:
    use_language("en")
    assert rate_text(RATE) == "38 of 38 right, so at least 90.7 %"
    use_language("vi")
    assert "90,7 %" in rate_text(RATE)


@pytest.mark.parametrize(
    ("share", "text"), [(0.0, "0 %"), (1.0, "100 %"), (0.99999, "99.9 %"), (0.29, "29 %")]
)
def test_per_cent_are_cut(share: float, text: str) -> None:
    use_language("en")
    assert per_cent(share) == text


def test_ways_have_their_words() -> None:
    use_language("en")
    assert way_text("nat+lease") == "address translation + DHCP"
    assert way_text("new") == "new"


def test_what_a_sweep_says_of_its_exam() -> None:
    use_language("en")
    exam: dict[str, Any] = {"day": "2026-11-20", "grades": {"certain": RATE}, "old": ""}
    assert list(exam_sentences(exam)) == [
        "certain: 38 of 38 right, so at least 90.7 % (exam of 20 Nov 2026)",
        "likely: not measured (exam of 20 Nov 2026)",
    ]
    for why in ("year", "tables"):
        assert list(exam_sentences({**exam, "old": why}))[-1].startswith("This exam is old: ")
