"""What programs read of each app: whole where the page shows it, and no further."""

import hashlib
from datetime import date

import pytest

from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.models.report import ReportReturn
from quetsach_portal.units.models import EventKind, OrgEvent, UnitContact
from tests.portal.access.letters import make_letter
from tests.portal.access.table import TABLES
from tests.portal.api.asking import ask
from tests.portal.reports.acting import PEOPLE, submitted
from tests.portal.world import World

pytestmark = pytest.mark.django_db

PAGES = {row.name: row for rows in TABLES.values() for row in rows}


def test_a_declaration_comes_with_its_evidence_and_the_file_itself(world: World) -> None:
    PAGES["followup:evidence"].make(world, "TC01")  # type: ignore[misc]
    node = world.nodes["TC01"].pk
    told = ask(world, "TC", Role.COMPILER, f"/nodes/{node}/declarations").json()
    piece = told[0]["evidence"][0]
    file = ask(world, "TC", Role.COMPILER, f"/evidence/{piece['id']}/file")
    content = b"".join(file.streaming_content)
    assert (told[0]["state"], told[0]["done"]) == ("declared", ["announced"])
    assert hashlib.sha256(content).hexdigest() == piece["file"]["sha256"]
    assert file.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("code", "role", "status"),
    [
        ("TC01", Role.FOCAL_POINT, 200),
        ("TC", Role.COMPILER, 200),
        ("TC01", Role.TECHNICIAN, 403),
        ("TC", Role.AUDITOR, 403),
        ("TC02", Role.FOCAL_POINT, 404),
    ],
)
def test_A4_contacts_are_told_to_those_whom_the_page_tells(
    world: World, code: str, role: Role, status: int
) -> None:
    unit = world.units["TC01"]
    UnitContact.objects.create(unit=unit, person="Chị Lan", mail="lan@coquan.example")
    answer = ask(world, code, role, f"/units/{unit.pk}/contacts")
    assert answer.status_code == status
    assert ("lan@coquan.example" in answer.content.decode()) == (status == 200)


def test_A4_who_reads_how_a_letter_went_out_reads_no_address(world: World) -> None:
    letter = make_letter(world, "TC", "released")
    letter.dispatches.update(address="van-thu@xa.example", reply="250 ok")
    path = f"/letters/{letter.pk}/dispatch"
    rows = ask(world, "TC", Role.AUDITOR, path).json()["rows"]
    assert rows
    assert {(one["address"], one["reply"]) for one in rows} == {("", "")}
    assert ask(world, "TC", Role.CLERK, path).json()["rows"][0]["reply"] == "250 ok"


def test_A1_a_token_reaches_no_change_that_its_maker_proposed_for_another_unit(
    world: World,
) -> None:
    event = OrgEvent.objects.create(
        kind=EventKind.RENAME,
        effective_on=date(2026, 1, 1),
        legal_doc="12/QĐ-UBND",
        path=world.units["KH"].path,
        proposed_by=world.user("TC", Role.COMPILER),
    )
    assert ask(world, "TC", Role.COMPILER, f"/events/{event.pk}").status_code == 404
    assert ask(world, "TC", Role.COMPILER, "/events").json()["rows"] == []


def test_what_is_said_of_a_whole_report_is_told_to_those_who_mend_it(world: World) -> None:
    version = submitted(world, "TC01A")
    compiler = world.user("TC01", Role.COMPILER)
    for key, text in (("", "Xem lại."), (PEOPLE, "Nhiều quá.")):
        ReportReturn.objects.create(version=version, key=key, text=text, by=compiler)
    path = f"/slots/{version.slot_id}/remarks"
    mends = ask(world, "TC01A", Role.FOCAL_POINT, path).json()
    assert [one["text"] for one in mends] == ["Xem lại.", "Nhiều quá."]
    reads = ask(world, "TC", Role.AUDITOR, path).json()
    assert [one["text"] for one in reads] == ["Nhiều quá."]


def test_the_shares_of_small_units_stand_together(world: World) -> None:
    for code in ("TC01", "TC02"):
        tally = world.nodes[code].tally
        tally.staff, tally.joined_staff = 5, 2
        tally.save()
    path = f"/nodes/{world.nodes['TC'].pk}"
    ranked = ask(world, "TC", Role.COMPILER, f"{path}/ranking?by=joined").json()
    assert [(one["node_id"], one["part"], one["whole"]) for one in ranked] == [(None, 4, 10)]
    shares = ask(world, "TC", Role.COMPILER, f"{path}/shares").json()
    assert [(one["name"], one["joined"]) for one in shares] == [("", 4)]


def test_devices_are_counted_for_those_who_have_a_part_in_cases(world: World) -> None:
    path = f"/nodes/{world.nodes['TC'].pk}"
    told = ask(world, "TC", Role.CLERK, f"{path}/figures").json()
    assert (told["devices"], told["families"]) == (None, None)
    assert told["steps"]["units"] == 4
    assert ask(world, "TC", Role.COMPILER, f"{path}/figures").json()["devices"] == []
    assert ask(world, "TC", Role.CLERK, f"{path}/coverage").status_code == 403


def test_a_day_of_the_first_years_is_refused_and_one_ahead_is_now(world: World) -> None:
    path = f"/nodes/{world.nodes['TC'].pk}"
    for rest in ("coverage?last=0001-01-01", "figures?on=0001-01-01", "completeness?on=1999-12-31"):
        assert ask(world, "TC", Role.COMPILER, f"{path}/{rest}").status_code == 422
    told, now = (
        ask(world, "TC", Role.COMPILER, f"{path}/completeness{rest}").json()["rows"]
        for rest in ("?on=9999-12-31", "")
    )
    assert told == now
    assert [one["expected"] for one in now] == [2, 1]
