"""Several sources of one indicator: none narrows another."""

from quetsach.indicators.model import (
    NO_CLAIM,
    Claim,
    Indicator,
    IndicatorClass,
    IndicatorKind,
    IndicatorStatus,
    MatchRule,
    Tlp,
    merge_indicators,
)


def _one(claim: Claim = NO_CLAIM, rule: MatchRule = MatchRule.EXACT) -> Indicator:
    return Indicator("bad.example", "bad.example", IndicatorKind.NAME, rule, claim=claim)


def test_the_wider_rule_and_the_wider_span_win() -> None:
    found = merge_indicators(
        _one(Claim(valid_from_us=5, valid_until_us=9)),
        _one(Claim(valid_from_us=3, valid_until_us=7), MatchRule.BELOW),
    )
    assert found.rule is MatchRule.BELOW
    assert (found.claim.valid_from_us, found.claim.valid_until_us) == (3, 9)
    assert merge_indicators(found, _one()).claim.valid_until_us is None, "an open end stays open"


def test_what_one_source_knows_is_kept_and_the_stricter_marking_wins() -> None:
    known = Claim(IndicatorClass.C2, "Emotet", tlp=Tlp.AMBER, confidence=40)
    other = Claim(label="seen twice", tlp=Tlp.GREEN, confidence=90)
    found = merge_indicators(_one(known), _one(other)).claim
    assert (found.of_class, found.family, found.label) == (
        IndicatorClass.C2,
        "Emotet",
        "seen twice",
    )
    assert (found.tlp, found.confidence) == (Tlp.AMBER, 90)


def test_a_list_that_still_has_it_outweighs_one_that_withdrew_it() -> None:
    withdrawn = _one(Claim(status=IndicatorStatus.WITHDRAWN, valid_until_us=4))
    found = merge_indicators(withdrawn, _one())
    assert found.claim.status is IndicatorStatus.ACTIVE
    assert found.claim.valid_until_us is None
    assert found.is_met
    assert not merge_indicators(withdrawn, withdrawn).is_met
