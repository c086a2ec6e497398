"""Registers, lists and the cascade: complete, and in few queries."""

import pytest

from quetsach_portal.people.models.roles import Role
from tests.portal.letters import staged
from tests.portal.letters.staged import text

pytestmark = pytest.mark.django_db


def test_the_cascade_shows_who_passed_it_on_and_how_long_it_took(world, client_of) -> None:
    first = staged.released(world)
    node = world.nodes["TC"]
    page = text(client_of("TC", Role.COMPILER).get(f"/letters/of/{node.pk}/cascade/"))
    assert "chưa có" in page
    staged.released(world, "TC01", first, number=12)
    page = text(client_of("TC", Role.COMPILER).get(f"/letters/of/{node.pk}/cascade/"))
    assert "12/UBND-TH" in page
    assert "9 ngày" in page
    below = text(
        client_of("TC01", Role.FOCAL_POINT).get(f"/letters/of/{world.nodes['TC01'].pk}/cascade/")
    )
    assert below.index("05/UBND-TH") < below.index("12/UBND-TH")


def test_registers_hold_what_went_out_and_what_came_in(world, client_of) -> None:
    first = staged.released(world)
    clerk = client_of("TC", Role.CLERK)
    node = world.nodes["TC"].pk
    assert "05/UBND-TH" in text(clerk.get(f"/letters/of/{node}/register/"))
    incoming = text(clerk.get(f"/letters/of/{node}/register/?book=incoming"))
    assert "1790/STTTT-BCVTCNTT" in incoming
    assert "05/UBND-TH" not in incoming
    child = world.nodes["TC01"].pk
    below = client_of("TC01", Role.CLERK).get(f"/letters/of/{child}/register/?book=incoming")
    assert first.full_number in text(below)
    assert "1790" not in text(below)
    for odd in ("abc", "1", "99999999999999999999", "²"):
        assert clerk.get(f"/letters/of/{node}/register/?year={odd}").status_code == 200


@pytest.mark.parametrize(
    "query", ["?box=x&state=y&campaign=z", "?campaign=9999999999999999", "?page=0"]
)
def test_odd_filters_show_a_page(world, client_of, query) -> None:
    assert client_of("TC", Role.CLERK).get(f"/letters/{query}").status_code == 200


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/letters/", 20),
        ("/letters/{letter}/", 28),
        ("/letters/{letter}/dispatch/", 22),
        ("/letters/of/{node}/cascade/", 24),
        ("/letters/of/{node}/register/", 20),
    ],
)
def test_queries_of_a_page_do_not_grow_with_the_units(
    world, client_of, django_assert_max_num_queries, path, most
) -> None:
    staged.more_children(world, 120)
    letter = staged.released(world)
    client = client_of("TC", Role.COMPILER)
    with django_assert_max_num_queries(most):
        assert (
            client.get(path.format(letter=letter.pk, node=world.nodes["TC"].pk)).status_code == 200
        )
