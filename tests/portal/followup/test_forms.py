"""The forms of the follow-up read numbers, links and days as people write them."""

import pytest

from quetsach_portal.followup.forms import DeployForm, count_in


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        *((one, 1234) for one in ("1.234", "1,234", "1 234", " 1234 ", "１２３４")),
        *((one, None) for one in ("12a", "-1", "1e3", "1.5", "1.23.456", "")),
        ("0", 0),
    ],
)
def test_B5_numbers_as_people_write_them(typed: str, number: int | None) -> None:
    assert count_in(typed) == number


def test_B5_empty_is_not_zero_and_wrong_is_told() -> None:
    empty, wrong = (
        DeployForm({"done": ["announced"], "staff_told": typed}) for typed in ("", "1.5")
    )
    assert empty.is_valid()
    assert empty.cleaned_data["staff_told"] is None
    assert "staff_told" in wrong.errors


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "không phải"])
def test_a_link_that_is_no_web_address_is_refused(link: str) -> None:
    assert "links" in DeployForm({"links": link}).errors
