"""What a line's end cut in two is put together where only the whole is a value."""

import pytest

from quetsach.indicators.formats.passages import TextPassage, cell_pieces, rejoin_values, whole_kind
from quetsach.indicators.model import IndicatorKind
from quetsach.indicators.options import ListOptions

OPTIONS = ListOptions()
HALF = "0a" * 16


@pytest.mark.parametrize(
    ("cell", "pieces"),
    [
        ("evil[.]\ncom", [("evil[.]com", False)]),
        ("203.0.\n113.7", [("203.0.113.7", False)]),
        ("hxxps://evil[.]com/long-\npath/x.php", [("hxxps://evil[.]com/long-path/x.php", False)]),
        ("evil.com\n.vn", [("evil.com.vn", False)]),
        ("a.example\nb.example", [("a.example", False), ("b.example", False)]),
        ("203.0.113.7\n203.0.113.8", [("203.0.113.7", False), ("203.0.113.8", False)]),
        ("hxxp://evil[.]com/a\nEmotet", [("hxxp://evil[.]com/a", False), ("Emotet", False)]),
        ("evil.co\nm", [("evil.com", True)]),
        ("203.0.113.1\n5", [("203.0.113.15", True)]),
        ("a.example (chính)\nb.example", [("a.example (chính)", False), ("b.example", False)]),
        ("01ab23cd\n" * 4, [("01ab23cd" * 4, False)]),
        (
            f"{'0a' * 8}1\n{'0b' * 8}\n{'0c' * 8}\n{'0d' * 7}\n0",
            [
                (f"{'0a' * 8}1{'0b' * 8}{'0c' * 8}{'0d' * 7}0", False),
            ],
        ),
        ("203.0.113.10\nđến\n203.0.113.17", [("203.0.113.10 đến 203.0.113.17", False)]),
        ("203.0.113.10 -\n203.0.113.17", [("203.0.113.10 - 203.0.113.17", False)]),
        (
            "203[.]0[.]113[.]10\n- 203[.]0[.]113[.]17",
            [
                ("203[.]0[.]113[.]10 - 203[.]0[.]113[.]17", False),
            ],
        ),
    ],
)
def test_pieces_of_a_cell_are_joined_or_asked_about(
    cell: str, pieces: list[tuple[str, bool]]
) -> None:
    assert cell_pieces(cell, OPTIONS) == pieces


def test_two_halves_of_a_hash_are_one_where_the_heading_says_so() -> None:
    assert cell_pieces(f"{HALF}\n{HALF}", OPTIONS, 64) == [(HALF * 2, False)]
    assert cell_pieces(f"{HALF}\n{HALF}", OPTIONS, 32) == [(HALF, False), (HALF, False)]
    assert cell_pieces(f"{HALF}\n{HALF}", OPTIONS) == [(HALF, False), (HALF, False)]


def test_one_value_from_end_to_end_is_told_from_more() -> None:
    assert whole_kind("evil[.]com", OPTIONS) is IndicatorKind.NAME
    assert whole_kind("evil[.]com và", OPTIONS) is None
    assert whole_kind("a.example,b.example", OPTIONS) is None


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["- hxxps[:]//evil[.]com/?a=", "  B123", "- c2[.]example"],
         ["- hxxps[:]//evil[.]com/?a=B123", "- c2[.]example"]),
        (["xem hxxps://evil[.]com/a-", "b.php và báo cáo"],
         ["xem hxxps://evil[.]com/a-b.php và báo cáo"]),
        (["đã chặn evil[.]", "com hôm qua"], ["đã chặn evil[.]com hôm qua"]),
        (["đã xử lý.", "VN cần báo cáo"], ["đã xử lý.", "VN cần báo cáo"]),
        (["- hxxp://evil[.]com/a/", "- hxxp://evil[.]com/b"],
         ["- hxxp://evil[.]com/a/", "- hxxp://evil[.]com/b"]),
        (["hxxp://evil[.]com/a", "Ghi"], ["hxxp://evil[.]com/a", "Ghi"]),
        (["chặn update[.]", "kms[.]example ngay"], ["chặn update[.]kms[.]example ngay"]),
        (["chặn update", "[.]kms[.]example ngay"], ["chặn update[.]kms[.]example ngay"]),
        (["tên miền update .", "kms[.]example"], ["tên miền update . kms[.]example"]),
        (["tên miền update", ". kms[.]example"], ["tên miền update . kms[.]example"]),
        (["từ 203.0.113.4 đến", "203.0.113.7"], ["từ 203.0.113.4 đến 203.0.113.7"]),
        (["từ 203.0.113.4", "đến 203.0.113.7"], ["từ 203.0.113.4 đến 203.0.113.7"]),
        (["hxxps://evil[.]com/a-", "Trang 2/5", "b.php"], ["hxxps://evil[.]com/a-b.php"]),
    ],
)  # fmt: skip
def test_lines_are_joined_only_within_a_value(lines: list[str], joined: list[str]) -> None:
    passages = [TextPassage(line, number) for number, line in enumerate(lines, start=1)]
    assert [one.text for one in rejoin_values(passages, OPTIONS)] == joined


@pytest.mark.parametrize(
    ("lines", "asked"),
    [
        (["xem hxxp://evil[.]com/long", "path/x.php và"], [("http://evil.com/long",), ()]),
        (["update.", "kms[.]example"], [(), ("kms.example",)]),
        (["Đề nghị các cơ quan, đơn vị rà soát theo danh sách sau.", "kms[.]example"], [(), ()]),
        (["1.", "kms[.]example"], [(), ()]),
    ],
)
def test_what_may_go_on_in_the_next_line_is_marked(
    lines: list[str], asked: list[tuple[str, ...]]
) -> None:
    passages = [TextPassage(line, number) for number, line in enumerate(lines, start=1)]
    assert [line.asked for line in rejoin_values(passages, OPTIONS)] == asked
