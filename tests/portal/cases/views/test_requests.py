"""Pages of letters that ask who used an address."""

import pytest
from django.urls import reverse

from quetsach_portal.cases.models.request import AddressRequest
from quetsach_portal.people.models.roles import Role
from tests.portal.cases import rows
from tests.portal.cases.rows import ClientOf
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_the_page_tells_who_asks_and_each_row(world: World, client_of: ClientOf) -> None:
    request = rows.make_request(world, "TC01")
    client = client_of("TC01", Role.FOCAL_POINT)
    page = client.get(reverse("cases:request", args=[request.pk])).content.decode()
    for words in (
        *("Phòng An ninh mạng", "214/PA05", "04/09/2026", "Luật 116/2025/QH15"),
        *("trong thời hạn 24 giờ", "203.0.113.5:40112", "08:15:22 01/09/2026", "+07:00"),
        *("PC-VP-41", "10.0.0.41", "Khi nào?", "Tạo văn bản (DOCX)"),
    ):
        assert words in page


@pytest.mark.parametrize("ending", ["docx", "pdf"])
def test_the_focal_point_gets_the_letter(world: World, client_of: ClientOf, ending: str) -> None:
    request = rows.make_request(world, "TC01")
    address = reverse("cases:request_letter", args=[request.pk])
    response = client_of("TC01", Role.FOCAL_POINT).post(address, {"form": ending})
    assert response.status_code == 200
    assert response.content[:4] == {"docx": b"PK\x03\x04", "pdf": b"%PDF"}[ending]
    assert f'filename="tra-loi-dia-chi-ip-{request.pk}.{ending}"' in response["Content-Disposition"]


def test_a_technician_sees_the_answer_and_makes_no_letter(
    world: World, client_of: ClientOf
) -> None:
    request = rows.make_request(world, "TC01")
    client = client_of("TC01", Role.TECHNICIAN)
    page = client.get(reverse("cases:request", args=[request.pk])).content.decode()
    assert "Tạo văn bản (DOCX)" not in page
    assert client.post(reverse("cases:request_letter", args=[request.pk])).status_code == 403


def test_a_letter_is_handed_in_on_its_page(world: World, client_of: ClientOf) -> None:
    node = rows.node_of(world, "TC01")
    upload = rows.Rewound("van-ban.txt", "Kính gửi".encode())
    address = reverse("cases:hand_in_request", args=[node.pk])
    response = client_of("TC01", Role.TECHNICIAN).post(address, {"upload": upload, "zone": "UTC"})
    request = AddressRequest.objects.get()
    assert (response.status_code, request.zone) == (302, "UTC")
    assert response["Location"] == reverse("cases:request", args=[request.pk])
