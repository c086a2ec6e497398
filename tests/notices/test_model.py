"""The stored words of a trace, which programs and kept findings rely on."""

from quetsach.notices.model import MissingLog, NoticeTrace, RejectedItem, TraceOutcome
from quetsach.notices.output import reason_word
from quetsach.texts import use_language


def test_outcomes_and_missing_logs_keep_their_stored_words() -> None:
    assert {outcome.value for outcome in TraceOutcome} == {
        *("device", "candidates", "not-ours", "no-data", "cannot-tell", "rejected")
    }
    assert {lack.value for lack in MissingLog} == {
        *("translation", "outer-translation", "lease", "contact", "resolver-log", "proxy-log"),
        *("port", "time", "own-addresses"),
    }


def test_a_trace_names_nobody_unless_it_says_so() -> None:
    trace = NoticeTrace(RejectedItem("n.csv", 1, "bad-time", "x"), TraceOutcome.REJECTED, "")
    assert (trace.device, trace.addresses, trace.rivals, trace.missing) == ("", (), (), ())
    assert trace.grade == "unknown"


def test_a_reason_without_words_is_shown_as_it_is_stored() -> None:
    use_language("en")
    assert reason_word("bad-port") != "bad-port"
    assert reason_word("of-tomorrow") == "of-tomorrow"
