"""All languages say the same things."""

from collections.abc import Iterator
from string import Formatter
from typing import Any

import pytest

from quetsach_public.pages.campaign import LANGUAGES, prefix, texts
from quetsach_public.pages.materials.wording import words


def leaves(table: dict[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{before}{key}.")
        else:
            yield before + key, value


def places(text: str) -> set[str | None]:
    return {one[1] for one in Formatter().parse(text) if one[1] is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_every_text_with_its_places(language: str) -> None:
    first, own = dict(leaves(texts("vi"))), dict(leaves(texts(language)))
    assert own.keys() - {"review"} == first.keys()
    assert all(own[key].strip() and places(own[key]) == places(first[key]) for key in first)


def test_what_nobody_has_reviewed_says_so() -> None:
    assert "review" in texts("km")


def test_an_unknown_language_is_none() -> None:
    assert [prefix(one) for one in LANGUAGES] == ["", "/en", "/km"]
    with pytest.raises(KeyError):
        texts("../x")


JOINER = "\u2060"


def test_pages_and_materials_have_them_in_khmer_alone() -> None:
    assert JOINER in texts("km")["title"]
    assert JOINER in words("km")["poster"]["headline"]
    for language in ("vi", "en"):
        said = [*texts(language)["steps"]["windows"].values(), *words(language)["all"].values()]
        assert JOINER not in "".join(said)
