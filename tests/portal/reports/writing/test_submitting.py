"""A report from its first word to the receipt: once, whole, and at its own moment."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quetsach.api.reports import AbsenceReason
from quetsach_portal.campaigns.models.campaign import (
    ExpectedReportState,
)
from quetsach_portal.lifecycle.recount import recount
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports import deciding
from quetsach_portal.reports.models.report import (
    CampaignForm,
    ReportDraft,
    ReportVersion,
    VersionState,
)
from quetsach_portal.reports.pages.pages import check_page
from quetsach_portal.reports.queries import figures_of
from quetsach_portal.reports.writing import draft, locking, submitting
from quetsach_portal.web.acts import Refused
from tests.portal.reports.acting import (
    LATER,
    PEOPLE,
    above,
    accepted,
    counter,
    fresh,
    handed_in,
    numbers,
    slot_of,
    submitted,
    total,
    written,
)
from tests.portal.world import World


def test_B1_no_signature_before_acceptance_and_no_forwarding_before_the_signature(
    world: World,
) -> None:
    version = submitted(world, "TC01A")
    with pytest.raises(Refused):
        deciding.sign(version, actor=world.user("TC01A", Role.SIGNER))
    deciding.accept(version, actor=above(world, "TC01A"))
    with pytest.raises(Refused):
        deciding.forward(version, actor=world.user("TC01A", Role.CLERK))
    deciding.sign(version, actor=world.user("TC01A", Role.SIGNER))
    deciding.forward(version, actor=world.user("TC01A", Role.CLERK))
    assert fresh(version).state == VersionState.FORWARDED
    assert slot_of(world, "TC01A").state == ExpectedReportState.FORWARDED
    assert counter(world, "TC").signed == 1
    assert recount(world.campaign) == []


def test_B3_who_hands_in_second_is_told_who_was_first(world: World) -> None:
    slot = written(world, "TC01A")
    first, second = (world.user("TC01A", role) for role in (Role.FOCAL_POINT, Role.COMPILER))
    tokens = [locking.make(slot, slot.draft.revision) for _person in range(2)]
    submitting.submit(slot, checked_with=tokens[0], actor=first, gap=LATER)
    with pytest.raises(Refused, match=str(first)):
        submitting.submit(slot, checked_with=tokens[1], actor=second, gap=LATER)
    assert ReportVersion.objects.count() == 1


def test_E4_pressed_twice_makes_one_version(world: World) -> None:
    slot, author = written(world, "TC01A"), world.user("TC01A", Role.FOCAL_POINT)
    once = locking.make(slot, slot.draft.revision)
    made = [
        submitting.submit(slot, checked_with=once, actor=author, gap=LATER) for _press in range(2)
    ]
    assert made[0] == made[1]
    assert ReportVersion.objects.count() == 1
    assert counter(world, "TC").reported == 1


@pytest.mark.parametrize(
    ("moment", "is_late"),
    [
        (datetime(2022, 9, 28, 16, 59, 59, 900_000, tzinfo=UTC), False),
        (datetime(2022, 9, 28, 17, 0, 0, tzinfo=UTC), True),
    ],
)
def test_B6_the_deadline_is_an_exclusive_instant(
    world: World, monkeypatch: pytest.MonkeyPatch, moment: datetime, is_late: bool
) -> None:
    slot = written(world, "TC01A")
    slot.due_at = datetime(2022, 9, 28, 17, 0, tzinfo=UTC)
    slot.save(update_fields=["due_at"])
    slot.phase.opens_at = datetime(2022, 9, 9, tzinfo=UTC)
    slot.phase.save(update_fields=["opens_at"])
    once = locking.make(slot, slot.draft.revision)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    version = submitting.submit(
        slot, checked_with=once, actor=world.user("TC01A", Role.FOCAL_POINT), gap=LATER
    )
    assert version.is_late is is_late
    assert slot_of(world, "TC01A").is_on_time is not is_late
    assert counter(world, "TC").on_time == int(not is_late)


def test_nil_report_counts_as_reported(world: World) -> None:
    slot, author = slot_of(world, "TC02"), world.user("TC02", Role.FOCAL_POINT)
    once = locking.make(slot, 0, "nil")
    made = [
        submitting.submit_nil(slot, checked_with=once, actor=author, gap=LATER)
        for _press in range(2)
    ]
    assert made[0] == made[1]
    assert {one.total for one in figures_of(made[0]).values()} >= {AbsenceReason.NIL}
    assert (counter(world, "TC").reported, counter(world, "TC").nil) == (1, 1)
    assert recount(world.campaign) == []


def test_nil_that_was_returned_and_filled_in_is_nil_no_more(world: World) -> None:
    slot, author = slot_of(world, "TC02"), world.user("TC02", Role.FOCAL_POINT)
    nil = submitting.submit_nil(
        slot, checked_with=locking.make(slot, 0, "nil"), actor=author, gap=LATER
    )
    deciding.return_version(nil, {"": "Có máy đã xử lý."}, actor=above(world, "TC02"))
    slot = slot_of(world, "TC02")
    draft.save(slot, numbers(), revision=slot.draft.revision, actor=author)
    version = handed_in(slot_of(world, "TC02"), author)
    assert (version.kind, version.n, version.prev_sha256) == ("original", 2, nil.sha256)
    assert (counter(world, "TC").reported, counter(world, "TC").nil) == (1, 0)
    assert recount(world.campaign) == []


def test_what_was_withdrawn_is_a_draft_again_and_no_report(world: World) -> None:
    version, author = submitted(world, "TC01A"), world.user("TC01A", Role.FOCAL_POINT)
    submitting.withdraw(version, "thiếu số liệu", actor=author)
    slot = slot_of(world, "TC01A")
    assert (slot.state, slot.reported_at) == (ExpectedReportState.DRAFT, None)
    assert slot.draft.own[PEOPLE]["value"] == {"count": 5, "grade": "declared"}
    assert counter(world, "TC").reported == 0
    assert handed_in(slot, author).n == 2
    assert recount(world.campaign) == []


def test_accepted_report_cannot_be_withdrawn(world: World) -> None:
    version = accepted(world, "TC01A")
    with pytest.raises(Refused):
        submitting.withdraw(version, "nhầm", actor=world.user("TC01A", Role.FOCAL_POINT))


MOST_STATEMENTS = 44
"""By which a unit with one report from below hands in its own: the lock, sums, counters, news."""


def queries_of_submitting(world: World) -> list[str]:
    """Return the statements by which TC01 hands in a report with one of a unit below."""
    accepted(world, "TC01A")
    slot = written(world, "TC01", numbers(people="2"))
    looked_at = check_page(slot, slot.draft).token
    author = world.user("TC01", Role.FOCAL_POINT)
    with CaptureQueriesContext(connection) as captured:
        version = submitting.submit(slot, checked_with=looked_at, actor=author, gap=LATER)
    assert total(version) == 7
    return [query["sql"] for query in captured]


def test_handing_in_loads_the_draft_the_form_and_the_versions_once(world: World) -> None:
    statements = queries_of_submitting(world)
    for model, condition in (
        (ReportDraft, '"slot_id" = '),
        (CampaignForm, '"phase_id" = '),
        (ReportVersion, '"slot_id" = '),
    ):
        table = model._meta.db_table
        loads = [
            sql
            for sql in statements
            if f'FROM "{table}"' in sql and f'WHERE "{table}".{condition}' in sql
        ]
        assert len([sql for sql in loads if sql.startswith("SELECT")]) == 1, (table, loads)
    assert len(statements) <= MOST_STATEMENTS, "\n".join(statements)
