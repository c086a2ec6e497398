"""Each kind of trouble has its sentence and what to do, whatever its facts hold."""

import pytest

from quetsach_portal.sensors.models import SensorTrouble, TroubleKind
from quetsach_portal.sensors.words import advice_of, duration, moment_of, sentence_of


@pytest.mark.parametrize("kind", TroubleKind)
def test_every_kind_can_be_said_with_and_without_its_facts(kind: TroubleKind) -> None:
    every_fact = {
        "heard_at": "2026-12-01T00:10:00+00:00",
        "minutes": 70,
        "expected": 5000,
        "lines": 12,
        "lag_s": 4000,
        "before": "zeek.dns",
        "now": "zeek.http",
        "ahead_s": -300,
        "dropped": 7,
        "code": "E506",
        "refused": 2,
        "last_at": "2026-12-01T00:10:00+00:00",
    }
    for facts in (every_fact, {}, {"waiting": 2}, {"left_out": True}, {"event_at": "never"}):
        trouble = SensorTrouble(kind=kind, facts=facts, source_id=3)
        for text in (sentence_of(trouble), advice_of(trouble)):
            assert text.endswith((".", "?")) or ";" in text
            assert "%(" not in text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0"), (59, "59"), (90, "2"), (7000, "117"), (8000, "2"), (200_000, "2")],
)
def test_a_length_of_time_is_told_in_its_greatest_unit(seconds: float, words: str) -> None:
    assert duration(seconds).split()[0] == words


def test_a_moment_that_is_none_is_a_dash() -> None:
    assert moment_of("2026-12-01T00:10:00+00:00") == "07:10 01/12/2026"
    assert moment_of("soon") == "–"
