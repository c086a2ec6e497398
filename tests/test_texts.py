"""Visible texts: Vietnamese unless English is asked for."""

from collections.abc import Iterator

import pytest

from quetsach.texts import (
    Language,
    _,
    counted,
    in_language,
    language,
    language_of,
    use_language,
)


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    before = language()
    yield
    use_language(before)


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [
        ({}, "vi"),
        ({"LANG": "C.UTF-8"}, "vi"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "vi_VN.UTF-8"}, "vi"),
        ({"LANG": "vi_VN.UTF-8", "LC_MESSAGES": "en"}, "en"),
        ({"LC_ALL": "", "LANG": "EN_us"}, "en"),
    ],
)
def test_the_environment_says_the_language(environ: dict[str, str], wanted: Language) -> None:
    assert language_of(environ) == wanted


def test_english_texts_are_the_message_ids_themselves() -> None:
    use_language("en")
    assert _("the file is empty") == "the file is empty"


def test_a_text_nobody_translated_is_shown_in_english() -> None:
    use_language("vi")
    assert _("no such text anywhere") == "no such text anywhere"


def test_the_empty_text_stays_empty() -> None:
    # gettext would answer with the header of the catalogue.
    use_language("vi")
    assert _("") == ""


def test_a_language_for_a_while_ends_even_with_an_error() -> None:
    use_language("vi")
    with in_language("en"):
        assert language() == "en"
        with in_language(None):
            assert language() == "en"
    assert language() == "vi"
    with pytest.raises(ValueError, match="x"), in_language("en"):
        raise ValueError("x")
    assert language() == "vi"


@pytest.mark.parametrize(
    ("lines", "files", "said"),
    [
        (1, "2", "1 line of 2 files: 1 lines.log"),
        ("1,001", "1", "1,001 lines of 1 file: 1 lines.log"),
        ("0", "11", "0 lines of 11 files: 1 lines.log"),
    ],
)
def test_a_noun_behind_a_one_is_in_the_singular_and_names_of_files_stay(
    lines: object, files: object, said: str
) -> None:
    facts = {"lines": lines, "files": files, "path": "1 lines.log"}
    assert counted("%(lines)s lines of %(files)s files: %(path)s", facts) == said
