"""Each problem of handing in is told with its code, in the language of the page."""

import pytest

from quetsach_portal.intake.models import SubmissionState
from quetsach_portal.people.models.roles import Role
from tests.portal.intake import rows
from tests.portal.intake.rows import SignIn, text_of
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_problems_of_the_engine_are_told_in_the_language_of_the_page(
    world: World, client_of: SignIn
) -> None:
    row = rows.make_done(world, "TC01")
    client = client_of("TC01", Role.FOCAL_POINT)
    page = text_of(client, f"/evidence/{row.pk}/")
    assert "Dữ liệu nén bị đứt hoặc hỏng tại byte 1654" in page
    assert ">cut.gz<" in page
    world.user("TC01", Role.FOCAL_POINT).__class__.objects.update(language="en")
    page = text_of(client, f"/evidence/{row.pk}/")
    assert "break off or are damaged at byte 1654" in page
    assert "1 machine contacted malicious addresses" in page


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("H104", "cổng này chỉ đọc được đến phiên bản 0.1.0"),
        ("H202", "bộ nhớ"),
        ("H204", "Danh sách địa chỉ độc hại của chiến dịch không còn"),
        ("E305", "Thư mục"),
        ("X999", "x"),
    ],
)
def test_each_bad_end_is_told_with_its_code(
    world: World, client_of: SignIn, code: str, words: str
) -> None:
    facts = {"version": "9", "ours": "0.1.0", "reason": "x"}
    told = {"code": code, "where": "<b>&a.zip", "what": "x", "todo": "y", "facts": facts}
    row = rows.make_draft(world, "TC01", state=SubmissionState.REFUSED, told=told)
    page = text_of(client_of("TC01", Role.FOCAL_POINT), f"/evidence/{row.pk}/")
    assert words.lower() in page.lower()
    assert code in page
    assert "<b>&a" not in page
