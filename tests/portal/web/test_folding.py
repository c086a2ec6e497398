"""Words without marks, as they may be written, and where they are found."""

import pytest

from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.folding import has_words, spellings, with_words
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_words_are_found_in_any_order_and_without_marks() -> None:
    assert has_words("cu trà", ["Huyện Trà Cú"])
    assert has_words("tra huyen", ["Trà Cú", None, "huyện"])
    assert not has_words("tra on", ["Trà Cú"])
    assert not has_words("!!!", ["Trà Cú"]), "words of no letters are no words"


def test_spellings_are_few_and_each_once() -> None:
    assert spellings("máy") == ["máy", "Máy", "MÁY"]
    assert spellings("Pc-Vt") == ["Pc-Vt"], "databases compare these letters in any case"


def test_fields_of_both_kinds_are_looked_through(world: World) -> None:
    OrgUnit.objects.filter(code="TC01").update(search="xa mot tc01", name="Xã MỘT")

    def found(words: str) -> set[str]:
        condition = with_words(words, folded_in=("search",), text_in=("name",))
        return set(OrgUnit.objects.filter(condition).values_list("code", flat=True))

    assert "TC01" in found("một xã") & found("MỘT") & found("một")
    assert found("%") == found("_") == found("'") == set()
