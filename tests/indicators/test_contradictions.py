"""Sources that contradict each other are told with their rows."""

from msgspec import structs

from quetsach.indicators.contradictions import Contradiction, ContradictionKind, contradictions
from quetsach.indicators.model import (
    NO_CLAIM,
    Claim,
    Indicator,
    IndicatorClass,
    IndicatorKind,
    IndicatorSet,
    IndicatorStatus,
    MatchRule,
    Origin,
    Refusal,
)
from quetsach.indicators.options import RefusalReason


def origin(
    row: int, claim: Claim = NO_CLAIM, rule: MatchRule | None = None, text: str = ""
) -> Origin:
    return Origin(f"list-{row}", "a", row, text, claim=claim, rule=rule)


def found(*claims: Claim, kind: IndicatorKind = IndicatorKind.NAME) -> list[Contradiction]:
    origins = tuple(origin(row, claim) for row, claim in enumerate(claims, start=1))
    one = Indicator("k.example", "k", kind, MatchRule.BELOW, None, claims[0], origins)
    return list(contradictions(IndicatorSet((one,))))


def test_different_classes_and_families_are_told_with_their_rows() -> None:
    first = Claim(IndicatorClass.C2, "Mirai")
    second = Claim(IndicatorClass.SINKHOLE, "Emotet")
    by_class, by_family = found(first, Claim(), second)
    assert (by_class.clash, by_class.said) == (ContradictionKind.CLASS, ("c2", "sinkhole"))
    assert [one.row for one in by_class.origins] == [1, 3]
    assert (by_family.clash, by_family.said) == (ContradictionKind.FAMILY, ("Mirai", "Emotet"))


def test_silence_and_other_spelling_contradict_nothing() -> None:
    assert found(Claim(family="Mirai"), Claim(family="MIRAI"), Claim()) == []
    assert found(Claim(status=IndicatorStatus.EXPIRED), Claim()) == []


def test_taken_back_by_one_and_listed_by_another_is_told() -> None:
    (one,) = found(Claim(status=IndicatorStatus.WITHDRAWN), Claim())
    assert (one.clash, one.said) == (ContradictionKind.STATUS, ("withdrawn", "active"))


def test_exactly_this_name_and_all_below_it_contradict_each_other() -> None:
    origins = (origin(1, rule=MatchRule.EXACT), origin(2), origin(3, rule=MatchRule.BELOW))
    one = Indicator("k.example", "k", IndicatorKind.NAME, MatchRule.BELOW, origins=origins)
    (told,) = contradictions(IndicatorSet((one,)))
    assert (told.clash, told.said) == (ContradictionKind.RULE, ("exact", "below"))
    assert not list(contradictions(IndicatorSet((structs.replace(one, kind=IndicatorKind.HASH),))))


def test_an_address_in_a_network_of_another_class_is_told() -> None:
    sinkhole, c2 = Claim(IndicatorClass.SINKHOLE), Claim(IndicatorClass.C2)
    network = Indicator(
        "203.0.113.0/24", "", IndicatorKind.NETWORK, MatchRule.CIDR, None, sinkhole, (origin(1),)
    )
    inside = Indicator(
        "203.0.113.7:443", "", IndicatorKind.ADDRESS, MatchRule.IP_PORT, 443, c2, (origin(2),)
    )
    same = Indicator(
        "203.0.113.8", "", IndicatorKind.ADDRESS, MatchRule.EXACT, None, sinkhole, (origin(3),)
    )
    (told,) = contradictions(IndicatorSet((network, inside, same)))
    assert told.clash is ContradictionKind.NETWORK
    assert told.said == ("c2", "sinkhole (203.0.113.0/24)")
    assert [one.row for one in told.origins] == [2, 1]


def test_listed_and_named_as_an_exception_is_told() -> None:
    one = Indicator("good.example", "", IndicatorKind.NAME, MatchRule.BELOW, origins=(origin(1),))
    row = origin(9, text="@@||good.example^$important")
    refusal = Refusal(row, RefusalReason.EXCEPTION)
    (told,) = contradictions(IndicatorSet((one,), (refusal,)))
    assert told.clash is ContradictionKind.EXCEPTION
    assert told.origins == (one.origins[0], row)


def test_an_end_before_the_begin_is_told() -> None:
    (one,) = found(Claim(valid_from_us=5, valid_until_us=4))
    assert one.clash is ContradictionKind.DATES
    assert found(Claim(valid_from_us=4, valid_until_us=4)) == []


def test_a_replacement_that_nobody_looks_for_is_told() -> None:
    claim = Claim(status=IndicatorStatus.REPLACED, replaced_by="new.example")
    (one,) = found(claim)
    assert (one.clash, one.said) == (ContradictionKind.REPLACEMENT, ("k.example", "new.example"))
    old = Indicator("k.example", "", IndicatorKind.NAME, MatchRule.BELOW, None, claim, (origin(1),))
    new = Indicator(
        "new.example", "", IndicatorKind.NAME, MatchRule.BELOW, None, NO_CLAIM, (origin(2),)
    )
    assert list(contradictions(IndicatorSet((old, new)))) == []
