"""The body of a letter goes into an editor and comes back as it was."""

from hypothesis import example, given
from hypothesis import strategies as st

from quetsach.documents.letters.files import as_plain, from_plain
from quetsach.documents.letters.letter import LetterPassage, PassageLevel
from quetsach.documents.typeset.content import TextRun
from tests.documents.letters import passage, usual

WORDS = st.text(st.sampled_from("ab*đ ế.1)-&<{"), min_size=1, max_size=12).map(
    lambda text: f"x{' '.join(text.split())}x"
)


@st.composite
def bodies(draw: st.DrawFn) -> tuple[LetterPassage, ...]:
    def one() -> LetterPassage:
        texts = draw(st.lists(WORDS, min_size=1, max_size=3))
        begin = draw(st.booleans())
        pieces = tuple(TextRun(text, strong=begin ^ (n % 2 == 1)) for n, text in enumerate(texts))
        return LetterPassage(pieces, draw(st.sampled_from(list(PassageLevel))))

    return tuple(one() for _ in range(draw(st.integers(1, 4))))


def test_a_letter_reads_as_it_will_be_printed() -> None:
    assert as_plain(usual().text.body).split("\n") == [
        "Chủ tịch Ủy ban nhân dân huyện có ý kiến như sau:",
        "1. Triển khai phát động Chiến dịch.",
        "2. Báo cáo kết quả thực hiện **trước ngày 29/9/2022 (theo Phụ lục đính kèm).**",
    ]


@given(bodies())
@example((passage("x) 1x"), passage("1. x"), passage("- x"), passage("1. x", PassageLevel.POINT)))
def test_what_is_written_is_read_back(body: tuple[LetterPassage, ...]) -> None:
    assert from_plain(as_plain(body)) == body


def test_lines_become_passages_of_their_level() -> None:
    told = from_plain("Mở đầu:\r\n\n 7. một\na) hai\nđ) ba\n- bốn\n– năm\n12/9 là ngày\n1.\n")
    assert [(one.level, one.text) for one in told] == [
        (PassageLevel.PLAIN, "Mở đầu:"),
        (PassageLevel.POINT, "một"),
        (PassageLevel.SUBPOINT, "hai"),
        (PassageLevel.SUBPOINT, "ba"),
        (PassageLevel.DASH, "bốn"),
        (PassageLevel.DASH, "năm"),
        (PassageLevel.PLAIN, "12/9 là ngày"),
        (PassageLevel.PLAIN, "1."),
    ]


def test_emphasis_without_an_end_is_two_asterisks() -> None:
    assert from_plain("a ** b") == (passage("a ** b"),)
    assert from_plain("a **b** c ** d")[0].pieces == (
        TextRun("a "),
        TextRun("b", strong=True),
        TextRun(" c ** d"),
    )
    assert from_plain(r"2 \* 3") == (passage("2 * 3"),)
