"""Due dates: which words shut the day out, which let it in, and which leave it open."""

from datetime import date

import pytest

from quetsach.letters.due import KnownDate, days, dues_in
from quetsach.letters.lines import fold_accents
from quetsach.letters.model import DueDate, OpenQuestions, Quote
from quetsach.readers.contract import BlockPlace

NOWHERE = BlockPlace()


def dues(words: str, dated: KnownDate | None = None) -> tuple[tuple[DueDate, ...], list[str]]:
    opened = OpenQuestions()
    found = dues_in(Quote(words, NOWHERE), dated or KnownDate(), opened, "dues")
    return found, [one.code for one in opened.questions]


@pytest.mark.parametrize(
    ("words", "last", "inclusive"),
    [
        ("báo cáo trước ngày 29/9/2022", "2022-09-28T23:59:59+07:00", False),
        ("báo cáo trước 29/9/2022", "2022-09-28T23:59:59+07:00", False),
        ("báo cáo trước ngày 01/01/2023", "2022-12-31T23:59:59+07:00", False),
        ("báo cáo trước ngày 29 tháng 9 năm 2022", "2022-09-28T23:59:59+07:00", False),
        ("báo cáo trước 17h00 ngày 29/9/2022", "2022-09-29T16:59:59+07:00", False),
        ("báo cáo trước 17 giờ 30 phút ngày 29/9/2022", "2022-09-29T17:29:59+07:00", False),
        ("báo cáo trước 5h chiều ngày 29/9/2022", "2022-09-29T16:59:59+07:00", False),
        ("báo cáo chậm nhất ngày 29/9/2022", "2022-09-29T23:59:59+07:00", True),
        ("báo cáo chậm nhất là ngày 29-9-2022", "2022-09-29T23:59:59+07:00", True),
        ("báo cáo chậm nhất 17h00 ngày 29.9.2022", "2022-09-29T17:00:00+07:00", True),
        ("báo cáo chậm nhất trước ngày 29/9/2022", "2022-09-28T23:59:59+07:00", False),
        ("thực hiện đến hết ngày 29/9/2022", "2022-09-29T23:59:59+07:00", True),
        ("hoàn thành trong ngày 29/9/2022", "2022-09-29T23:59:59+07:00", True),
        ("hoàn thành trong tháng 9/2022", "2022-09-30T23:59:59+07:00", True),
        ("hoàn thành trong tháng 02 năm 2024", "2024-02-29T23:59:59+07:00", True),
        ("hoàn thành trước tháng 10/2022", "2022-09-30T23:59:59+07:00", False),
        ("bao cao truoc ngay 29/9/2022", "2022-09-28T23:59:59+07:00", False),
        ("gửi trước ngày29tháng9năm2022", "2022-09-28T23:59:59+07:00", False),
        ("report before 29 September 2022", "2022-09-28T23:59:59+07:00", False),
        ("report by September 29, 2022", "2022-09-29T23:59:59+07:00", True),
    ],
)
def test_a_due_date_is_the_last_moment_in_time(words: str, last: str, inclusive: bool) -> None:
    (found,), asked = dues(words)
    assert (found.last_moment, found.inclusive, asked) == (last, inclusive, [])
    assert found.words in words


@pytest.mark.parametrize(
    "words",
    [
        "báo cáo trước ngày 31/2/2022",
        "báo cáo chậm nhất ngày 30 tháng 02 năm 2024",
        "báo cáo trước ngày 12/13/2022",
        "hoàn thành trong tháng 13/2022",
    ],
)
def test_an_impossible_day_is_asked_for(words: str) -> None:
    (found,), asked = dues(words)
    assert (found.last_moment, asked) == (None, ["date-impossible"])


def test_a_day_without_a_year_takes_the_year_of_the_letter_alone() -> None:
    (found,), asked = dues("báo cáo trước ngày 29/9", KnownDate(2022, date(2022, 9, 12)))
    assert (found.last_moment, asked) == ("2022-09-28T23:59:59+07:00", [])
    (found,), asked = dues("báo cáo trước ngày 29/9")
    assert (found.last_moment, asked) == (None, ["due-year"])


def test_a_year_is_not_guessed_where_the_day_would_lie_before_the_letter() -> None:
    (found,), asked = dues("báo cáo trước ngày 15/01", KnownDate(2022, date(2022, 12, 20)))
    assert (found.last_moment, asked) == (None, ["due-year"])


def test_a_limit_without_before_or_until_is_asked_for() -> None:
    (found,), asked = dues("Hạn báo cáo: 29/9/2022")
    assert (found.last_moment, asked) == (None, ["due-unclear"])


def test_a_repeated_due_date_names_its_day_and_no_moment() -> None:
    (monthly,), _asked = dues("báo cáo trước ngày 15 hằng tháng")
    assert (monthly.repeats, monthly.day, monthly.inclusive) == ("monthly", 15, False)
    (weekly,), _asked = dues("báo cáo trước 16h00 thứ Sáu hàng tuần")
    assert (weekly.repeats, weekly.day, weekly.last_moment) == ("weekly", 5, None)


def test_two_due_dates_of_one_sentence_are_both_kept() -> None:
    found, _asked = dues("lần 1 trước ngày 15/9/2022, lần 2 chậm nhất ngày 30/9/2022")
    assert [one.last_moment for one in found] == [
        "2022-09-14T23:59:59+07:00",
        "2022-09-30T23:59:59+07:00",
    ]


@pytest.mark.parametrize(
    "words",
    [
        "Trong ngày 27/6/2022, hệ thống ghi nhận 3 kết nối",
        "Trước hết, ngày 1/9/2022 họp triển khai",
        "hoàn thành trong ngày làm việc",
        "Công văn số 1790/STTTT ngày 09/9/2022",
        "trước địa chỉ 192.0.2.1",
        "từ ngày 01/9/2022 đến ngày 30/9/2022",
    ],
)
def test_what_only_tells_a_day_is_no_due_date(words: str) -> None:
    assert dues(words) == ((), [])


@pytest.mark.parametrize(
    "words",
    [
        "9/9/2022",
        "09/9/2022",
        "09/09/2022",
        "9-9-2022",
        "9.9.2022",
        "ngày 09 tháng 9 năm 2022",
        "ngày 9 tháng 09, năm 2022",
        "ngay 9 thang 9 nam 2022",
        "9 September 2022",
        "9th Sep 2022",
        "September 9, 2022",
    ],
)
def test_every_form_is_the_same_day(words: str) -> None:
    assert [one.value for one in days(fold_accents(f"của {words}, về"))] == [date(2022, 9, 9)]


@pytest.mark.parametrize(
    "words",
    ["1.9.2022.5", "12/9/2022/QĐ", "192.0.2.19", "v1.9.20221", "29/2022/TT-BTC", "1/9-2022"],
)
def test_what_looks_like_a_day_but_is_none_is_left(words: str) -> None:
    assert list(days(fold_accents(words))) == []


def test_a_day_that_the_calendar_lacks_has_no_value() -> None:
    assert [one.value for one in days("31/2/2022 29/2/2023 29/2/2024")] == [
        None,
        None,
        date(2024, 2, 29),
    ]
