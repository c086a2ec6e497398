"""The indicators of a set by kind and key, and the digest of what the set says."""

from msgspec import structs

from quetsach.indicators.indicator_set import IndicatorTable
from quetsach.indicators.model import Claim, Indicator, IndicatorKind, IndicatorSet, MatchRule

NAME = Indicator("đỏ.example", "đỏ.example", IndicatorKind.NAME, MatchRule.BELOW)
ADDRESS = Indicator(
    "192.0.2.7", "192.0.2.7", IndicatorKind.ADDRESS, MatchRule.EXACT, claim=Claim(family="Mirai")
)
HASH = Indicator("0" * 64, "0" * 64, IndicatorKind.HASH, MatchRule.HASH)


def test_a_tuple_and_a_table_of_the_same_indicators_have_one_digest() -> None:
    in_order, turned = (NAME, ADDRESS, HASH), (HASH, ADDRESS, NAME)
    assert IndicatorSet(in_order).digest == IndicatorSet(IndicatorTable(turned)).digest


def test_the_digest_of_a_set_changes_with_a_claim_and_with_a_rule() -> None:
    others = (
        structs.replace(ADDRESS, claim=Claim(family="Emotet")),
        structs.replace(NAME, rule=MatchRule.EXACT),
    )
    digests = {IndicatorSet((NAME, ADDRESS)).digest}
    digests |= {IndicatorSet((NAME, others[0])).digest, IndicatorSet((others[1], ADDRESS)).digest}
    assert len(digests) == 3


def test_a_table_reads_as_the_tuple_of_its_indicators_sorted_by_key() -> None:
    table = IndicatorTable((NAME, HASH, ADDRESS))
    assert (len(table), tuple(table)) == (3, (HASH, ADDRESS, NAME))
    assert table.get(IndicatorKind.ADDRESS, "192.0.2.7") is ADDRESS
    assert table.get(IndicatorKind.NETWORK, "192.0.2.7") is None
