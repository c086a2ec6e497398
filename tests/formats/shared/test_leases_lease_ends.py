"""When a lease ends, in the words of each maker; a day no calendar has is none."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.clocks import us_from_iso
from quetsach.formats.shared.leases import end_in, seconds_of

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("x  Tue Sep  1 08:15:22 2026", "2026-09-01T08:15:22+07:00"),
        ("Sep 02 2026 08:15 AM    Automatic", "2026-09-02T08:15:00+07:00"),
        ("Sep 02 2026 12:05 AM", "2026-09-02T00:05:00+07:00"),
        ("Sep 02 2026 12:05 PM", "2026-09-02T12:05:00+07:00"),
        ("May 1 2009 14:02:49      Auto(C)", "2009-05-01T14:02:49+07:00"),
        ("2026/09/02 08:15:22  LAN", "2026-09-02T08:15:22+07:00"),
        ("2026-09-02 08:15:22", "2026-09-02T08:15:22+07:00"),
        ("2026-09-02 08:15:22 UTC", "2026-09-02T08:15:22+00:00"),
        ("2026-09-02 08:15:22Z  LAN", "2026-09-02T08:15:22+00:00"),
        ("x  Tue Sep  1 08:15:22 2026 GMT", "2026-09-01T08:15:22+00:00"),
        ("Sep 02 2026 08:15 AM UTC   Automatic", "2026-09-02T08:15:00+00:00"),
        ("2026/09/02 08:15:22 Zone1", "2026-09-02T08:15:22+07:00"),
    ],
)
def test_each_maker_s_date_is_read_in_the_zone_of_the_device(text: str, iso: str) -> None:
    found = end_in(text, ZONE)
    assert found is not None
    assert found[0] == us_from_iso(iso, None)


@pytest.mark.parametrize(
    "text", ["Tue Feb 30 07:00:00 2026", "2026/13/01 08:15:22", "Sep 99 2026 08:15 AM"]
)
def test_a_day_no_calendar_has_is_seen_and_unread(text: str) -> None:
    found = end_in(text, ZONE)
    assert found is not None
    assert found[0] is None


@pytest.mark.parametrize("text", ["", "Infinite", "never", "10.20.3.41", "0:12:15.940"])
def test_no_date_is_none(text: str) -> None:
    assert end_in(text, ZONE) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("3m6s", 186), ("1d", 86_400), ("35w13h13m15s", 21_215_595), ("never", None), ("", None)],
)
def test_a_length_of_routeros_is_seconds(text: str, seconds: int | None) -> None:
    assert seconds_of(text) == seconds


@given(st.text(max_size=80))
def test_no_text_raises(text: str) -> None:
    end_in(text, ZONE)
    seconds_of(text)
