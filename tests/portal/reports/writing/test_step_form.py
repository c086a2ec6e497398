"""The form of a page of questions keeps each answer, and the reason why there is none."""

from django.urls import reverse

from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.writing.answers import TypedAnswer
from tests.portal.reports.acting import (
    PEOPLE,
    ClientOf,
    fields,
    numbers,
    page,
    slot_of,
    written,
)
from tests.portal.world import World


def test_number_and_no_number_at_once_is_refused(world: World, client_of: ClientOf) -> None:
    slot, unit = written(world, "TC01A"), client_of("TC01A", Role.FOCAL_POINT)
    sent = fields(slot.draft.revision, {PEOPLE: "5"}) | {f"i-{PEOPLE}": "nil"}
    answer = unit.post(reverse("reports:numbers", args=[slot.pk]), sent)
    assert "không làm cả hai" in answer.content.decode()


def test_page_of_texts_keeps_and_offers_why_there_is_no_answer(
    world: World, client_of: ClientOf
) -> None:
    nil = {**numbers(), "proposals": TypedAnswer(instead="nil")}
    slot, unit = written(world, "TC01A", nil), client_of("TC01A", Role.FOCAL_POINT)
    address = reverse("reports:texts", args=[slot.pk])
    shown = unit.get(address).context["page"]
    assert shown["i-proposals"].initial == "nil"
    words = {"revision": slot.draft.revision, "v-assessment": "Tốt.", "v-proposals": ""}
    unit.post(address, words)
    slot = slot_of(world, "TC01A")
    assert slot.draft.own["proposals"]["value"] == {"absent": "nil"}
    words |= {"revision": slot.draft.revision, "i-proposals": "not_collected"}
    unit.post(address, words)
    slot = slot_of(world, "TC01A")
    assert slot.draft.own["proposals"]["value"] == {"absent": "not_collected"}
    words |= {"revision": slot.draft.revision, "v-proposals": "Cấp thêm máy."}
    assert "không làm cả hai" in unit.post(address, words).content.decode()
    assert "không làm cả hai" in page(unit, "check", slot.pk)
