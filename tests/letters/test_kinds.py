"""The kind of a letter, by its code and its title."""

import pytest

from tests.letters.heads import head
from tests.letters.texts import codes, letter_of


@pytest.mark.parametrize(
    ("code", "title", "kind"),
    [
        ("UBND-TH", "", "công văn"),
        ("KH-UBND", "KẾ HOẠCH", "kế hoạch"),
        ("BC-UBND", "BÁO CÁO", "báo cáo"),
        ("TB-UBND", "", "thông báo"),
        ("TTr-UBND", "TỜ TRÌNH", "tờ trình"),
    ],
)
def test_the_kind_is_told_by_code_and_title(code: str, title: str, kind: str) -> None:
    lines = ["UBND XÃ HOA LƯ", f"Số: 12/{code}", *([title] if title else []), "Về việc rà soát"]
    letter = letter_of(head(*lines))
    assert letter.kind.value == kind


def test_a_code_that_says_another_kind_than_the_title_is_a_question() -> None:
    letter = letter_of(head("UBND XÃ HOA LƯ", "Số: 12/KH-UBND", "BÁO CÁO", "Kết quả rà soát"))
    assert letter.kind.value is None
    assert "kind-differs" in codes(letter)
