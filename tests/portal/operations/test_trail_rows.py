"""Rows of the trail in words."""

from quetsach_portal.operations.trail_rows import act_word, actor_word, changes_of, object_word


def test_a_row_is_told_in_the_words_of_the_pages() -> None:
    assert act_word("case.judged") == "Kết luận vụ việc theo chứng cứ"
    assert object_word("case", "5") == "vụ việc 5"
    assert actor_word("system") == "hệ thống"
    judged = {"state": ["infected", "handled"], "outcome": ["", ""]}
    assert changes_of(judged) == ["trạng thái: Đang nhiễm → Đã xử lý, đang theo dõi"]


def test_what_is_not_known_stands_as_it_was_recorded() -> None:
    assert act_word("old.act") == "old.act"
    assert changes_of({"odd": "a", "wide": {"in": 1}, "no": [None, 3]}) == [
        "odd: a",
        "wide: in: 1",
        "đợt: – → 3",
    ]


def test_long_numbers_are_cut_and_lists_are_listed() -> None:
    assert object_word("file", "4894f3f3-f3eb-41e7-b9ed-8d01767b12de") == "tệp 4894f3f3"
    assert changes_of({"sha256": "ab" * 32, "kinds": ["staff", "public"], "done": []}) == [
        "SHA-256: abababababababab…",
        "các loại: Cán bộ, công chức, viên chức, Người dân",
    ]
