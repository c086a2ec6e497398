"""Each part of the texts has a name of its own that people can read."""

from quetsach_portal.publishing.spoken.part_titles import LANGUAGE_TITLES, PART_TITLES
from quetsach_public.pages.campaign import LANGUAGES
from quetsach_public.pages.reviews import translated_texts


def test_every_part_of_the_texts_is_called_something_and_no_two_the_same() -> None:
    parts = [key.rpartition(".")[0] or "page" for key in translated_texts("km")]
    assert list(dict.fromkeys(parts)) == list(PART_TITLES)
    titles = {str(title) for title in PART_TITLES.values()}
    assert len(titles) == len(PART_TITLES)


def test_every_language_of_the_page_is_called_something() -> None:
    assert list(LANGUAGE_TITLES) == list(LANGUAGES)
