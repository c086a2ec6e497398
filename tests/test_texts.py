"""Visible texts: Vietnamese unless English is asked for."""

from collections.abc import Iterator

import pytest

from quetsach.texts import Language, _, in_language, language, language_of, use_language


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
