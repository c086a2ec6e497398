"""What is left of a list's confidence, and on which side of the validity a contact was."""

from pathlib import Path

from msgspec import structs

from quetsach.indicators.decay import HALF_LIFE_DAYS, confidence_at, window_of
from quetsach.indicators.model import Claim, Indicator, IndicatorKind, MatchRule, Origin

DAY_US = 86_400_000_000
CLAIM = Claim(confidence=80, last_seen_us=100 * DAY_US)


def _one(kind: IndicatorKind = IndicatorKind.ADDRESS, claim: Claim = CLAIM) -> Indicator:
    return Indicator("k", "k", kind, MatchRule.EXACT, claim=claim)


def test_half_of_the_confidence_is_left_after_each_half_life() -> None:
    for days, left in ((-50, 80), (0, 80), (30, 40), (60, 20), (3000, 0)):
        assert confidence_at(_one(), (100 + days) * DAY_US) == left, days


def test_every_kind_has_a_half_life_or_none() -> None:
    assert set(HALF_LIFE_DAYS) == set(IndicatorKind)
    assert confidence_at(_one(IndicatorKind.HASH), 10**9 * DAY_US) == 80


def test_nothing_fades_that_a_letter_names_or_that_has_no_last_day() -> None:
    late = 10**6 * DAY_US
    assert confidence_at(_one(claim=Claim(confidence=70)), late) == 70
    assert confidence_at(_one(claim=Claim(last_seen_us=5)), late) is None
    assert confidence_at(_one(), None) == 80
    named = structs.replace(_one(), origins=(Origin("l", "0", 1, "k", letter="12/CV"),))
    assert confidence_at(named, late) == 80


def test_a_time_that_is_not_known_is_within_every_validity() -> None:
    dated = _one(claim=Claim(valid_from_us=10, valid_until_us=20))
    sides = [window_of(dated, when) for when in (9, 10, 20, 21, None)]
    assert sides == ["before", None, None, "after", None]
    assert window_of(_one(claim=Claim()), 5) is None


def test_the_page_prints_the_half_lives_that_are_used() -> None:
    page = Path("docs/hits.md").read_text(encoding="utf-8")
    for kind, days in HALF_LIFE_DAYS.items():
        row = f"| {kind} | {'never fades' if days is None else f'{days} days'} |"
        assert row in page, row
