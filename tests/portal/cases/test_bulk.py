"""One act on many cases: all of them or none."""

import pytest
from django.db import transaction
from django.utils import timezone

from quetsach_portal.cases import bulk
from quetsach_portal.cases.models.case import Case, CaseFile, CaseOutcome, CaseState, Handling
from quetsach_portal.cases.retention import purge
from quetsach_portal.files.models import FileState, StoredFile
from quetsach_portal.files.storage import files_folder
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.access.sent_files import pdf
from tests.portal.cases import rows
from tests.portal.cases.rows import ClientOf
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def _chosen(*cases: Case) -> list[str]:
    return [f"{one.pk}:{one.version}" for one in cases]


def test_many_cases_are_assigned_at_once(world: World, client_of: ClientOf) -> None:
    cases = [rows.make_case(world, "TC01", f"192.0.2.{number}") for number in (1, 2)]
    who = world.user("TC01", Role.TECHNICIAN)
    client = client_of("TC01", Role.FOCAL_POINT)
    page = client.post("/cases/bulk", {"case": _chosen(*cases)})
    assert page.status_code == 200
    assert "error-summary" not in page.content.decode()
    told = {"case": _chosen(*cases), "go": "1", "act": "assign", "technician": who.pk}
    assert client.post("/cases/bulk", told).status_code == 302
    assert set(Case.objects.values_list("technician", flat=True)) == {who.pk}


def test_B2_one_changed_case_among_many_and_none_is_changed(
    world: World, client_of: ClientOf
) -> None:
    cases = [rows.make_case(world, "TC01", f"192.0.2.{number}") for number in (1, 2)]
    Case.objects.filter(pk=cases[1].pk).update(version=9)
    told = {"case": _chosen(*cases), "go": "1", "act": "isolate"}
    page = client_of("TC01", Role.TECHNICIAN).post("/cases/bulk", told)
    assert cases[1].number in page.content.decode()
    assert not Case.objects.filter(isolated_at__isnull=False).exists()


def test_A1_a_case_of_another_unit_among_many_is_not_there(
    world: World, client_of: ClientOf
) -> None:
    mine, theirs = rows.make_case(world, "TC01"), rows.make_case(world, "TC02")
    told = {"case": _chosen(mine, theirs), "go": "1", "act": "isolate"}
    assert client_of("TC01", Role.TECHNICIAN).post("/cases/bulk", told).status_code == 404


@pytest.mark.parametrize("asked", [["x"], ["1:2:3"], ["-1:1"], ["９:1"], [""], []])
def test_a_choice_that_is_none_chooses_nothing(
    asked: list[str], world: World, client_of: ClientOf
) -> None:
    rows.make_case(world, "TC01")
    told = {"case": asked, "go": "1", "act": "isolate"}
    page = client_of("TC01", Role.TECHNICIAN).post("/cases/bulk", told)
    assert page.status_code in (200, 404)
    assert not Handling.objects.exists()


def handled_form(*cases: Case, **changed: object) -> dict[str, object]:
    at = timezone.localtime()
    moment = {"at_0": f"{at:%d/%m/%Y}", "at_1": f"{at:%H:%M}", "at": f"{at:%Y-%m-%dT%H:%M}"}
    sent = {"case": _chosen(*cases), "act": "handled", "kind": "cleaned", **moment, "told": ""}
    return {**sent, **changed}


def bytes_kept() -> int:
    return sum(path.is_file() for path in files_folder().rglob("*"))


def test_one_proof_of_several_machines_is_kept_once_and_makes_none_clean(
    world: World, client_of: ClientOf
) -> None:
    cases = [rows.make_case(world, "TC01", f"192.0.2.{number}") for number in (1, 2, 3)]
    client = client_of("TC01", Role.TECHNICIAN)
    answer = client.post("/cases/bulk", handled_form(*cases, upload=pdf("bien-ban.pdf")))
    assert answer.status_code == 302, answer.content.decode()
    assert answer.headers["Location"].endswith(f"#case-{cases[0].pk}")
    stored = StoredFile.objects.get()
    assert bytes_kept() == 1
    handlings = Handling.objects.select_related("proof").order_by("case")
    assert [handling.case_id for handling in handlings] == [case.pk for case in cases]
    assert {handling.proof.stored_id for handling in handlings} == {stored.pk}
    outcomes = set(Case.objects.values_list("outcome", flat=True))
    assert outcomes == {CaseOutcome.OPEN}
    assert not Case.objects.filter(state=CaseState.VERIFIED).exists()
    for case in cases:
        page = client.get(f"/cases/{case.pk}/").content.decode()
        assert "bien-ban.pdf" in page
        assert "Bằng chứng chung của 3 máy" in page
        proof = Handling.objects.get(case=case).proof
        assert f"/cases/files/{proof.pk}" in page
    assert client_of("TC02", Role.TECHNICIAN).get(f"/cases/files/{proof.pk}").status_code == 404


def test_the_one_file_goes_with_the_archiving_and_the_records_stay(
    world: World, client_of: ClientOf
) -> None:
    cases = [rows.make_case(world, "TC01", f"192.0.2.{number}") for number in (1, 2)]
    client = client_of("TC01", Role.TECHNICIAN)
    client.post("/cases/bulk", handled_form(*cases, upload=pdf()))
    with transaction.atomic():
        removed = purge(world.campaign)
    assert removed["files"] == 1
    assert StoredFile.objects.get().state == FileState.REMOVED
    assert not CaseFile.objects.exists()
    assert list(Handling.objects.values_list("proof", flat=True)) == [None, None]


def test_a_statement_does_where_there_is_no_file_and_neither_does_not(
    world: World, client_of: ClientOf
) -> None:
    case, client = rows.make_case(world, "TC01"), client_of("TC01", Role.TECHNICIAN)
    page = client.post("/cases/bulk", handled_form(case)).content.decode()
    assert "Hãy chọn tệp hoặc ghi lời xác nhận." in page
    assert not Handling.objects.exists()
    client.post("/cases/bulk", handled_form(case, told="Đã gỡ, đơn vị ký biên bản"))
    handling = Handling.objects.get()
    assert (handling.note, handling.proof) == ("Đã gỡ, đơn vị ký biên bản", None)


def test_what_is_refused_keeps_no_file(world: World, client_of: ClientOf) -> None:
    cases = [rows.make_case(world, "TC01", f"192.0.2.{number}") for number in (1, 2)]
    Case.objects.filter(pk=cases[1].pk).update(version=9)
    client = client_of("TC01", Role.TECHNICIAN)
    page = client.post("/cases/bulk", handled_form(*cases, upload=pdf())).content.decode()
    assert cases[1].number in page
    assert "error-summary" in page
    assert (Handling.objects.count(), StoredFile.objects.count(), bytes_kept()) == (0, 0, 0)


def test_a_proof_is_of_one_unit(world: World) -> None:
    cases = [rows.make_case(world, "TC01"), rows.make_case(world, "TC02")]
    fields = {"kind": "cleaned", "at": timezone.now(), "tool": "", "result": "", "told": "x"}
    fields["upload"] = pdf()
    chosen = {case.pk: case.version for case in cases}
    with pytest.raises(Refused, match="một đơn vị"):
        bulk.handle_together(chosen, fields, world.user("TC01", Role.TECHNICIAN))
    assert (Handling.objects.count(), StoredFile.objects.count()) == (0, 0)
