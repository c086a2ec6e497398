"""Which hardware addresses are one device; the obvious twin ties them one pair at a time."""

from hypothesis import given
from hypothesis import strategies as st

from quetsach.attribution.aliases import Aliases, AliasReason
from quetsach.attribution.clues import is_random

MADE, OTHER = "00-17-A4-00-00-01", "00-17-A4-00-00-02"
R1, R2, R3 = "02-00-00-00-00-01", "02-00-00-00-00-02", "02-00-00-00-00-03"
DUID, DUID2 = "0004" + "ab" * 16, "0004" + "cd" * 16


def test_random_addresses_with_one_client_identifier_are_one_device() -> None:
    found = Aliases([(R2, DUID, ""), (R1, DUID, "LAPTOP-9QK1ZZZZ")]).of(R2)
    assert (found.mac, found.macs, found.name) == (R1, (R1, R2), "LAPTOP-9QK1ZZZZ")
    assert found.tie is AliasReason.CLIENT_ID


def test_random_addresses_with_one_telling_name_are_one_device_and_generic_names_join_none() -> (
    None
):
    joined = Aliases([(R1, "", "LAPTOP-9QK1ZZZZ"), (R2, "", "laptop-9qk1zzzz.lan")])
    assert joined.of(R1) == joined.of(R2)
    assert joined.of(R1).tie is AliasReason.NAME
    apart = Aliases([(R1, "", "iPhone"), (R2, "", "iPhone")])
    assert apart.of(R1) != apart.of(R2)


def test_a_random_address_joins_the_one_card_that_has_its_name() -> None:
    found = Aliases([(MADE, "", "PC-KT-01"), (R1, "", "PC-KT-01")]).of(R1)
    assert (found.mac, found.macs) == (MADE, (MADE, R1))


def test_two_cards_of_makers_are_never_one_device() -> None:
    aliases = Aliases(
        [(MADE, DUID, "PC-1"), (OTHER, DUID, "PC-1"), (R1, DUID, "PC-1"), (R1, "", "PC-1")]
    )
    assert aliases.of(MADE).macs == (MADE,)
    assert aliases.of(OTHER).macs == (OTHER,)
    assert aliases.of(R1).macs == (R1,)
    assert aliases.of(R1).rivals == (MADE, OTHER)


def test_two_cards_are_not_joined_through_a_random_address_either() -> None:
    aliases = Aliases([(MADE, DUID, ""), (R1, DUID, "PC-X1"), (OTHER, "", "PC-X1")])
    assert aliases.of(R1).mac == MADE
    assert aliases.of(OTHER).macs == (OTHER,)
    assert aliases.of(R1).rivals == (OTHER,)


def test_one_name_does_not_join_machines_with_identifiers_of_their_own() -> None:
    aliases = Aliases([(R1, DUID, "PC-X1"), (R2, DUID2, "PC-X1")])
    assert aliases.of(R1).macs == (R1,)
    assert aliases.of(R1).rivals == (R2,)


def test_the_latest_name_is_the_name() -> None:
    facts = [(MADE, "", "OLD-1"), (MADE, "", "NEW-1"), (MADE, "", "")]
    assert Aliases(facts).of(MADE).name == "NEW-1"


def test_an_address_that_no_fact_names_is_itself_alone() -> None:
    assert Aliases([]).of(R1).macs == (R1,)


def test_a_hundred_thousand_addresses_of_one_name_are_tied_at_once() -> None:
    macs = [f"02-00-{n >> 16:02X}-{n >> 8 & 255:02X}-{n & 255:02X}-00" for n in range(20_000)]
    aliases = Aliases((mac, "", "PC-X1") for mac in macs)
    assert len(aliases.of(macs[7]).macs) == len(macs)


FACTS = st.lists(
    st.tuples(
        st.sampled_from([MADE, OTHER, R1, R2, R3, ""]),
        st.sampled_from(["", DUID, DUID2, "010017a4000001"]),
        st.sampled_from(["", "PC-X1", "PC-X2", "iPhone"]),
    ),
    max_size=10,
)


@given(FACTS, st.randoms(use_true_random=False))
def test_the_order_of_facts_never_changes_which_addresses_are_one(facts, random) -> None:  # type: ignore[no-untyped-def]  # hypothesis's own types
    mixed = list(facts)
    random.shuffle(mixed)
    one, other = Aliases(facts), Aliases(mixed)
    for mac in (MADE, OTHER, R1, R2, R3):
        mine, theirs = one.of(mac), other.of(mac)
        assert (mine.macs, mine.mac, mine.tie) == (theirs.macs, theirs.mac, theirs.tie)
        assert mine.rivals == theirs.rivals


@given(FACTS)
def test_a_device_never_has_two_cards_of_makers_and_ties_rest_on_facts(
    facts: list[tuple[str, str, str]],
) -> None:
    aliases = Aliases(facts)
    told: dict[str, set[str]] = {}
    for mac, client_id, name in facts:
        told.setdefault(mac, set()).update({client_id, name} - {"", "iPhone"})
    for mac in (MADE, OTHER, R1, R2, R3):
        macs = aliases.of(mac).macs
        assert sum(not is_random(one) for one in macs) <= 1
        assert mac in macs
        for one in macs:
            others = set[str]().union(*(told.get(two, set()) for two in macs if two != one))
            assert len(macs) == 1 or told[one] & others
