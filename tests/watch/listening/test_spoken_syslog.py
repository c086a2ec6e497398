"""What a sender says over TCP stands in the spool with its address."""

from datetime import UTC, datetime

from quetsach.watch.listening.spoken_syslog import SpokenSyslog

NOW = datetime(2026, 11, 30, 8, 15, 22, 104233, tzinfo=UTC)
FRONT = b"2026-11-30T08:15:22.104233+00:00 10.0.0.5 "


def test_each_message_is_a_line() -> None:
    spoken = SpokenSyslog("10.0.0.5")
    said = spoken.feed(b"<13>one\n9 <13>a\nbcd<13>be", NOW)
    assert said.text == FRONT + b"<13>one\n" + FRONT + b"<13>a#012 bcd\n"
    assert (said.count, said.close, said.too_long) == (2, "", 0)
    assert spoken.is_within
    assert spoken.held == 6
    last = spoken.end(NOW)
    assert (last.text, last.count, last.close) == (FRONT + b"<13>be\n", 1, "")


def test_what_is_no_message_ends_the_connection() -> None:
    spoken = SpokenSyslog("10.0.0.5")
    said = spoken.feed(b"7 <13>oneGET / HTTP/1.1\r\n", NOW)
    assert (said.text, said.count, said.close) == (FRONT + b"<13>one\n", 1, "malformed")


def test_a_message_that_was_cut_off_is_none() -> None:
    spoken = SpokenSyslog("10.0.0.5")
    assert spoken.feed(b"40 <13>one", NOW).count == 0
    last = spoken.end(NOW)
    assert (last.count, last.close) == (0, "cut")
