"""A hand-in that is taken back counts nowhere: cases, days, looks, streams, figures, reports."""

import pytest
from django.urls import reverse

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models.campaign import CampaignState
from quetsach_portal.cases.models.case import Case
from quetsach_portal.cases.models.coverage import CoveredDay
from quetsach_portal.intake import withdrawing
from quetsach_portal.intake.looked import source_of
from quetsach_portal.intake.models import (
    CoverageDay,
    SourceDay,
    StreamPart,
    Submission,
    SubmissionState,
    UnitStream,
)
from quetsach_portal.intake.withdrawing import withdraw
from quetsach_portal.jobs.models import Job
from quetsach_portal.looks.models import UnitLook
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.intake.handing_in import CLEAN, LOG, looked_through, publish
from tests.portal.looks.collecting import looked, taken
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def _withdraw(world: World, row: Submission, reason: str = "nhầm đơn vị") -> int:
    return withdraw(row, reason=reason, actor=world.user("TC01", Role.FOCAL_POINT))


def _counted() -> dict[str, list[tuple[object, ...]]]:
    return {
        "days": sorted(CoverageDay.objects.values_list("day", "kind", "lines", "alive")),
        "sources": sorted(SourceDay.objects.values_list("source_digest", "kind", "day", "lines")),
        "streams": sorted(UnitStream.objects.values_list("name", "length", "lines", "sightings")),
        "parts": sorted(StreamPart.objects.values_list("path", "change", "new_lines")),
        "covered": sorted(CoveredDay.objects.values_list("day", "kind", "lines")),
        "looks": sorted(UnitLook.objects.values_list("node", "seen", "days")),
    }


def test_cases_days_and_figures_are_counted_back_and_reports_are_asked(world: World) -> None:
    publish(world)
    row = looked_through(world, {"conn.log": LOG})
    assert Case.objects.get().outcome == ""
    assert _withdraw(world, row) == 1
    row.refresh_from_db()
    assert (row.state, row.withdrawn_reason) == (SubmissionState.WITHDRAWN, "nhầm đơn vị")
    assert Case.objects.get().outcome == "withdrawn"
    assert not CoverageDay.objects.exists()
    assert not SourceDay.objects.exists()
    told = Job.objects.get(kind="reports.list_changed").payload
    assert (told["n"], told["before"]["devices_found"], told["after"]["devices_found"]) == (0, 1, 0)
    assert AuditEvent.objects.filter(action="evidence.withdrawn").count() == 1


def test_the_rest_is_as_if_it_had_never_been_handed_in(world: World) -> None:
    publish(world)
    looked_through(world, {"conn.log": CLEAN})
    before = _counted()
    row = looked_through(world, {"conn.log": LOG})
    assert _counted() != before
    _withdraw(world, row)
    assert _counted() == before


def test_a_log_that_had_grown_keeps_what_the_other_hand_in_has(world: World) -> None:
    publish(world)
    lines = LOG.splitlines(keepends=True)
    short = looked_through(world, {"conn.log": "".join(lines[:-1])})
    looked_through(world, {"conn.log": LOG})
    whole = _counted()["days"]
    _withdraw(world, short)
    assert _counted()["days"] == whole
    assert [change for _path, change, _lines in _counted()["parts"]] == ["new"]


def test_the_look_of_another_unit_that_takes_its_place_is_counted_there(world: World) -> None:
    publish(world)
    row = looked_through(world, {"conn.log": CLEAN})
    looked(world, taken(content="a" * 64), source=source_of(row))
    looked(world, taken("PC-77", content="a" * 64), code="TC02", source="submission:0")
    assert not _looks_of(world, "TC02")
    _withdraw(world, row)
    assert _looks_of(world, "TC02") == 1
    assert not _looks_of(world, "TC01")


def _looks_of(world: World, code: str) -> int:
    found = UnitLook.objects.filter(node=world.nodes[code]).values_list("seen", flat=True)
    return sum(found)


def test_days_are_counted_back_before_the_trail_is_locked(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(world)
    row = looked_through(world, {"conn.log": LOG})
    days_left: list[bool] = []
    monkeypatch.setattr(
        withdrawing, "audit", lambda *_given: days_left.append(CoverageDay.objects.exists())
    )
    _withdraw(world, row)
    assert days_left == [False]


def test_the_same_findings_handed_in_twice_stand_on_the_other(world: World) -> None:
    publish(world)
    first, second = (
        looked_through(world, {"conn.log": LOG}),
        looked_through(world, {"conn.log": LOG}),
    )
    Submission.objects.filter(pk=second.pk).update(manifest_digest=first.manifest_digest)
    before = _counted()["days"]
    assert _withdraw(world, first) == 0
    assert Case.objects.get().outcome == ""
    assert _counted()["days"] == before


def test_without_a_reason_twice_or_after_the_archive_it_is_refused(world: World) -> None:
    publish(world)
    row = looked_through(world, {"conn.log": LOG})
    with pytest.raises(Refused):
        _withdraw(world, row, "  ")
    assert world.campaign is not None
    world.campaign.state = CampaignState.ARCHIVED
    world.campaign.save()
    with pytest.raises(Refused):
        _withdraw(world, row)
    world.campaign.state = CampaignState.LIVE
    world.campaign.save()
    _withdraw(world, row)
    with pytest.raises(Refused):
        _withdraw(world, row)


def test_the_page_says_who_withdrew_it_and_why(world: World, client_of) -> None:
    publish(world)
    row = looked_through(world, {"conn.log": LOG})
    client = client_of("TC01", Role.FOCAL_POINT)
    page = client.get(reverse("intake:submission", args=[row.pk])).content.decode()
    address = reverse("intake:withdraw", args=[row.pk])
    assert address in page
    assert "error-summary" in client.post(address, {"reason": ""}).content.decode()
    assert client.post(address, {"reason": "nhật ký của xã khác"}).status_code == 302
    page = client.get(reverse("intake:submission", args=[row.pk])).content.decode()
    assert "nhật ký của xã khác" in page
    assert address not in page
    case = client.get(reverse("cases:show", args=[Case.objects.get().pk])).content.decode()
    assert "Đơn vị đã rút lại chứng cứ" in case
