"""The search: what it finds for whom, exact first, and what it writes into the trail."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.cases.models.case import Case
from quetsach_portal.letters.models import Letter, LetterState
from quetsach_portal.looks.models import MachineOrigin, UnitMachine
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.reports.models.document import ReportDocument
from quetsach_portal.units.dated import search_text
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.worklist import search
from quetsach_portal.worklist.search import SearchEntry, results_of
from tests.portal.cases.rows import make_case
from tests.portal.reports.acting import submitted
from tests.portal.world import World

pytestmark = pytest.mark.django_db

SignIn = Callable[[str, Role], Client]
NOTHING = "Không tìm thấy trong phạm vi của bạn."


def hits(world: World, code: str, role: Role, words: str) -> list[SearchEntry]:
    results = results_of(scope_of(world.user(code, role)), words)
    return [hit for group in results.groups for hit in group.hits]


def titles(world: World, code: str, role: Role, words: str) -> list[str]:
    return [hit.title for hit in hits(world, code, role, words)]


@pytest.fixture
def case(world: World) -> Case:
    case = make_case(world, "TC01", "192.0.2.11")
    case.device.host_name, case.device.mac = "PC-VT-01", "02:00:5e:10:00:01"
    case.device.addresses = ["192.0.2.11", "2001:db8::11"]
    case.device.save()
    return case


@pytest.mark.parametrize(
    "words",
    [
        "192.0.2.11",
        "2001:DB8:0::11",
        "02-00-5E-10-00-01",
        "0200.5e10.0001",
        "pc-vt",
        "may bí mật",
    ],
)
def test_a_machine_is_found_by_what_is_known_of_it(world: World, case: Case, words: str) -> None:
    words = words.replace("may", "Máy")
    assert titles(world, "TC01", Role.TECHNICIAN, words) == [f"{case.number}: {case.device}"]
    assert titles(world, "TC02", Role.TECHNICIAN, words) == []
    # The district sees counts of the machines below, and no machine.
    assert titles(world, "TC", Role.LEAD_OWNER, words) == []


def test_part_of_an_address_is_not_that_address(world: World, case: Case) -> None:
    part = hits(world, "TC01", Role.TECHNICIAN, "192.0.2.1")
    assert [hit.is_exact for hit in part] == [False], "its name and key begin so"
    whole = hits(world, "TC01", Role.TECHNICIAN, "192.0.2.11")
    assert [hit.is_exact for hit in whole] == [True]


def test_a_machine_that_was_joined_leads_to_the_case_it_is_part_of(
    world: World, case: Case
) -> None:
    joined = make_case(world, "TC01", "192.0.2.12")
    joined.device.merged_into = case.device
    joined.device.save()
    joined.outcome, joined.closed_at = "merged", timezone.now()
    joined.save()
    (hit,) = hits(world, "TC01", Role.TECHNICIAN, "192.0.2.12")
    assert hit.address == f"/cases/{case.pk}/"


def test_the_number_of_a_case_comes_first_and_opens_what_the_role_may(
    world: World, case: Case
) -> None:
    for words in (case.number, case.number.lower(), str(case.pk)):
        first = hits(world, "TC01", Role.TECHNICIAN, words)[0]
        assert (first.address, first.is_exact) == (f"/cases/{case.pk}/", True)
    (above,) = hits(world, "TC", Role.LEAD_OWNER, case.number)
    assert (above.title, above.address) == (case.number, f"/cases/checks/{case.pk}/")
    assert "192.0.2.11" not in above.note
    assert hits(world, "TC", Role.AUDITOR, case.number) == []
    assert hits(world, "KH", Role.LEAD_OWNER, case.number) == []


def test_a_unit_is_found_within_the_scope_by_code_and_by_words_without_marks(
    world: World,
) -> None:
    exact = hits(world, "TC", Role.LEAD_OWNER, "tc02")[0]
    assert (exact.address, exact.is_exact) == (f"/units/{world.units['TC02'].pk}/", True)
    OrgUnit.objects.filter(code="TC").update(search=search_text("Trà Cú", "TC"))
    assert titles(world, "TC", Role.LEAD_OWNER, "tra cu") == [world.units["TC"].name]
    assert titles(world, "TC01", Role.FOCAL_POINT, "TC02") == []
    assert titles(world, "KH", Role.LEAD_OWNER, "TC02") == []


def test_a_letter_is_found_by_its_number_by_who_may_read_it(world: World) -> None:
    letter = Letter.objects.create(
        campaign=world.campaign,
        node=world.nodes["TC"],
        issuer_name="Ủy ban nhân dân huyện Trà Cú",
        subject="Về việc triển khai",
        state=LetterState.RELEASED,
        number=1245,
        code="UBND-TH",
        signed_on=timezone.localdate(),
        made_by=world.user("TC", Role.COMPILER),
    )
    for words in ("1245", "1245/UBND-TH", "01245 / ubnd-th"):
        (hit,) = hits(world, "TC", Role.COMPILER, words)
        assert (hit.address, hit.is_exact) == (f"/letters/{letter.pk}/", True)
    assert hits(world, "TC", Role.COMPILER, "1245/XYZ") == []
    assert hits(world, "KH", Role.COMPILER, "1245/UBND-TH") == []


@pytest.fixture
def machine(world: World) -> UnitMachine:
    return UnitMachine.objects.create(
        unit=world.units["TC01"],
        name="PC-MC-01",
        hostname="desktop-7f",
        macs=["02-00-5E-10-00-07"],
        room="Phòng một cửa",
        user_role="Trần Thị Bí, văn thư",
        asset_tag="TS-2022/17",
        origin=MachineOrigin.TYPED,
    )


@pytest.mark.parametrize(
    ("words", "is_exact"),
    [
        ("pc-mc-01", True),
        ("DESKTOP-7F", True),
        ("TS-2022/17", True),
        ("mc-01", False),
        ("mot cua", False),
        ("tran bi", False),
        ("0200.5e10.0007", False),
    ],
)
def test_a_machine_of_the_own_unit_is_found_by_what_the_unit_calls_it(
    world: World, machine: UnitMachine, words: str, is_exact: bool
) -> None:
    (hit,) = hits(world, "TC01", Role.TECHNICIAN, words)
    address = f"/evidence/units/{world.nodes['TC01'].pk}/machines?q=PC-MC-01"
    assert (hit.title, hit.address, hit.is_exact) == ("PC-MC-01", address, is_exact)
    for code, role in (("TC02", Role.TECHNICIAN), ("TC", Role.LEAD_OWNER), ("TC01", Role.CLERK)):
        assert hits(world, code, role, words) == [], "nobody else, nor above, sees a machine"


def test_a_search_that_shows_who_uses_a_machine_is_in_the_trail(
    world: World, machine: UnitMachine, client_of: SignIn
) -> None:
    client_of("TC01", Role.TECHNICIAN).get("/find/?q=pc-mc-01")
    event = AuditEvent.objects.get(action="search.people")
    assert event.detail == {"shown": [f"machine:{machine.pk}"]}
    assert "pc-mc" not in str(event.__dict__).lower()


def test_a_machine_that_is_out_of_use_is_not_found(world: World, machine: UnitMachine) -> None:
    UnitMachine.objects.update(ended_at=timezone.now())
    assert hits(world, "TC01", Role.TECHNICIAN, "PC-MC-01") == []


def test_of_many_machines_those_are_found_that_have_the_words_as_written(
    world: World, machine: UnitMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST_COMPARED", 0)
    assert titles(world, "TC01", Role.TECHNICIAN, "một cửa") == ["PC-MC-01"]
    assert titles(world, "TC01", Role.TECHNICIAN, "mot cua") == []


def test_a_report_is_found_by_the_number_of_its_document_by_who_may_read_it(world: World) -> None:
    version = submitted(world, "TC01")
    for seq in (1, 2):
        ReportDocument.objects.create(
            version=version,
            seq=seq,
            number=17,
            code="BC-UBND",
            signed_on=timezone.localdate(),
            asked_by=version.author,
        )
    for words in ("17", "17/bc-ubnd", "017 / BC"):
        for code, role in (("TC01", Role.FOCAL_POINT), ("TC", Role.COMPILER)):
            (hit,) = hits(world, code, role, words)
            assert hit.address == f"/reports/versions/{version.pk}/"
            assert hit.is_exact == (words != "017 / BC")
    for code, role in (
        ("TC02", Role.FOCAL_POINT),
        ("KH", Role.COMPILER),
        ("TC01", Role.TECHNICIAN),
        ("TC", Role.OPERATOR),
    ):
        assert hits(world, code, role, "17/BC-UBND") == []
    assert hits(world, "TC", Role.COMPILER, "17/XX") == []


@pytest.mark.asvs("V1.1.1", "V1.2.4")
def test_no_hit_says_so_and_hostile_words_find_nothing(world: World, client_of: SignIn) -> None:
    client = client_of("TC", Role.LEAD_OWNER)
    for words in ("khongco", "%27 or 1=1 --", "%00", "9" * 400, "%25", "VV-0", "٣٣"):
        page = client.get(f"/find/?q={words}").content.decode()
        assert NOTHING in page or words == "%00"
    assert NOTHING not in client.get("/find/").content.decode()


def test_a_search_is_few_queries(world: World, case: Case) -> None:
    scope = scope_of(world.user("TC01", Role.FOCAL_POINT))
    with CaptureQueriesContext(connection) as asked:
        results_of(scope, case.number)
    assert len(asked) <= 18
