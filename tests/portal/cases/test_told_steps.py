"""What the pages and the papers tell to do is the table of steps, word for word."""

from html import unescape

import pytest
from django.test import Client

from quetsach.documents.sheets.card import card_of
from quetsach.instructions.steps import (
    GROUPS,
    WORK,
    MachinePlace,
    at_once,
    instruction,
    not_at_work,
    words_of,
)
from quetsach.texts import in_language
from quetsach_portal.alerts.models import AlertMail
from quetsach_portal.cases.history import STEPS
from quetsach_portal.participation.actions import make_codes
from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import OrgUnit
from tests.documents.cards import CAMPAIGN, QR, usual
from tests.html_report import example
from tests.html_report.reading import part
from tests.portal.alerts.alerted import alerted, mailbox
from tests.portal.alerts.test_views import path_of
from tests.portal.cases.rows import make_case


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_handling_sheet_has_the_technician_s_steps(language) -> None:
    with in_language(language):
        steps = card_of(usual(), CAMPAIGN, QR).steps
    assert [step.title for step in steps] == list(words_of(language)["groups"].values())
    assert [list(step.ticks) for step in steps] == [
        [instruction(code, language, tool=CAMPAIGN.tool).text for code in codes]
        for codes in GROUPS.values()
    ]


def test_the_report_of_a_sweep_has_them() -> None:
    told = part("steps", example.findings())
    codes = [*GROUPS["disconnect"], *WORK]
    assert not [code for code in codes if instruction(code, "vi").text not in told]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_case_and_its_sheet_have_them(world, client_of, language) -> None:
    case = make_case(world, "TC01")
    client = client_of("TC01", Role.FOCAL_POINT)
    client.post("/language", {"language": language, "next": "/"})
    for address in (f"/cases/{case.pk}/", f"/cases/{case.pk}/sheet"):
        page = unescape(client.get(address).content.decode())
        told = [page.find(instruction(code, language).text) for code, _title, _hint in STEPS]
        assert told == sorted(told)
        assert told[0] > 0, address


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Ủy ban nhân dân xã Một", MachinePlace.OFFICE),
        ("Trạm Y tế xã Một", MachinePlace.CLINIC),
        ("Trường Tiểu học Một", MachinePlace.SCHOOL),
    ],
)
def test_the_page_of_an_alert_has_those_of_the_unit_s_kind_of_place(world, name, place) -> None:
    kind = "school" if place is MachinePlace.SCHOOL else "agency"
    OrgUnit.objects.filter(pk=world.units["TC01"].pk).update(name=name, kind=kind)
    mailbox(world, "TC01")
    alerted(world)
    page = unescape(Client().get(path_of(AlertMail.objects.get())).content.decode())
    told = [page.find(step.text) for step in at_once(place, "vi")]
    assert told == sorted(told)
    assert told[0] > 0
    other = instruction("patients", "vi").text
    assert (other in page) == (place is MachinePlace.CLINIC)


@pytest.mark.django_db
def test_who_took_part_is_sent_to_the_same_steps(world) -> None:
    code = make_codes(world.nodes["TC01"], actor=world.user("TC01", Role.FOCAL_POINT))[0]
    page = Client().get(f"/join/{code.code}/thanks").content.decode()
    assert not_at_work("vi") in unescape(page)
