"""Requirement codes: each that is used has its line in docs/requirements.md, each line a test."""

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
LINE = re.compile(r"- \*\*([A-Z][0-9]{1,2})\*\* \S.+\.")
TEST_NAME = re.compile(r"^\s*(?:async )?def (test_\w+)", re.MULTILINE)
IN_NAME = re.compile(r"test_((?:[A-Za-z][0-9]{1,2}_)+)")
# In comments and docstrings codes stand in brackets: (A4), (A8, A11), (nothing happens: A7).
IN_TEXT = re.compile(r"\((?:[^()]*: )?([A-Z][0-9]{1,2}(?:, [A-Z][0-9]{1,2})*)\)")


def listed() -> list[str]:
    lines = (ROOT / "docs/requirements.md").read_text().splitlines()
    return [LINE.fullmatch(line)[1] for line in lines if line.startswith("- ")]  # type: ignore[index]


def in_tests() -> Iterator[tuple[str, str]]:
    """Yield each code in the name of a test, with that name."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for name in TEST_NAME.findall(path.read_text()):
            if codes := IN_NAME.match(name):
                yield from ((code, name) for code in codes[1].rstrip("_").split("_"))


def texts_of(source: str) -> Iterator[str]:
    """Yield the comments and docstrings of Python source."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT or token.string.startswith('"""'):
            yield token.string


def in_source() -> Iterator[tuple[str, str]]:
    """Yield each code in a comment or docstring of src, with its file."""
    for path in sorted((ROOT / "src").rglob("*.py")):
        source = path.read_text()
        texts = texts_of(source) if IN_TEXT.search(source) else ()
        for text in texts:
            for codes in IN_TEXT.findall(text):
                yield from ((code, str(path.relative_to(ROOT))) for code in codes.split(", "))


def test_each_line_is_one_code_and_they_stand_in_order() -> None:
    codes = listed()
    assert codes
    assert codes == sorted(set(codes), key=lambda code: (code[0], int(code[1:])))


def test_each_code_in_the_name_of_a_test_has_its_line() -> None:
    codes = listed()
    assert [pair for pair in in_tests() if pair[0] not in codes] == []


def test_each_code_in_the_source_has_its_line() -> None:
    codes, used = listed(), list(in_source())
    assert used
    assert [pair for pair in used if pair[0] not in codes] == []


def test_each_line_is_kept_by_a_test() -> None:
    assert set(listed()) - {code for code, _ in in_tests()} == set()


def test_codes_are_found_where_they_stand() -> None:
    source = (
        '"""Links (A8, A11)."""\npaper = "(Z9)"  # by GET nothing happens (harm: A7); (A4 paper)\n'
    )
    assert [code for text in texts_of(source) for code in IN_TEXT.findall(text)] == [
        "A8, A11",
        "A7",
    ]
