"""Two translations in a row, and what is no way at all."""

from itertools import pairwise

from quetsach.attribution.model import Certainty, OutsideEndpoint
from quetsach.attribution.port_blocks import DEEPEST, MOST, resolve, sureness
from quetsach.attribution.translations import TranslationHistory
from quetsach.clocks import MICROSECONDS as S
from tests.attribution.translation_rows import PUBLIC, Nat, table

SEEN = OutsideEndpoint(PUBLIC, 40112, 1005 * S)


def _histories(*records: Nat) -> list[TranslationHistory]:
    return [TranslationHistory(table(records), ["nat.log"])]


def _addresses(*records: Nat) -> list[list[str]]:
    return [[one.address for one in way] for way in resolve(SEEN, _histories(*records))]


def test_an_office_router_behind_the_provider_is_followed() -> None:
    provider = Nat("100.64.0.9", start=1000, end=1010, inside_port=33001)
    office = Nat("10.0.0.5", start=1000, end=1010, public_ip="100.64.0.9", public_port=33001)
    assert _addresses(provider, office) == [["100.64.0.9", "10.0.0.5"]]
    apart = [*_histories(provider), *_histories(office)]
    (way,) = resolve(SEEN, apart)
    assert sureness(way) is Certainty.CERTAIN


def test_a_way_ends_where_the_next_router_kept_no_record() -> None:
    provider = Nat("100.64.0.9", start=1000, end=1010, inside_port=33001)
    other = Nat("10.0.0.5", start=1, end=2, public_ip="100.64.0.9", public_port=33001)
    assert _addresses(provider, other) == [["100.64.0.9"]]


def test_a_loop_is_left() -> None:
    there = Nat("100.64.0.9", start=1000, end=1010, inside_port=40112)
    back = Nat(PUBLIC, start=1000, end=1010, public_ip="100.64.0.9")
    assert _addresses(there, back) == [["100.64.0.9"]]


def test_a_translation_that_changes_nothing_is_a_way() -> None:
    assert _addresses(Nat(PUBLIC, start=1000, end=1010)) == [[PUBLIC]]


def test_only_so_many_translations_in_a_row_are_followed() -> None:
    steps = [PUBLIC, *(f"100.64.0.{n}" for n in range(9))]
    records = [
        Nat(inner, start=1000, end=1010, public_ip=outer, inside_port=40112)
        for outer, inner in pairwise(steps)
    ]
    (way,) = _addresses(*records)
    assert way == steps[1 : DEEPEST + 1]


def test_several_ways_are_all_ambiguous_and_bounded() -> None:
    first = [Nat(f"100.64.0.{n}", start=1000, end=1010, inside_port=None) for n in range(60)]
    second = [
        Nat(f"10.0.{n}.{m}", start=1000, end=1010, public_ip=f"100.64.0.{n}", public_port=m)
        for n in range(60)
        for m in range(9)
    ]
    ways = resolve(SEEN, _histories(*first, *second))
    assert len(ways) == MOST
    assert {sureness(way) for way in ways} == {Certainty.AMBIGUOUS}


def test_two_histories_that_agree_are_one_way() -> None:
    record = Nat(start=1000, end=1010)
    assert len(resolve(SEEN, [*_histories(record), *_histories(record)])) == 1
    assert resolve(SEEN, []) == []
