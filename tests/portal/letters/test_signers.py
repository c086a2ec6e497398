"""TM. where a committee speaks, KT. for deputies, nothing where the head signs alone."""

import pytest

from quetsach_portal.letters.signers import speaks_as_body, standing_of, with_standing

UBND = "Ủy ban nhân dân xã Một"


@pytest.mark.parametrize(
    ("body", "post", "is_collective", "expected"),
    [
        (UBND, "Chủ tịch", True, ("TM.", "Ủy ban nhân dân", "")),
        ("UBND xã Một", "Chủ tịch", True, ("TM.", "Ủy ban nhân dân", "")),
        (UBND, "Phó Chủ tịch", True, ("KT.", "Chủ tịch", "Ủy ban nhân dân")),
        (UBND, "Phó chủ tịch", False, ("KT.", "Chủ tịch", "")),
        (UBND, "Chủ tịch", False, ("", "", "")),
        ("Phòng Nội vụ", "Trưởng phòng", True, ("", "", "")),
        ("Phòng Nội vụ", "Phó Trưởng phòng", True, ("KT.", "Trưởng phòng", "")),
        ("Trường Tiểu học A", "Hiệu trưởng", True, ("", "", "")),
    ],
)
def test_the_office_of_the_signer_decides_the_capacity(body, post, is_collective, expected) -> None:
    fields = standing_of(body, post, is_collective=is_collective)
    assert (fields["capacity"], fields["capacity_of"], fields["on_behalf_of"]) == expected


def test_what_somebody_chose_stays_and_a_deputy_gets_the_line_of_the_body() -> None:
    typed = {"signer_post": "Chánh Văn phòng", "capacity": "TL.", "capacity_of": "Chủ tịch"}
    assert with_standing(UBND, {**typed, "on_behalf_of": ""}, is_collective=True) == {
        **typed,
        "on_behalf_of": "",
    }
    deputy = {
        "signer_post": "Phó Chủ tịch",
        "capacity": "KT.",
        "capacity_of": "Chủ tịch",
        "on_behalf_of": "",
    }
    assert with_standing(UBND, deputy, is_collective=True)["on_behalf_of"] == "Ủy ban nhân dân"
    assert with_standing(UBND, deputy, is_collective=False)["on_behalf_of"] == ""


def test_a_letter_of_the_chairman_alone_is_not_the_committees() -> None:
    assert not speaks_as_body("Chủ tịch Ủy ban nhân dân huyện")
    assert speaks_as_body("Ủy ban nhân dân huyện")
