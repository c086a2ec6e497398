"""Times of notices in every spelling that authorities use."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.clocks import MICROSECONDS
from quetsach.notices.moments import VIETNAM, moment_of, moments_in


@pytest.mark.parametrize(
    ("text", "iso", "digits"),
    [
        ("2022-09-12 05:00:07", "2022-09-12T05:00:07+00:00", "second"),
        ("2022-09-12T05:00:07.123456Z", "2022-09-12T05:00:07.123456+00:00", "second"),
        ("2022-09-12 05:00:07 UTC", "2022-09-12T05:00:07+00:00", "second"),
        ("2022-09-12 12:00:07 +0700", "2022-09-12T05:00:07+00:00", "second"),
        ("2023-08-16 00:54:56 -0400", "2023-08-16T04:54:56+00:00", "second"),
        ("12/09/2022 12:00:07 (GMT+7)", "2022-09-12T05:00:07+00:00", "second"),
        ("2022/9/2 05:00", "2022-09-02T05:00:00+00:00", "minute"),
        ("02-09-2022", "2022-09-02T00:00:00+00:00", "day"),
        ("05h07' ngày 12/9/2022", "2022-09-12T05:07:00+00:00", "minute"),
        ("5 giờ 07 phút, ngày 12/9/2022", "2022-09-12T05:07:00+00:00", "minute"),
        ("9/12/2022 5:00:07 AM", "2022-12-09T05:00:07+00:00", "second"),
        ("9/12/2022 5:00:07 PM", "2022-12-09T17:00:07+00:00", "second"),
        ("1662958800", "2022-09-12T05:00:00+00:00", "second"),
    ],
)
def test_each_spelling_is_read(text: str, iso: str, digits: str) -> None:
    found = moment_of(text, UTC)
    assert found is not None
    assert found.us == round(datetime.fromisoformat(iso).timestamp() * MICROSECONDS)
    assert found.digits == digits


def test_the_zone_is_told_only_where_none_was_written() -> None:
    assert moments_in("2022-09-12 05:00:00", VIETNAM)[0].zone == "Asia/Ho_Chi_Minh"
    assert moments_in("2022-09-12 05:00:00", UTC)[0].zone == "UTC"
    assert moments_in("2022-09-12 05:00:00Z", VIETNAM)[0].zone == ""


@pytest.mark.parametrize(
    "text",
    ["", "hôm qua", "30/02/2022", "12/09/2022 25:00", "2022-09", "12:00", "1/1/1970", "9" * 101],
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert moment_of(text, UTC) is None


def test_a_period_has_its_two_ends_whichever_side_the_clock_stands_on() -> None:
    behind = moments_in("12/09/2022 08:00 - 13/09/2022 09:00", UTC)
    before = moments_in("từ 08:00 12/09/2022 đến 09:00 13/09/2022", UTC)
    assert [one.us for one in behind] == [one.us for one in before]
    assert len(behind) == 2


@given(st.datetimes(datetime(1991, 1, 1), datetime(2099, 1, 1)))
def test_what_is_written_is_read_back(when: datetime) -> None:
    aware = when.replace(tzinfo=UTC)
    found = moment_of(aware.isoformat(sep=" "), VIETNAM)
    assert found is not None
    assert (found.us, found.zone) == (
        (aware - datetime(1970, 1, 1, tzinfo=UTC)).days * 86_400 * MICROSECONDS
        + (aware - datetime(1970, 1, 1, tzinfo=UTC)).seconds * MICROSECONDS
        + when.microsecond,
        "",
    )


@given(st.text(alphabet="0123456789/-:. TZhngày+giờUTC()", max_size=100))
def test_no_text_breaks_the_reading(text: str) -> None:
    assert len(moments_in(text, UTC)) <= 2
