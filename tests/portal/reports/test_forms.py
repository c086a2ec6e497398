"""The small forms of reports: a number with its sign, and a remark on each field."""

import pytest
from django.http import QueryDict

from quetsach.api.reports import QuetsachError, shipped_form
from quetsach_portal.reports.forms import ReportReviewForm, TotalForm, signed_count
from quetsach_portal.reports.models.report import ReportDraft

FORM = shipped_form("phu-luc-2022")
FIRST = FORM.counts()[0].id


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", 3), ("+3", 3), ("-3", -3), ("−1.234", -1234), ("–2", -2), ("-0", 0)],
)
def test_an_adjustment_is_a_whole_number_with_or_without_a_sign(text: str, number: int) -> None:
    assert signed_count(text) == number


@pytest.mark.parametrize("text", ["-", "1.5", "-1-2", "12a", "٣x"])
def test_what_is_no_number_is_refused_at_its_field(text: str) -> None:
    with pytest.raises(QuetsachError):
        signed_count(text)
    form = _total(**{f"adjust-{FIRST}": text, f"why-{FIRST}": "sót"})
    assert not form.is_valid()
    assert list(form.errors) == [f"adjust-{FIRST}"]


def test_adjustments_are_those_that_were_typed_with_their_reasons() -> None:
    form = _total(**{f"adjust-{FIRST}": " -2 ", f"why-{FIRST}": "báo hai nơi"})
    assert form.is_valid(), form.errors
    assert form.adjustments() == {FIRST: (-2, "báo hai nơi")}
    assert [key for key, _amount, _why in form.boxes()] == [row.id for row in FORM.counts()]


def _total(**posted: str) -> TotalForm:
    data = QueryDict(mutable=True)
    data.update({"revision": "1", **posted})
    return TotalForm(FORM.counts(), ReportDraft(adjustments={}), data)


def test_a_review_has_a_box_for_each_field_and_for_the_whole() -> None:
    data = QueryDict(mutable=True)
    data.update({f"r-{FIRST}": "Đếm lại.", "r-": "Gửi sớm.", "day": "", "hour": ""})
    form = ReportReviewForm(FORM, data)
    assert form.is_valid(), form.errors
    remarks = {key: text for key, text in form.remarks().items() if text}
    assert remarks == {FIRST: "Đếm lại.", "": "Gửi sớm."}
    assert form.until() is None
