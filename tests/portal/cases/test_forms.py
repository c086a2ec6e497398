"""The forms about cases: what each act needs, and choices that are none."""

import pytest

from quetsach_portal.cases.forms import BulkForm, RuleForm, chosen_in
from quetsach_portal.cases.models.case import CaseRule


@pytest.mark.parametrize(
    ("posted", "chosen"),
    [
        (["7:2", "9:1"], {7: 2, 9: 1}),
        (["7:2", "7:3"], {7: 3}),
        (["x", "7", ":", "1:2:3", "-1:1", "９:1", ""], {}),
    ],
)
def test_a_choice_is_a_case_with_the_version_that_was_seen(
    posted: list[str], chosen: dict[int, int]
) -> None:
    assert chosen_in(posted) == chosen


@pytest.mark.parametrize(
    ("act", "wrong"), [("assign", set()), ("isolate", set()), ("due", {"due_on"}), ("x", {"act"})]
)
def test_a_due_date_for_many_needs_its_day(act: str, wrong: set[str]) -> None:
    assert set(BulkForm({"act": act}, people=[]).errors) == wrong


def test_the_form_of_a_rule_begins_with_the_rule_itself() -> None:
    rule = CaseRule(due_days=3, covered_days=9, alive_days=2)
    assert RuleForm.of(rule) == {"due_days": 3, "covered_days": 9, "alive_days": 2}
    assert set(RuleForm({**RuleForm.of(rule), "due_days": 0}).errors) == {"due_days"}
