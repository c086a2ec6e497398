"""Who stood behind a public address and port: proven, suggested, or one of several."""

from quetsach.attribution.model import (
    InsideEndpoint,
    OutsideEndpoint,
    RecordPlace,
    StepKind,
)
from quetsach.attribution.translations import TranslationHistory
from quetsach.clocks import MICROSECONDS as S
from tests.attribution.translating import AMBIGUOUS, CERTAIN, LIKELY, endpoint, history_of, outcome
from tests.attribution.translation_rows import BAD, PUBLIC, Nat, table


def test_a_translation_that_covers_the_time_is_certain_and_shows_its_record() -> None:
    (inner,) = history_of(Nat(start=1000, end=1010)).inside(endpoint(1005))
    assert inner == InsideEndpoint(
        "10.0.0.5",
        51544,
        CERTAIN,
        RecordPlace("nat.log", 0),
        1000 * S,
        1010 * S,
        StepKind.TRANSLATION,
    )


def test_a_time_or_port_that_no_record_covers_has_no_answer() -> None:
    history = history_of(Nat(start=1000, end=1010))
    assert history.inside(endpoint(1012)) == []
    assert history.inside(endpoint(1005, 40113)) == []
    assert history.inside(OutsideEndpoint("198.51.100.9", 40112, 1005 * S)) == []


def test_the_doubt_of_the_clocks_makes_it_likely() -> None:
    history = history_of(Nat(start=1000, end=1010))
    assert outcome(history.inside(endpoint(1010.5))) == [("10.0.0.5", LIKELY)]
    assert history.inside(endpoint(1010.5), slack_us=0) == []


def test_a_port_used_again_within_the_doubt_of_the_clocks_is_ambiguous() -> None:
    history = history_of(Nat(start=1000, end=1010), Nat("10.0.0.6", start=1010.5, end=1020))
    assert outcome(history.inside(endpoint(1005))) == [("10.0.0.5", CERTAIN)]
    assert outcome(history.inside(endpoint(1009.8))) == [
        ("10.0.0.5", AMBIGUOUS),
        ("10.0.0.6", AMBIGUOUS),
    ]


def test_the_other_side_tells_translations_apart() -> None:
    history = history_of(
        Nat(start=1000, end=1010),
        Nat("10.0.0.6", start=1000, end=1010, remote_ip="203.0.113.9"),
    )
    assert len(history.inside(endpoint(1005))) == 2
    assert outcome(history.inside(endpoint(1005, remote=BAD))) == [("10.0.0.5", CERTAIN)]
    assert history.inside(endpoint(1005, remote="203.0.113.99")) == []


def test_port_and_protocol_of_the_other_side_count_where_both_are_told() -> None:
    history = history_of(Nat(start=1000, end=1010))
    assert history.inside(endpoint(1005, remote_port=80)) == []
    assert history.inside(endpoint(1005, transport="udp")) == []
    whole = endpoint(1005, remote=BAD, remote_port=443, transport="tcp")
    assert len(history.inside(whole)) == 1


def test_a_record_without_the_other_side_fits_every_other_side() -> None:
    history = history_of(
        Nat(start=1000, end=1010, remote_ip=None, remote_port=None, transport=None)
    )
    assert outcome(history.inside(endpoint(1005, remote=BAD, transport="udp"))) == [
        ("10.0.0.5", CERTAIN)
    ]


def test_a_block_of_ports_answers_for_each_of_its_ports() -> None:
    block = Nat(start=1000, end=2000, public_port=1024, last_port=2047, remote_ip=None)
    history = history_of(
        block, block._replace(inside_ip="10.0.0.6", public_port=2048, last_port=3071)
    )
    for port, address in ((1024, "10.0.0.5"), (2047, "10.0.0.5"), (2048, "10.0.0.6")):
        (inner,) = history.inside(endpoint(1500, port))
        assert (inner.address, inner.grade, inner.kind) == (address, CERTAIN, StepKind.PORT_BLOCK)
    assert history.inside(endpoint(1500, 1023)) == history.inside(endpoint(1500, 3072)) == []


def test_a_block_is_found_among_many_translations_of_its_ports() -> None:
    block = Nat("10.0.0.9", start=0, end=9000, public_port=1024, last_port=2047, remote_ip=None)
    busy = [
        Nat(start=n, end=n + 1, public_port=1024 + n % 900, remote_ip=None) for n in range(4_000)
    ]
    found = history_of(*busy, block).inside(endpoint(8000, 2000))
    assert outcome(found) == [("10.0.0.9", CERTAIN)]


def test_a_translation_of_the_whole_address_answers_for_every_port() -> None:
    history = history_of(Nat(start=1000, end=2000, public_port=None, inside_port=None))
    assert outcome(history.inside(endpoint(1500, 7))) == [("10.0.0.5", CERTAIN)]


def test_without_a_port_one_machine_is_likely_and_several_are_ambiguous() -> None:
    one = Nat(start=1000, end=1010)
    assert outcome(history_of(one).inside(endpoint(1005, None))) == [("10.0.0.5", LIKELY)]
    two = history_of(one, Nat("10.0.0.6", start=1000, end=1010, public_port=40200))
    assert {grade for _, grade in outcome(two.inside(endpoint(1005, None)))} == {AMBIGUOUS}
    assert len(two.inside(endpoint(1005, None))) == 2


def test_without_a_time_one_machine_is_likely() -> None:
    assert outcome(history_of(Nat(start=1000, end=1010)).inside(endpoint(None))) == [
        ("10.0.0.5", LIKELY)
    ]


def test_over_a_period_only_what_covers_it_all_is_certain() -> None:
    history = history_of(Nat(start=1000, end=1010))
    assert outcome(history.inside(endpoint(1002, until_us=1008 * S))) == [("10.0.0.5", CERTAIN)]
    assert outcome(history.inside(endpoint(900, until_us=1005 * S))) == [("10.0.0.5", LIKELY)]


def test_a_rough_time_is_never_certain() -> None:
    assert outcome(history_of(Nat(when=1000, rough=True)).inside(endpoint(1000))) == [
        ("10.0.0.5", LIKELY)
    ]


class _Rule:
    def inside_of(self, public_address: str, port: int) -> str | None:
        return "10.0.9.9" if port >= 40000 else None


def test_a_rule_answers_where_no_record_does_and_never_surely() -> None:
    history = TranslationHistory(table([]), [], rules=[_Rule()])
    (inner,) = history.inside(endpoint(1005))
    assert (inner.address, inner.grade, inner.kind) == ("10.0.9.9", LIKELY, StepKind.PORT_BLOCK)
    assert history.inside(endpoint(1005, 80)) == history.inside(endpoint(1005, None)) == []


def test_a_rule_against_a_record_makes_both_ambiguous() -> None:
    history = TranslationHistory(table([Nat(start=1, end=9)]), ["x"], rules=[_Rule()])
    assert outcome(history.inside(endpoint(5))) == [
        ("10.0.0.5", AMBIGUOUS),
        ("10.0.9.9", AMBIGUOUS),
    ]


def test_it_knows_its_public_addresses_and_the_time_it_covers() -> None:
    history = history_of(Nat(start=1000, end=1010), Nat(start=2000, end=2010))
    assert history.publics() == {PUBLIC}
    assert history.knows(PUBLIC)
    assert not history.knows(BAD)
    assert history.span() == (1000 * S, 2010 * S)
    assert history.covers(1500 * S)
    assert not history.covers(2500 * S)


def test_nothing_at_all_is_an_answer() -> None:
    history = TranslationHistory(table([]), [])
    assert history.inside(endpoint(5)) == history.inside(endpoint(None, None)) == []
    assert (history.span(), history.publics(), history.notes()) == (None, frozenset(), ())
