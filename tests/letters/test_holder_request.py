"""The questions of a request for the holder of an address."""

from quetsach.letters.holder_request import HOLDER_QUESTIONS, PERSONAL, UNTRACEABLE, WantedFact


def test_what_stops_a_trace_is_a_question_and_what_is_personal_is_never_in_logs() -> None:
    assert set(HOLDER_QUESTIONS) > UNTRACEABLE
    # Without a port or an hour a trace says itself how little it knows.
    assert not {"holder-port", "holder-day"} & UNTRACEABLE
    assert not {WantedFact.DEVICE, WantedFact.UNIT, WantedFact.LOGS} & PERSONAL
