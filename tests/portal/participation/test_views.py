"""The page of a code, the codes of a unit, and its sheet to print."""

import pytest
from django.test import Client

from quetsach_portal.participation import counting_limits, views
from quetsach_portal.participation.models import JoinCode, JoinCounter
from quetsach_portal.people.models.roles import Role

pytestmark = pytest.mark.django_db


def test_A7_opening_the_page_counts_nobody_and_another_site_cannot_press(world, codes) -> None:
    address = f"/join/{codes['staff'].code}/"
    for _ in range(5):
        assert Client().get(address).status_code == 200
        assert Client().head(address).status_code == 200
    ticket = counting_limits.new_ticket(codes["staff"])
    answer = Client().post(address, {"ticket": ticket}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert not JoinCounter.objects.exists()


def test_R6_where_there_is_a_public_page_it_alone_counts(world, codes, monkeypatch) -> None:
    monkeypatch.setattr(views, "_on_plane", lambda code: f"https://sach.example/?ma={code.code}")
    address, ticket = f"/join/{codes['public'].code}/", counting_limits.new_ticket(codes["public"])
    for answer in (Client().get(address), Client().post(address, {"ticket": ticket})):
        assert answer.headers["Location"] == f"https://sach.example/?ma={codes['public'].code}"
    assert not JoinCounter.objects.exists()


def test_short_codes_lead_to_the_same_page(world, codes) -> None:
    assert len({one.short for one in codes.values()}) == 3
    for typed in (codes["staff"].short, codes["staff"].shown.lower()):
        page = Client().get(f"/join/{typed}/")
        assert page.context["code"] == codes["staff"]
    wrong = codes["staff"].short[:-1] + ("A" if codes["staff"].short[-1] != "A" else "B")
    assert Client().get(f"/join/{wrong}/").status_code == 404


def test_codes_are_handed_out_by_the_unit_itself_alone(world, codes, client_of) -> None:
    node, code = world.nodes["TC01"].pk, codes["staff"].pk
    allowed = client_of("TC01", Role.FOCAL_POINT)
    assert allowed.get(f"/participation/{node}/").status_code == 200
    assert allowed.get(f"/participation/codes/{code}/replace").status_code == 200
    for other, role, status in [
        ("TC", Role.COMPILER, 403),
        ("TC02", Role.FOCAL_POINT, 404),
        ("TC01A", Role.FOCAL_POINT, 404),
        ("KH", Role.LEAD_OWNER, 404),
        ("TC01", Role.TECHNICIAN, 403),
    ]:
        client = client_of(other, role)
        assert client.post(f"/participation/{node}/codes").status_code == status
        assert client.post(f"/participation/codes/{code}/replace").status_code == status
    assert JoinCode.objects.filter(ended_at__isnull=True).count() == 3


def test_the_page_speaks_both_languages(world, codes) -> None:
    page = f"/join/{codes['public'].code}/"
    assert "Tôi tham gia" in Client().get(page).content.decode()
    assert "I take part" in Client().get(f"{page}?lang=en").content.decode()


def test_the_sheet_is_a_pdf_whose_code_leads_to_the_page(world, codes, client_of) -> None:
    client = client_of("TC01", Role.FOCAL_POINT)
    answer = client.get(f"/participation/codes/{codes['staff'].pk}/sheet.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
