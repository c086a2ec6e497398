"""Each reason has its words, and each fits the table."""

from quetsach_portal.reports.models.looked import GapReason, ReportLook


def test_each_reason_fits_its_field_and_has_words() -> None:
    field = ReportLook._meta.get_field("reason_code")
    assert field.max_length is not None
    assert all(len(reason.value) <= field.max_length and reason.label for reason in GapReason)
