"""All languages say the same things, and the loudspeaker needs a minute."""

import re
from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Any

import pytest

from quetsach_public.pages.campaign import LANGUAGES
from quetsach_public.pages.materials.wording import SPOKEN, spoken, words
from tests.public.made import CAMPAIGN

UNIT = "Ủy ban nhân dân xã Tập Sơn"


def leaves(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{before}{key}.")
        else:
            yield before + key, value


def places(text: str) -> set[str]:
    return {one[1] for one in Formatter().parse(text) if one[1]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_every_word_with_its_places(language: str) -> None:
    first, own = dict(leaves(words("vi"))), dict(leaves(words(language)))
    assert own.keys() == first.keys()
    assert all(own[key].strip() for key in own if key != "review")
    assert all(places(own[key]) == places(first[key]) for key in first)


def test_what_nobody_has_reviewed_says_so() -> None:
    assert words("km")["review"]
    assert not words("vi")["review"]


@pytest.mark.parametrize(("language", "least", "most"), [("vi", 150, 170), ("en", 140, 165)])
def test_the_loudspeaker_needs_a_minute(language: str, least: int, most: int) -> None:
    # Read aloud at 2.5 to 2.8 syllables a second in Vietnamese, 150 words a minute in English.
    text = spoken("loudspeaker", language, CAMPAIGN, unit=UNIT, link="")
    assert least <= len(re.findall(r"[^\W\d_]+", text)) <= most


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_spoken_bears_the_unit_and_no_empty_place(language: str) -> None:
    link = "https://quetsach.example/tham-gia?ma=abc"
    said = {kind: spoken(kind, language, CAMPAIGN, unit=UNIT, link=link) for kind in SPOKEN}
    assert all(UNIT in text and "{" not in text for text in said.values())
    assert link in said["chat"]
    assert CAMPAIGN.title in said["chat"]
    # Nobody can press what is read aloud.
    assert "://" not in said["loudspeaker"]


def test_an_unknown_language_is_none() -> None:
    with pytest.raises(KeyError):
        words("../x")
