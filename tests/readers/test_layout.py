"""Words on a page become lines, columns and rows in the order a person reads them."""

from quetsach.readers.contract import BlockKind, ReadLimits
from quetsach.readers.gather import BlockCollector
from quetsach.readers.layout import PlacedWord, lines_of, take_words, text_of


def typed(text: str, x: float, y: float, *, first: bool = False) -> list[PlacedWord]:
    """Return the words of `text`, each letter 6 wide and 12 high, a blank as wide as a letter."""
    words, at = [], x
    for number, part in enumerate(text.split(" ")):
        if part:
            follows = bool(words) or (number > 0 and first)
            words.append(PlacedWord(part, at, y, at + 6 * len(part), y + 12, follows))
        at += 6 * (len(part) + 1)
    return words


def read(words: list[PlacedWord]) -> list[str]:
    out = BlockCollector("x", "pdf", ReadLimits())
    take_words(words, out, page=1)
    return [block.text for block in out.blocks]


def test_words_stand_in_lines_whatever_their_order_in_the_file() -> None:
    words = typed("dòng hai", 50, 120) + typed("dòng một", 50, 100)
    assert read(words) == ["dòng một", "dòng hai"]


def test_a_letterhead_is_read_column_by_column() -> None:
    words = typed("ỦY BAN NHÂN DÂN", 50, 100) + typed("HUYỆN TRÀ CÚ", 55, 115)
    words += typed("Số: 12/UBND-TH", 50, 130) + typed("V/v chiến dịch", 50, 145)
    words += typed("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 280, 100)
    words += typed("Độc lập - Tự do - Hạnh phúc", 300, 115)
    words += typed("Kính gửi: Các phòng, ban, ngành huyện", 150, 190)
    assert read(words) == [
        "ỦY BAN NHÂN DÂN",
        "HUYỆN TRÀ CÚ",
        "Số: 12/UBND-TH",
        "V/v chiến dịch",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Kính gửi: Các phòng, ban, ngành huyện",
    ]


def test_a_number_stamped_later_stands_where_it_was_stamped() -> None:
    words = typed("Số:       /CATTT-NCSC", 50, 100)
    words += typed("ngày     tháng     năm 2022", 300, 100)
    for text, x in (("941", 80), ("27", 330), ("06", 396)):
        words += typed(text, x, 100.8)
    assert read(words) == ["Số: 941 /CATTT-NCSC", "ngày 27 tháng 06 năm 2022"]


def test_a_number_stamped_right_before_the_slash_touches_it() -> None:
    words = typed("Số:    /CATTT", 50, 100) + typed("941", 74, 100)
    assert read(words) == ["Số: 941/CATTT"]


def test_three_columns_and_more_are_rows() -> None:
    words = [
        w for x, t in ((50, "1"), (120, "bad.example"), (300, "ghi chú")) for w in typed(t, x, 100)
    ]
    out = BlockCollector("x", "pdf", ReadLimits())
    take_words(words, out, page=4)
    (block,) = out.blocks
    assert (block.kind, block.cells) == (BlockKind.ROW, ("1", "bad.example", "ghi chú"))
    assert (block.place.page, block.place.line, block.place.table) == (4, 1, None)


def test_numbers_before_entries_are_rows_and_no_column_of_text() -> None:
    words: list[PlacedWord] = []
    for at, name in enumerate(("a.example", "b.example", "c.example")):
        words += typed(str(at + 1), 50, 100 + 15 * at) + typed(name, 100, 100 + 15 * at)
    assert read(words) == ["1\ta.example", "2\tb.example", "3\tc.example"]


def test_wide_blanks_between_typed_words_do_not_part_a_line() -> None:
    assert read(typed("Họ tên:     chức vụ", 50, 100)) == ["Họ tên: chức vụ"]


def test_raised_marks_stay_in_their_line() -> None:
    mark = PlacedWord("1", 104, 97, 108, 104)
    assert read([*typed("chú thích", 50, 100), mark, *typed("tiếp", 112, 100)]) == [
        "chú thích1 tiếp"
    ]


def test_the_lines_of_a_cell_are_kept() -> None:
    words = typed("http://bad.example/", 10, 10) + typed("rest of it", 10, 24)
    assert text_of(words) == "http://bad.example/\nrest of it"


def test_every_word_comes_out_once() -> None:
    words = [
        PlacedWord(
            f"w{n}", (n * 37) % 500, (n * 91) % 700, (n * 37) % 500 + 20, (n * 91) % 700 + 10
        )
        for n in range(400)
    ]
    # They may touch each other, but none may be lost.
    joined = "".join(read(words)).replace(" ", "").replace("\t", "")
    assert sorted(joined) == sorted("".join(word.text for word in words))
    assert sum(len(line.segments) for line in lines_of(words)) <= len(words)
