"""The forms of handing in: one kind has to be chosen, days have bounds, findings are one ZIP."""

import pytest
from django.utils import timezone

from quetsach_portal.intake.forms import (
    KINDS,
    TABLE_KINDS,
    BeginForm,
    KindForm,
    RulesForm,
    TableForm,
    TableKindForm,
)
from quetsach_portal.people.models.account import User
from quetsach_portal.units.models import OrgUnit


@pytest.mark.parametrize(("form", "kinds"), [(KindForm, KINDS), (TableKindForm, TABLE_KINDS)])
def test_one_kind_has_to_be_chosen(form, kinds) -> None:
    assert all(form({"kind": kind}).is_valid() for kind in kinds)
    assert [str(error) for error in form({}).errors["kind"]] == ["Hãy chọn một mục."]
    assert "kind" in form({"kind": "other"}).errors


@pytest.mark.parametrize(("days", "is_valid"), [(0, False), (1, True), (365, True), (366, False)])
def test_raw_logs_are_kept_for_a_day_to_a_year(days: int, is_valid: bool) -> None:
    assert RulesForm({"keep_raw_days": days}).is_valid() is is_valid


def test_findings_are_a_zip_and_a_table_is_of_today_until_somebody_says_otherwise() -> None:
    about = {"unit": OrgUnit(path="/1/"), "user": User(pk=1)}
    findings = BeginForm(kind="findings", **about)
    assert findings.fields["file"].widget.attrs["accept"] == ".zip"
    assert "accept" not in BeginForm(kind="logs", **about).fields["file"].widget.attrs
    table = TableForm(kind="inventory", **about)
    assert table["as_of"].initial == timezone.localdate()
    assert ".xlsx" in table.fields["file"].widget.attrs["accept"]
