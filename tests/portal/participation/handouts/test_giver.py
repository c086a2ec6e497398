"""Handouts bear the name and the code of their issuer."""

import pytest

from quetsach_portal.participation.handouts.giver import HandoutKind
from quetsach_portal.participation.models import JoinCode, JoinKind
from tests.documents.sheets import code_on
from tests.oracles import qr
from tests.portal.participation.handouts.samples import pull, text_in

pytestmark = pytest.mark.django_db


def test_a_poster_bears_the_units_name_and_leads_to_its_code(world, with_page) -> None:
    made = pull(world, HandoutKind.POSTER_A4)
    code = JoinCode.objects.get(node=world.nodes["TC01"], kind=JoinKind.PUBLIC).code
    assert qr.read(code_on(made.content, scale=4)) == f"https://quetsach.example/tham-gia?ma={code}"
    text = text_in(made.content)
    assert world.nodes["TC01"].name_at_freeze in text
    assert "0294 000 000" in text
    assert made.name == "poster-a4-vi-b1.pdf"


@pytest.mark.parametrize(
    "kind",
    [HandoutKind.POSTER_A3, HandoutKind.LEAFLET, HandoutKind.SLIDES, HandoutKind.SHEET_ROUTER],
)
def test_the_short_code_stands_on_paper_with_the_address_to_type_it_at(
    world, with_page, kind: HandoutKind
) -> None:
    text = text_in(pull(world, kind).content)
    code = JoinCode.objects.get(node=world.nodes["TC01"], kind=JoinKind.PUBLIC)
    assert f"Mã của đơn vị: {code.shown}" in text
    assert "quetsach.example/tham-gia" in text


def test_without_a_public_page_the_code_leads_to_the_portal(world) -> None:
    made = pull(world, HandoutKind.POSTER_A4)
    code = JoinCode.objects.get(node=world.nodes["TC01"], kind=JoinKind.PUBLIC).code
    assert qr.read(code_on(made.content, scale=4)) == f"http://127.0.0.1:8000/join/{code}/"
