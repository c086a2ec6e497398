"""Each state of the pages that people live in: sound, without sideways scroll, at three widths.

The states without network are in test_offline.py; here each has its row in a table.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import ExpectedReport, NodeCounter
from quetsach_portal.cases.models.case import Case, CaseOutcome, CaseState, HandlingKind
from quetsach_portal.looks.models import UnitLook, UnitLookGrade
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports import deciding
from tests.portal.access import letters, reports
from tests.portal.access.row import Row
from tests.portal.access.table import TABLES
from tests.portal.access.walk import Asking, places, undone, who_may
from tests.portal.browser.soundness import shown_wrong
from tests.portal.browser.visitors import Visitors
from tests.portal.cases.rows import make_case
from tests.portal.followup.acting import mailbox, remind_silent, told
from tests.portal.reports.acting import above, accepted, slot_of, submitted
from tests.portal.signing_in import signed_in
from tests.portal.worklist import commune
from tests.portal.worklist.commune import CODE, looked_at_all, received, unread_hand_in
from tests.portal.world import World
from tests.whole import WHOLE

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

WIDTHS = (320, 360, 1366)
SIDEWAYS = "document.documentElement.scrollWidth - window.innerWidth"


@dataclass(frozen=True)
class PageState:
    """A page in one state: who looks at it, what leads to it, and words that it then has.

    Shapes: `make` returns the address.
    """

    name: str
    code: str
    role: Role
    make: Callable[[World], str]
    words: str = ""


def _overdue(world: World, code: str = CODE) -> None:
    yesterday = timezone.now() - timedelta(days=2)
    ExpectedReport.objects.filter(node=world.nodes[code]).update(due_at=yesterday)


def _clerk(*steps: Callable[[World], object]) -> Callable[[World], str]:
    def make(world: World) -> str:
        for step in steps:
            step(world)
        return "/"

    return make


def _infected(world: World) -> None:
    make_case(world, CODE, "192.0.2.11")


def _sent(world: World) -> None:
    commune.send(signed_in(world.user(CODE, Role.FOCAL_POINT)), world)


CLERK = tuple(
    PageState(name, CODE, Role.FOCAL_POINT, make, words)
    for name, make, words in (
        ("new", _clerk(), "Có công văn mới"),
        ("working", _clerk(received), "việc, hạn"),
        ("found", _clerk(received, looked_at_all, _infected), "Máy bí mật 192.0.2.11"),
        ("unread", _clerk(received, unread_hand_in), "Chưa kiểm tra được gì"),
        ("nothing seen", _clerk(received, looked_at_all), "gửi báo cáo"),
        ("late", _clerk(received, _overdue), "quá hạn"),
        ("sent", _clerk(received, looked_at_all, _sent), "Đã gửi báo cáo"),
    )
)


def _looked(world: World) -> None:
    ExpectedReport.objects.filter(node=world.nodes["TC01"]).update(reported_at=timezone.now())
    grade = {"grade": UnitLookGrade.FULL, "seen": 1, "machines": 1}
    UnitLook.objects.update_or_create(node=world.nodes["TC01"], defaults=grade)
    NodeCounter.objects.filter(node=world.nodes["TC"]).update(
        cases_open=3, looked_full=1, machines_seen=1, machines=1, machines_sized=1
    )


def _late_below(world: World) -> None:
    told(world, "TC01", CODE)
    mailbox(world, "TC01")
    _overdue(world, "TC01")
    _overdue(world)


def _to_sign(world: World) -> None:
    letters._before_signer(world, "TC")
    reports._accepted(world, "TC01")


def _reminded(world: World) -> None:
    remind_silent(world, waits_for="reported", days=0)


CHIEF = tuple(
    PageState(name, "TC", Role.SIGNER, make, words)
    for name, make, words in (
        ("nobody looked", _clerk(), "Chưa đơn vị nào kiểm tra máy"),
        ("looked", _clerk(_looked), "Đã kiểm tra máy hay chỉ báo cáo?"),
        ("overdue", _clerk(_looked, _late_below), "Nhắc các đơn vị"),
        ("to sign", _clerk(_looked, _to_sign), "Chờ tôi ký"),
        ("reminded", _clerk(_looked, _late_below, _reminded), "Hoàn tác 1 lời nhắc"),
    )
)


def _case(change: Callable[[Case], object] | None = None) -> Callable[[World], str]:
    def make(world: World) -> str:
        case = make_case(world, CODE, "192.0.2.11")
        if change is not None:
            change(case)
        return f"/cases/{case.pk}/"

    return make


def _handled(*kinds: HandlingKind) -> Callable[[Case], object]:
    def change(case: Case) -> None:
        for place, kind in enumerate(kinds):
            at = timezone.now() - timedelta(hours=len(kinds) - place)
            result = "removed" if kind == HandlingKind.SCANNED else ""
            case.handlings.create(kind=kind, at=at, told_at=at, result=result, tool="A")

    return change


def _ended(outcome: CaseOutcome) -> Callable[[Case], object]:
    def change(case: Case) -> None:
        _handled(HandlingKind.ISOLATED, HandlingKind.SCANNED, HandlingKind.RESTORED)(case)
        Case.objects.filter(pk=case.pk).update(
            outcome=outcome, closed_at=timezone.now(), state=CaseState.VERIFIED
        )

    return change


def _case_is_late(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(due_at=timezone.now() - timedelta(days=1))


CASES = tuple(
    PageState(name, CODE, Role.TECHNICIAN, _case(change), words)
    for name, change, words in (
        ("new", None, "Đã rút mạng, vừa xong"),
        ("step 2", _handled(HandlingKind.ISOLATED), "Kết quả quét"),
        ("step 3", _handled(HandlingKind.ISOLATED, HandlingKind.SCANNED), "vừa xong"),
        (
            "waits for proof",
            _handled(HandlingKind.ISOLATED, HandlingKind.SCANNED, HandlingKind.RESTORED),
            "Còn thiếu gì để chứng minh sạch",
        ),
        ("late", _case_is_late, "quá hạn"),
        ("clean", _ended(CaseOutcome.VERIFIED), "Xong: máy đã được chứng minh"),
        ("false alarm", _ended(CaseOutcome.FALSE_ALARM), ""),
        ("withdrawn", _ended(CaseOutcome.WITHDRAWN), ""),
    )
)


def _accepted_below(world: World) -> str:
    submitted(world, "TC01")
    accepted(world, "TC02")
    return reverse("reports:below", args=[slot_of(world, "TC").pk])


def _next_of_two(world: World) -> str:
    read, left = submitted(world, "TC01"), submitted(world, "TC02")
    deciding.accept(read, actor=above(world, "TC01"))
    return f"{reverse('reports:review', args=[left.pk])}?done={read.pk}"


def _last_was_read(world: World) -> str:
    read = accepted(world, "TC01")
    return f"{reverse('reports:all_read', args=[slot_of(world, 'TC').pk])}?done={read.pk}"


def _counted_above(world: World) -> str:
    version = accepted(world, "TC01A")
    submitted(world, "TC01")
    return reverse("reports:version", args=[version.pk])


DESK = tuple(
    PageState(name, code, Role.COMPILER, make, words)
    for name, code, make, words in (
        ("accepted, can be undone", "TC", _accepted_below, "Hoàn tác"),
        ("the next report", "TC", _next_of_two, "Nhận: báo cáo cuối của danh sách"),
        ("the end", "TC", _last_was_read, "Đã xem hết báo cáo"),
        ("counted above", "TC01", _counted_above, "Yêu cầu đính chính"),
    )
)

GROUPS = {"clerk": CLERK, "chief": CHIEF, "case": CASES, "reading desk": DESK}

BY_ROW = {
    "wizard": (
        "campaigns:by_hand campaigns:from_letter campaigns:review campaigns:setup campaigns:tree"
        " campaigns:phases campaigns:release campaigns:contacts campaigns:dry_run campaigns:start"
        " campaigns:show campaigns:end"
    ),
    "signing desk": "letters:sign letters:sign_remotely report_documents:sign",
    "review desk": (
        "reports:review reports:accept_together reports:sign reports:ask_correction"
        " reports:all_read"
    ),
}
"""Pages whose states the access table makes already."""


@pytest.fixture
def visitors(chromium: Any, portal: str) -> Iterator[Visitors]:
    """Who looks."""
    opened = Visitors(chromium, portal)
    yield opened
    opened.close()


def wrong_at_widths(visitors: Visitors, client: Client, address: str, words: str) -> list[str]:
    """Return what is wrong with a page at each width, every fold of it open."""
    page, heard = visitors.window(client)
    response = page.goto(visitors.address + address)
    wrong = [] if response.status == 200 else [f"status {response.status}"]
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    wrong += [] if words in page.inner_text("body") else [f"it does not say {words!r}"]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        sideways = page.evaluate(SIDEWAYS)
        wrong += [f"{width} px: {sideways} px too wide"] if sideways > 0 else []
        if WHOLE or width == WIDTHS[0]:
            wrong += shown_wrong(page, heard, response.text())
    return wrong


@pytest.mark.parametrize("group", GROUPS)
def test_W2_each_state_is_sound_at_three_widths(
    group: str, visitors: Visitors, world: World
) -> None:
    wrong: list[str] = []
    for state in GROUPS[group]:
        with undone(world):
            address = state.make(world)
            client = signed_in(world.user(state.code, state.role))
            faults = wrong_at_widths(visitors, client, address, state.words)
            wrong += [f"{state.name}: {fault}" for fault in faults]
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("group", BY_ROW)
def test_W2_each_page_of_a_desk_is_sound_at_three_widths(
    group: str, visitors: Visitors, world: World
) -> None:
    asking, wrong = Asking(world), []
    for row in _rows(BY_ROW[group]):
        asking.seated_in(row.seat)
        with undone(world):
            may = who_may(row, "GET")
            assert may is not None, row.name
            role, relation = may
            place = next(place for place in places(row, world) if place.relation == relation)
            client = asking.browser(row.seat, role.value)
            faults = wrong_at_widths(visitors, client, place.address, "")
            wrong += [f"{row.name}: {fault}" for fault in faults]
    assert not wrong, "\n" + "\n".join(wrong)


def _rows(names: str) -> list[Row]:
    by_name = {row.name: row for rows in TABLES.values() for row in rows}
    return [by_name[name] for name in names.split()]
