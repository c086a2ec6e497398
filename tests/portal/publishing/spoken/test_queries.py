"""Every text of the page is listed once, with what is signed and what can be heard."""

import pytest

from quetsach_portal.publishing.spoken import queries
from quetsach_portal.publishing.spoken.part_titles import PART_TITLES
from quetsach_public.pages.campaign import LANGUAGES
from quetsach_public.pages.recordings import SPOKEN_TEXTS
from quetsach_public.pages.reviews import translated_texts

pytestmark = pytest.mark.django_db


def test_the_parts_hold_every_text_once(world) -> None:
    parts = queries.sections(world.campaign, "km")
    listed = [one.text.key for part in parts for one in part.texts]
    assert sorted(listed) == sorted(translated_texts("km"))
    assert len({part.name for part in parts}) == len(parts)
    assert all("/" not in part.name for part in parts), "the name stands in an address"
    assert [part.name for part in parts] == list(PART_TITLES)


def test_every_text_that_can_be_heard_has_a_title_in_every_language(world) -> None:
    places = {(one.key, one.language) for one in queries.spoken_texts(world.campaign)}
    assert places == {(key, language) for key in SPOKEN_TEXTS for language in LANGUAGES}
    assert set(queries.TITLES) == set(SPOKEN_TEXTS)
