"""Who stood behind a public address and port: proven, suggested, or one of several."""

from quetsach.attribution.model import (
    Certainty,
    InsideEndpoint,
    OutsideEndpoint,
    RecordPlace,
    StepKind,
)
from quetsach.attribution.translations import TranslationHistory
from quetsach.clocks import MICROSECONDS as S
from tests.attribution.translation_rows import BAD, PUBLIC, Nat, table

CERTAIN, LIKELY, AMBIGUOUS = Certainty.CERTAIN, Certainty.LIKELY, Certainty.AMBIGUOUS


def _history(*records: Nat) -> TranslationHistory:
    placed = [one._replace(offset=number * 100) for number, one in enumerate(records)]
    return TranslationHistory(table(placed), ["nat.log"])


def _seen(when: float | None, port: int | None = 40112, **more: str | int) -> OutsideEndpoint:
    return OutsideEndpoint(PUBLIC, port, None if when is None else round(when * S), **more)  # type: ignore[arg-type]


def _told(found: list[InsideEndpoint]) -> list[tuple[str, Certainty]]:
    return [(one.address, one.grade) for one in found]


def test_a_translation_that_covers_the_time_is_certain_and_shows_its_record() -> None:
    (inner,) = _history(Nat(start=1000, end=1010)).inside(_seen(1005))
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
    history = _history(Nat(start=1000, end=1010))
    assert history.inside(_seen(1012)) == []
    assert history.inside(_seen(1005, 40113)) == []
    assert history.inside(OutsideEndpoint("198.51.100.9", 40112, 1005 * S)) == []


def test_the_doubt_of_the_clocks_makes_it_likely() -> None:
    history = _history(Nat(start=1000, end=1010))
    assert _told(history.inside(_seen(1010.5))) == [("10.0.0.5", LIKELY)]
    assert history.inside(_seen(1010.5), slack_us=0) == []


def test_a_port_used_again_within_the_doubt_of_the_clocks_is_ambiguous() -> None:
    history = _history(Nat(start=1000, end=1010), Nat("10.0.0.6", start=1010.5, end=1020))
    assert _told(history.inside(_seen(1005))) == [("10.0.0.5", CERTAIN)]
    assert _told(history.inside(_seen(1009.8))) == [
        ("10.0.0.5", AMBIGUOUS),
        ("10.0.0.6", AMBIGUOUS),
    ]


def test_begin_and_end_in_two_records_are_one_translation() -> None:
    history = _history(Nat(start=1000), Nat(end=9000))
    (inner,) = history.inside(_seen(5000))
    assert (inner.grade, inner.start_us, inner.end_us) == (CERTAIN, 1000 * S, 9000 * S)


def test_a_begin_alone_is_certain_for_a_minute_and_likely_for_an_hour() -> None:
    history = _history(Nat(start=1000))
    told = [_told(history.inside(_seen(when))) for when in (1000, 1059, 1500, 4599, 4700)]
    sure, likely = [("10.0.0.5", CERTAIN)], [("10.0.0.5", LIKELY)]
    assert told == [sure, sure, likely, likely, []]


def test_an_end_alone_counts_backwards() -> None:
    history = _history(Nat(end=5000))
    assert _told(history.inside(_seen(4990))) == [("10.0.0.5", CERTAIN)]
    assert _told(history.inside(_seen(2000))) == [("10.0.0.5", LIKELY)]
    assert history.inside(_seen(5010)) == []


def test_the_other_side_tells_translations_apart() -> None:
    history = _history(
        Nat(start=1000, end=1010),
        Nat("10.0.0.6", start=1000, end=1010, remote_ip="203.0.113.9"),
    )
    assert len(history.inside(_seen(1005))) == 2
    assert _told(history.inside(_seen(1005, remote=BAD))) == [("10.0.0.5", CERTAIN)]
    assert history.inside(_seen(1005, remote="203.0.113.99")) == []


def test_port_and_protocol_of_the_other_side_count_where_both_are_told() -> None:
    history = _history(Nat(start=1000, end=1010))
    assert history.inside(_seen(1005, remote_port=80)) == []
    assert history.inside(_seen(1005, transport="udp")) == []
    whole = _seen(1005, remote=BAD, remote_port=443, transport="tcp")
    assert len(history.inside(whole)) == 1


def test_a_record_without_the_other_side_fits_every_other_side() -> None:
    history = _history(Nat(start=1000, end=1010, remote_ip=None, remote_port=None, transport=None))
    assert _told(history.inside(_seen(1005, remote=BAD, transport="udp"))) == [
        ("10.0.0.5", CERTAIN)
    ]


def test_a_block_of_ports_answers_for_each_of_its_ports() -> None:
    block = Nat(start=1000, end=2000, public_port=1024, last_port=2047, remote_ip=None)
    history = _history(
        block, block._replace(inside_ip="10.0.0.6", public_port=2048, last_port=3071)
    )
    for port, address in ((1024, "10.0.0.5"), (2047, "10.0.0.5"), (2048, "10.0.0.6")):
        (inner,) = history.inside(_seen(1500, port))
        assert (inner.address, inner.grade, inner.kind) == (address, CERTAIN, StepKind.PORT_BLOCK)
    assert history.inside(_seen(1500, 1023)) == history.inside(_seen(1500, 3072)) == []


def test_a_block_is_found_among_many_translations_of_its_ports() -> None:
    block = Nat("10.0.0.9", start=0, end=9000, public_port=1024, last_port=2047, remote_ip=None)
    busy = [
        Nat(start=n, end=n + 1, public_port=1024 + n % 900, remote_ip=None) for n in range(4_000)
    ]
    found = _history(*busy, block).inside(_seen(8000, 2000))
    assert _told(found) == [("10.0.0.9", CERTAIN)]


def test_a_translation_of_the_whole_address_answers_for_every_port() -> None:
    history = _history(Nat(start=1000, end=2000, public_port=None, inside_port=None))
    assert _told(history.inside(_seen(1500, 7))) == [("10.0.0.5", CERTAIN)]


def test_without_a_port_one_machine_is_likely_and_several_are_ambiguous() -> None:
    one = Nat(start=1000, end=1010)
    assert _told(_history(one).inside(_seen(1005, None))) == [("10.0.0.5", LIKELY)]
    two = _history(one, Nat("10.0.0.6", start=1000, end=1010, public_port=40200))
    assert {grade for _, grade in _told(two.inside(_seen(1005, None)))} == {AMBIGUOUS}
    assert len(two.inside(_seen(1005, None))) == 2


def test_without_a_time_one_machine_is_likely() -> None:
    assert _told(_history(Nat(start=1000, end=1010)).inside(_seen(None))) == [("10.0.0.5", LIKELY)]


def test_over_a_period_only_what_covers_it_all_is_certain() -> None:
    history = _history(Nat(start=1000, end=1010))
    assert _told(history.inside(_seen(1002, until_us=1008 * S))) == [("10.0.0.5", CERTAIN)]
    assert _told(history.inside(_seen(900, until_us=1005 * S))) == [("10.0.0.5", LIKELY)]


def test_a_rough_time_is_never_certain() -> None:
    assert _told(_history(Nat(when=1000, rough=True)).inside(_seen(1000))) == [("10.0.0.5", LIKELY)]


def test_offsets_are_added_to_the_times_of_their_file() -> None:
    records = table([Nat(start=1000, end=1010)])
    history = TranslationHistory(records, ["x"], offsets={0: 3600 * S})
    assert _told(history.inside(_seen(4605))) == [("10.0.0.5", CERTAIN)]


class _Rule:
    def inside_of(self, public_address: str, port: int) -> str | None:
        return "10.0.9.9" if port >= 40000 else None


def test_a_rule_answers_where_no_record_does_and_never_surely() -> None:
    history = TranslationHistory(table([]), [], rules=[_Rule()])
    (inner,) = history.inside(_seen(1005))
    assert (inner.address, inner.grade, inner.kind) == ("10.0.9.9", LIKELY, StepKind.PORT_BLOCK)
    assert history.inside(_seen(1005, 80)) == history.inside(_seen(1005, None)) == []


def test_a_rule_against_a_record_makes_both_ambiguous() -> None:
    history = TranslationHistory(table([Nat(start=1, end=9)]), ["x"], rules=[_Rule()])
    assert _told(history.inside(_seen(5))) == [("10.0.0.5", AMBIGUOUS), ("10.0.9.9", AMBIGUOUS)]


def test_it_knows_its_public_addresses_and_the_time_it_covers() -> None:
    history = _history(Nat(start=1000, end=1010), Nat(start=2000, end=2010))
    assert history.publics() == {PUBLIC}
    assert history.knows(PUBLIC)
    assert not history.knows(BAD)
    assert history.span() == (1000 * S, 2010 * S)
    assert history.covers(1500 * S)
    assert not history.covers(2500 * S)


def test_broken_records_are_counted_and_do_no_harm() -> None:
    history = _history(
        Nat(start=1000, end=1010),
        Nat(start=1010, end=1000, public_port=1),
        Nat(start=1000, public_port=70_000),
        Nat(start=1000, public_port=-1),
        Nat(""),
        Nat(public_port=2),
    )
    assert [(one.kind, one.count) for one in history.notes()] == [
        ("end-before-start", 1),
        ("no-address", 1),
        ("no-time", 2),
        ("port-out-of-range", 2),
    ]
    assert _told(history.inside(_seen(1005))) == [("10.0.0.5", CERTAIN)]
    assert _told(history.inside(_seen(1005, 2))) == [("10.0.0.5", LIKELY)]


def test_nothing_at_all_is_an_answer() -> None:
    history = TranslationHistory(table([]), [])
    assert history.inside(_seen(5)) == history.inside(_seen(None, None)) == []
    assert (history.span(), history.publics(), history.notes()) == (None, frozenset(), ())
