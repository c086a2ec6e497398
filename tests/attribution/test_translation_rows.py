"""Records of translation: begins and ends paired, what they prove and what they suggest."""

from quetsach.attribution.translations import TranslationHistory
from quetsach.clocks import MICROSECONDS as S
from tests.attribution.translating import CERTAIN, LIKELY, endpoint, history_of, outcome
from tests.attribution.translation_rows import Nat, table


def test_begin_and_end_in_two_records_are_one_translation() -> None:
    history = history_of(Nat(start=1000), Nat(end=9000))
    (inner,) = history.inside(endpoint(5000))
    assert (inner.grade, inner.start_us, inner.end_us) == (CERTAIN, 1000 * S, 9000 * S)


def test_a_begin_alone_is_certain_for_a_minute_and_likely_for_an_hour() -> None:
    history = history_of(Nat(start=1000))
    told = [outcome(history.inside(endpoint(when))) for when in (1000, 1059, 1500, 4599, 4700)]
    sure, likely = [("10.0.0.5", CERTAIN)], [("10.0.0.5", LIKELY)]
    assert told == [sure, sure, likely, likely, []]


def test_an_end_alone_counts_backwards() -> None:
    history = history_of(Nat(end=5000))
    assert outcome(history.inside(endpoint(4990))) == [("10.0.0.5", CERTAIN)]
    assert outcome(history.inside(endpoint(2000))) == [("10.0.0.5", LIKELY)]
    assert history.inside(endpoint(5010)) == []


def test_offsets_are_added_to_the_times_of_their_file() -> None:
    records = table([Nat(start=1000, end=1010)])
    history = TranslationHistory(records, ["x"], offsets={0: 3600 * S})
    assert outcome(history.inside(endpoint(4605))) == [("10.0.0.5", CERTAIN)]


def test_broken_records_are_counted_and_do_no_harm() -> None:
    history = history_of(
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
    assert outcome(history.inside(endpoint(1005))) == [("10.0.0.5", CERTAIN)]
    assert outcome(history.inside(endpoint(1005, 2))) == [("10.0.0.5", LIKELY)]
