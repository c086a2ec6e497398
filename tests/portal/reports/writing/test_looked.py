"""A report says what was looked at and why no more; who is in it is counted at any depth."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from quetsach_portal.looks import machines
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports import deciding
from quetsach_portal.reports.documents.official import official_report
from quetsach_portal.reports.models.document import ReportDocument
from quetsach_portal.reports.models.looked import ReportLook
from quetsach_portal.reports.models.report import ReportVersion
from quetsach_portal.reports.totals.adding import below_of
from quetsach_portal.reports.writing import locking, submitting
from quetsach_portal.reports.writing.looked import (
    LookAnswer,
    below_of_report,
    look_asked,
    look_of_version,
)
from quetsach_portal.web.acts import Refused
from tests.portal.looks.collecting import looked, node_of, taken
from tests.portal.reports.acting import accepted, fresh, slot_of, submitted, written
from tests.portal.signing_in import signed_in
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def submit(world: World, code: str, gap: LookAnswer | None = None) -> ReportVersion:
    slot, author = slot_of(world, code), world.user(code, Role.FOCAL_POINT)
    more = {} if gap is None else {"gap": gap}
    token = locking.make(slot, slot.draft.revision)
    return submitting.submit(slot, checked_with=token, actor=author, **more)  # type: ignore[arg-type]


def whole(world: World, code: str) -> None:
    """Let a unit look at all that it has."""
    machines.state_total(world.units[code], 1, actor=world.user(code, Role.FOCAL_POINT))
    looked(world, taken(), code=code, days=14)


@pytest.mark.parametrize("gap", [None, LookAnswer("xx"), LookAnswer("other", "  ")])
def test_without_a_look_and_without_a_reason_nothing_is_submitted(
    world: World, gap: LookAnswer | None
) -> None:
    written(world, "TC02")
    with pytest.raises(Refused):
        submit(world, "TC02", gap)
    slot, author = slot_of(world, "TC01A"), world.user("TC01A", Role.FOCAL_POINT)
    token = locking.make(slot, 0, "nil")
    with pytest.raises(Refused):
        submitting.submit_nil(slot, checked_with=token, actor=author)


def test_the_reason_stands_in_the_version_and_its_payload(world: World) -> None:
    written(world, "TC02")
    version = submit(world, "TC02", LookAnswer("nobody", "cán bộ nghỉ ốm"))
    reason = "đơn vị chưa có người thực hiện được, đề nghị hỗ trợ (cán bộ nghỉ ốm)"
    payload = json.loads(version.payload)["looked"]
    assert (payload["words"], payload["reason"]) == ("Chưa kiểm tra được gì", reason)
    assert look_of_version(version).reason == reason


def test_who_looked_at_all_is_asked_nothing(world: World) -> None:
    whole(world, "TC02")
    slot = written(world, "TC02")
    assert look_asked(slot, ()).question == ""
    version = submit(world, "TC02")
    assert look_of_version(version).words == "Đã kiểm tra 1/1 máy, 14/14 ngày"
    assert (version.look.reason_code, version.look.seen, version.look.days) == ("", 1, 14)


def test_what_is_left_is_named_in_the_question(world: World) -> None:
    actor = world.user("TC02", Role.FOCAL_POINT)
    machines.state_total(world.units["TC02"], 3, actor=actor)
    looked(world, taken(), code="TC02", days=9)
    assert (
        look_asked(slot_of(world, "TC02"), ()).question
        == "Còn 2 máy, 5 ngày chưa kiểm tra. Vì sao?"
    )


def test_a_number_of_machines_nobody_stated_is_asked_for_in_words(world: World) -> None:
    looked(world, taken(), code="TC02", days=9)
    question = look_asked(slot_of(world, "TC02"), ()).question
    assert question == "Chưa khai số máy của đơn vị, còn 5 ngày chưa kiểm tra. Vì sao?"


def test_a_total_counts_the_reports_below_at_any_depth(world: World) -> None:
    accepted(world, "TC01A")
    accepted(world, "TC01")
    district = slot_of(world, "TC")
    below = below_of_report(district, below_of(district))
    assert (below.received, below.expected) == (2, 3)
    assert list(below.missing) == ["Ủy ban nhân dân xã Hai"]


def test_a_unit_whose_report_is_missing_takes_all_below_it_along(world: World) -> None:
    accepted(world, "TC02")
    district = slot_of(world, "TC")
    below = below_of_report(district, below_of(district))
    assert (below.received, below.expected) == (1, 3)
    assert list(below.missing) == ["Ủy ban nhân dân xã Một", "Trường Tiểu học A"]


def test_versions_that_were_made_before_are_counted_by_what_went_into_them(world: World) -> None:
    accepted(world, "TC01")
    ReportLook.objects.all().delete()
    district = slot_of(world, "TC")
    below = below_of_report(district, below_of(district))
    assert (below.received, below.expected) == (1, 3)
    assert sorted(below.missing) == ["Trường Tiểu học A", "Ủy ban nhân dân xã Hai"]


def test_the_paper_says_what_was_looked_at_and_names_who_is_missing_at_any_depth(
    world: World,
) -> None:
    accepted(world, "TC01")
    version = submitted(world, "TC")
    document = ReportDocument(version=fresh(version))
    report = official_report(document)
    assert report.looked is not None
    assert "Trường Tiểu học A" in report.looked.missing
    ReportLook.objects.all().delete()
    assert official_report(document).looked is None


def test_pages_ask_say_and_warn(world: World) -> None:
    accepted(world, "TC01A")
    slot = written(world, "TC01")
    client: Client = signed_in(world.user("TC01", Role.FOCAL_POINT))
    check = client.get(reverse("reports:check", args=[slot.pk])).content.decode()
    assert "Chưa kiểm tra được gì. Vì sao?" in check
    assert "tính mọi cấp: 1/1" in check
    refused = client.post(
        reverse("reports:check", args=[slot.pk]),
        {"checked": locking.make(slot, slot.draft.revision)},
        follow=True,
    ).content.decode()
    assert "Chưa kiểm tra được gì. Vì sao?" in refused
    version = submit(world, "TC01", LookAnswer("no_logs"))
    above = signed_in(world.user("TC", Role.COMPILER))
    review = above.get(reverse("reports:review", args=[version.pk])).content.decode()
    assert "Chưa kiểm tra đủ: không có nhật ký mạng" in review
    assert "Nếu tiếp nhận" in review
    deciding.accept(version, actor=world.user("TC", Role.COMPILER))


def test_a_unit_without_a_look_sends_a_report_that_says_so(world: World) -> None:
    slot = slot_of(world, "TC01A")
    client = signed_in(world.user("TC01A", Role.FOCAL_POINT))
    page = client.get(reverse("reports:nil", args=[slot.pk])).content.decode()
    assert "Gửi báo cáo “chưa kiểm tra được máy nào”" in page
    fields = {"checked": locking.make(slot, 0, "nil"), "gap": "no_pc"}
    client.post(reverse("reports:nil", args=[slot.pk]), fields)
    assert ReportLook.objects.get().reason == "đơn vị không có máy tính"
    assert node_of(world, "TC01A").slots.get().is_nil


def test_a_unit_that_asks_for_help_is_on_the_list_of_the_office_above(world: World) -> None:
    written(world, "TC02")
    submit(world, "TC02", LookAnswer("nobody"))
    home = signed_in(world.user("TC", Role.COMPILER)).get("/").content.decode()
    assert "Đề nghị hỗ trợ kiểm tra máy: Ủy ban nhân dân xã Hai" in home
    assert (
        "Đề nghị hỗ trợ"
        not in signed_in(world.user("TC01", Role.COMPILER)).get("/").content.decode()
    )
