"""What people type about letters, sound and damaged."""

import pytest

from quetsach_portal.letters.release_forms import (
    BounceForm,
    HandOverForm,
    LetterReasonForm,
    StartForm,
)

NUMBERED = {
    "number": "5",
    "code": " ubnd-th ",
    "signed_on": "2022-09-12",
    "signer_name": "Tăng Thị Thắm",
    "signer_post": "Phó Chủ tịch",
    "capacity": "KT.",
    "capacity_of": "Chủ tịch",
}


@pytest.mark.parametrize(
    ("form", "field", "value"),
    [
        (LetterReasonForm, "why", " "),
        (StartForm, "per_second", "-1"),
        (StartForm, "per_second", "1001"),
        (BounceForm, "text", "x" * 501),
        (HandOverForm, "on", "hôm qua"),
    ],
)
def test_what_cannot_be_meant_is_refused(form: type, field: str, value: str) -> None:
    assert field in form({field: value}).errors
