"""Words of strangers: what is left of them can end nothing and name nothing."""

import re
from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from quetsach.blocklists.entries import LONGEST_COMMENT, ascii_words, safe_url


def test_vietnamese_stays_readable() -> None:
    assert ascii_words("Mã độc Đánh cắp – Công văn số 2290/BTTTT") == (
        "Ma doc Danh cap Cong van so 2290 BTTTT"
    )


@given(st.text(max_size=300))
def test_a_comment_has_letters_digits_blanks_and_dashes_alone(text: str) -> None:
    said = ascii_words(text)
    assert re.fullmatch(r"[A-Za-z0-9 _-]*", said)
    assert len(said) <= LONGEST_COMMENT
    assert said == said.strip()


@given(st.text(max_size=100).filter(lambda text: "%" not in text))
def test_a_page_has_nothing_a_shell_or_a_quote_would_read(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    written = safe_url(text)
    assert not re.search(r"[\s\"'`$;<>|\\{}^#\x00-\x1f\x7f-\uffff]", written)
    assert unquote(written) == text
