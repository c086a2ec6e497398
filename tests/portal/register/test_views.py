"""The pages of the register: search, tree, history, contacts, wizard; few queries each."""

import pytest
from django.test import Client

from quetsach_portal.units.models import OrgUnit

pytestmark = pytest.mark.django_db


def test_the_tree_opens_and_closes_without_script(district: Client) -> None:
    top, party = OrgUnit.objects.get(code="TC"), OrgUnit.objects.get(code="HU")
    closed = district.get("/units/", {"open": "0"}).content.decode()
    assert "Huyện ủy Trà Cú" not in closed
    opened = district.get("/units/", {"open": f"{top.pk},{party.pk}"}).content.decode()
    assert "Ban Tuyên giáo Huyện ủy" in opened


@pytest.mark.asvs("V1.2.4")
@pytest.mark.parametrize("words", ["%", "_", "' OR 1=1 --", "x" * 5000, "\u202e"])
def test_hostile_words_find_nothing_and_break_nothing(words: str, district: Client) -> None:
    page = district.get("/units/", {"q": words, "open": "1,-5,9e9,'", "page": "99999999999"})
    assert page.status_code == 200
