"""The page of a unit's handouts."""

from datetime import date

import pytest

from quetsach_portal.participation.handouts import editions
from quetsach_portal.participation.models import HandoutEdition
from quetsach_portal.people.models.roles import Role

pytestmark = pytest.mark.django_db


def test_the_page_gives_a_file_and_shows_what_was_counted(world, client_of) -> None:
    clerk = client_of("TC01", Role.CLERK)
    address = f"/handouts/{world.nodes['TC01'].pk}/"
    form = {"kind": "chat", "language": "vi", "audience": "staff"}
    reply = clerk.post(address, form)
    assert reply.headers["Content-Disposition"] == 'attachment; filename="chat-vi-b1.txt"'
    page = clerk.get(address)
    assert page.context["own"][0].here == 1
    assert page.context["below"] == ()
    lead = client_of("TC", Role.LEAD_OWNER).get(f"/handouts/{world.nodes['TC'].pk}/")
    assert [one.here for one in lead.context["below"]] == [1, 0]
    edition = clerk.get(f"/handouts/editions/{HandoutEdition.objects.get().pk}")
    assert edition.headers["Content-Type"].startswith("text/plain")
    assert clerk.post(address, {**form, "kind": "x"}).status_code == 422


def test_the_page_asks_few_questions_however_many_units_there_are(
    world, client_of, django_assert_max_num_queries
) -> None:
    for code in ("TC", "TC01", "TC02", "TC01A"):
        editions.count_public(world.nodes[code], "leaflet-vi", date(2022, 9, 20), 3)
    lead = client_of("TC", Role.LEAD_OWNER)
    with django_assert_max_num_queries(24):
        lead.get(f"/handouts/{world.nodes['TC'].pk}/")
