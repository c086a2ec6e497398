"""The line that names the columns of a feed."""

from quetsach.indicators.formats.contract import ListFile
from quetsach.indicators.formats.headings import cells_of, headers_of


def _headers(text: str) -> list[tuple[str, list[str], bool]]:
    return [tuple(one) for one in headers_of(ListFile("x", "0", text.encode()))]


def test_a_header_is_found_in_comments_and_in_the_first_row() -> None:
    text = '#####\n# Feed, of 7 rows\n# "a","b c","d"\n#x|y|z\n"e","f","g"\n1,2,3\n'
    assert _headers(text) == [
        (",", ["a", "b_c", "d"], True),
        ("|", ["x", "y", "z"], True),
        (",", ["e", "f", "g"], False),
    ]


def test_the_word_before_the_columns_is_no_column() -> None:
    assert _headers("# Format: report|ip|asn\n") == [("|", ["report", "ip", "asn"], True)]


def test_sentences_are_no_header() -> None:
    assert _headers("# See http://a.example/, and (c) 2022, all rights\n") == []


def test_quotes_that_never_close_are_no_cells() -> None:
    assert cells_of('"a", "b"', ",") == ["a", "b"]
    assert cells_of('"a", "b', ",") is None
