"""The unit's page of slips, the sheets, and the open page in its three languages."""

import pytest
from django.test import Client

from quetsach_portal.participation.models import Slip, SlipHour, SlipLot
from quetsach_portal.participation.slips import views
from quetsach_portal.people.models.roles import Role
from quetsach_public import codes as public_codes
from quetsach_public.limits import PaceLimits
from quetsach_public.pages.campaign import LANGUAGES, texts
from tests.portal.participation.slips.printing import NINE, press_all, printed

pytestmark = pytest.mark.django_db


def test_printing_gives_the_sheets_once_and_a_size_that_is_none_is_told(world, client_of) -> None:
    client, node = client_of("TC01", Role.FOCAL_POINT), world.nodes["TC01"].pk
    answer = client.post(f"/participation/{node}/slips/print", {"size": 10})
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["Cache-Control"] == "no-store"
    assert Slip.objects.count() == 10
    for size in ("0", "999999", "x", ""):
        answer = client.post(f"/participation/{node}/slips/print", {"size": size})
        assert answer.status_code == 422
        assert answer.context["form"].errors
    assert SlipLot.objects.count() == 1


def test_the_page_shows_a_burst_and_takes_the_reason(world, client_of) -> None:
    client, node = client_of("TC01", Role.SIGNER), world.nodes["TC01"]
    _lot, slips = printed(world, 9)
    press_all(slips)
    page = client.get(f"/participation/{node.pk}/slips/")
    (burst,) = page.context["waiting"]
    assert "Xác nhận 9 lượt bấm" in page.content.decode()
    figures = client.get(f"/participation/{node.pk}/")
    assert "phiếu được bấm dồn dập" in figures.content.decode()
    sent = {"hour": burst.hour.isoformat(), "seen": 9, "reason": "họp cơ quan"}
    client.post(f"/participation/{node.pk}/slips/burst", sent)
    page = client.get(f"/participation/{node.pk}/slips/")
    assert (page.context["waiting"], page.context["figures"].proposed) == ([], 9)
    assert "họp cơ quan" in page.content.decode()


def test_a_lost_lot_is_revoked_and_struck_from_the_page(world, client_of) -> None:
    client = client_of("TC01", Role.FOCAL_POINT)
    lot, slips = printed(world, 3)
    press_all(slips[:1])
    client.post(f"/participation/slips/{lot.pk}/revoke")
    page = client.post(f"/participation/slips/{lot.pk}/strike", {"reason": "mất"}, follow=True)
    lot.refresh_from_db()
    assert lot.struck_reason == "mất"
    assert page.context["figures"].struck == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_open_page_counts_a_slip_in_each_language_and_opening_it_counts_nothing(
    world, language
) -> None:
    _lot, slips = printed(world, 1)
    words, address = texts(language)["slip"], f"/slip/?lang={language}"
    page = Client().get(f"{address}&ma={slips[0]}")
    assert f'lang="{language}"' in page.content.decode()
    assert words["heading"] in page.content.decode()
    assert public_codes.format_code(slips[0]) in page.content.decode()
    assert not page.cookies
    assert not SlipHour.objects.exists()
    answer = Client().post(address, {"ma": public_codes.format_code(slips[0]).lower()})
    assert words["done"] in answer.content.decode()
    assert not answer.cookies
    again = Client().post(address, {"ma": slips[0]})
    assert (again.status_code, words["wrong_used"] in again.content.decode()) == (422, True)
    assert SlipHour.objects.get().pressed == 1


def test_what_is_wrong_with_a_code_is_said_and_another_site_cannot_press(world) -> None:
    lot, slips = printed(world, 1)
    words = texts("vi")["slip"]
    swapped = slips[0][:-1] + ("2" if slips[0][-1] != "2" else "3")
    SlipLot.objects.filter(pk=lot.pk).update(revoked_at=NINE)
    for typed, key in (
        ("", "wrong_form"),
        ("<b>", "wrong_form"),
        (swapped, "wrong_typed"),
        ("0" * 12, "wrong_unknown"),
        (slips[0], "wrong_revoked"),
    ):
        answer = Client().post("/slip/", {"ma": typed})
        assert (answer.status_code, words[key] in answer.content.decode()) == (422, True), key
        assert "<b>" not in answer.content.decode()
    cross = Client().post("/slip/", {"ma": slips[0]}, headers={"sec-fetch-site": "cross-site"})
    assert cross.status_code == 403


def test_one_address_tries_so_many_codes_and_a_good_slip_stays_good(world, monkeypatch) -> None:
    monkeypatch.setattr(views, "_of_address", PaceLimits(0.001, 3))
    _lot, slips = printed(world, 1)
    for _ in range(3):
        Client().post("/slip/", {"ma": "0" * 12})
    assert Client().post("/slip/", {"ma": slips[0]}).status_code == 429
    assert not SlipHour.objects.exists()
    answer = Client(REMOTE_ADDR="198.51.100.9").post("/slip/", {"ma": slips[0]})
    assert answer.status_code == 200
