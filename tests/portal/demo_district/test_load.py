"""The demo district, loaded whole by the acts of its people."""

from datetime import time, timedelta
from unittest.mock import MagicMock

import pytest
from django.utils import timezone

from quetsach_portal.audit.record import first_break
from quetsach_portal.campaigns.models.campaign import (
    CampaignState,
    ExpectedReport,
    ExpectedReportState,
    NodeCounter,
)
from quetsach_portal.cases.models.case import Case
from quetsach_portal.cases.models.notice import NoticeItem
from quetsach_portal.cases.rechecks.queries import results_of
from quetsach_portal.dashboards.models import CounterDay
from quetsach_portal.demo_district import evidence
from quetsach_portal.demo_district import load as loading
from quetsach_portal.demo_district.live import PLANTED_FILE, prepare_live
from quetsach_portal.demo_district.load import load
from quetsach_portal.followup.models import PaperReport
from quetsach_portal.intake.models import Submission, SubmissionState
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.lifecycle.recount import recount
from quetsach_portal.looks.models import UnitLook
from quetsach_portal.people.models.roles import Role
from quetsach_portal.publishing.models import ListKind, ListState, PublicFigures, PublicList
from quetsach_portal.ranges.models import AllottedNotice
from quetsach_portal.reports.models.document import (
    DocumentSignature,
    DocumentState,
    ReportDocument,
    SignatureResult,
)
from quetsach_portal.reports.models.report import (
    ChangeNotice,
    NoticeState,
    ReportVersion,
    VersionKind,
    VersionState,
)
from quetsach_portal.reports.totals.recount import recount as recount_reports
from quetsach_portal.web.acts import Refused
from tests.portal.looks.crawling import crawled
from tests.portal.signing_in import signed_in

pytestmark = pytest.mark.django_db


def test_the_demo_runs_from_the_letter_to_cases_and_its_figures_add_up(
    monkeypatch, tmp_path
) -> None:
    monkeypatch.setattr(evidence, "HANDED_IN", ("TC01", "TC12", "TC17"))
    told: list[str] = []
    loaded = load(told.append)
    assert len(told) == 9
    assert loaded.campaign.state == CampaignState.LIVE
    # Without a mail server the mails about machines wait.
    others = Job.objects.exclude(kind="mail.deliver")
    assert set(others.values_list("state", flat=True)) == {JobState.DONE}
    assert {one.role for one in loaded.accounts} == set(Role)
    root = NodeCounter.objects.get(node__campaign=loaded.campaign, node__parent=None)
    # The units of the party get their letter from their own committee, and one of them is silent.
    assert (root.units, root.told) == (44, 43)
    assert 0 < root.deployed < root.received < root.told
    assert root.joined_staff > 0
    assert recount(loaded.campaign) == []
    prepare_live(tmp_path, loaded.campaign, loaded.accounts)
    names = (tmp_path / PLANTED_FILE).read_text().split()
    assert any(name.endswith(".planted.quetsach.example") for name in names)
    done = Submission.objects.filter(state=SubmissionState.DONE)
    # Three units with their logs, and with collections of their machines.
    assert done.count() == 6
    infected = {"TC01", "TC17"}
    assert set(Case.objects.values_list("node__unit__code", flat=True)) == infected
    # One file at the lead office; where a unit has handed in logs, they name the machine.
    named = NoticeItem.objects.filter(outcome="device").values_list("case__node__unit__code")
    assert {code for (code,) in named} == infected
    states = list(AllottedNotice.objects.values_list("state", flat=True))
    counts = {state: states.count(state) for state in set(states)}
    assert counts == {"found": 2, "open": 14, "not-ours": 1, "rejected": 1}
    _has_reports_in_every_state(loaded.report)
    _has_no_figure_without_what_was_looked_at(loaded)
    assert PublicFigures.objects.get().content["total"]["units"] == 44
    days = list(CounterDay.objects.filter(node=root.node).order_by("day"))
    today = days[-1]
    assert today.infected + today.handled + today.unproven == root.cases_open > 0
    _has_four_weeks_of_history(days, root)
    (checked,) = results_of(root.node)
    assert (checked.yes + checked.no, checked.unknown) == (11, 1)
    (signed,) = DocumentSignature.objects.all()
    assert (signed.result, signed.flaws) == (SignatureResult.VALID, [])
    assert signed.certificate is not None
    assert signed.certificate.user == signed.kept_by
    assert PublicList.objects.get(kind=ListKind.LISTED).state == ListState.TAKEN
    assert first_break() is None
    with pytest.raises(Refused):
        load(told.append)


def _has_four_weeks_of_history(days: list[CounterDay], now: NodeCounter) -> None:
    assert days[0].day == timezone.localdate() - timedelta(days=28)
    assert len(days) > 14
    for figure in ("told", "received", "deployed", "joined_staff"):
        course = [getattr(row, figure) for row in days]
        assert course == sorted(course), figure
        # The last of the past days leads to what the counters of the acts say.
        assert course[-1] == getattr(now, figure)
        assert len(set(course)) > 1 or figure == "told"


def _has_reports_in_every_state(district: ReportVersion) -> None:
    slots = ExpectedReport.objects.filter(node__campaign=district.slot.node.campaign)
    assert set(slots.values_list("state", flat=True)) == set(ExpectedReportState)
    # Deadlines are days, as letters set them, not the minute at which the demo was made.
    assert {timezone.localtime(slot.due_at).time() for slot in slots} == {time(0)}
    assert set(ReportVersion.objects.values_list("kind", flat=True)) == set(VersionKind)
    assert set(ReportVersion.objects.values_list("state", flat=True)) == set(VersionState)
    assert PaperReport.objects.get().is_signed
    assert ReportVersion.objects.filter(is_late=True).count() == 1
    assert district.state == VersionState.SIGNED
    notice = ChangeNotice.objects.get()
    assert (notice.parent_slot, notice.state) == (district.slot, NoticeState.OPEN)
    assert district.inputs.filter(used="missing").exists()
    printed = ReportDocument.objects.get(version=district, number=1302)
    assert printed.state == DocumentState.MADE
    assert recount_reports(district.slot.node.campaign) == []


def test_sqlite_waits_for_the_disk_at_the_end_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    cursor = MagicMock()
    cursor.execute.side_effect = told.append
    cursor.fetchone.return_value = (2,)
    database = MagicMock(vendor="sqlite", in_atomic_block=False)
    database.cursor.return_value.__enter__.return_value = cursor
    monkeypatch.setattr(loading, "connection", database)
    with loading._kept_at_the_end():
        assert told == ["PRAGMA synchronous", "PRAGMA synchronous=OFF"]
    assert told[2:] == ["PRAGMA synchronous=2", "PRAGMA wal_checkpoint(TRUNCATE)"]
    database.in_atomic_block = True
    with loading._kept_at_the_end():
        assert len(told) == 4


def _has_no_figure_without_what_was_looked_at(loaded: loading.LoadedDemo) -> None:
    looks = {one.node.unit.code: one for one in UnitLook.objects.select_related("node__unit")}
    assert looks["TC01"].grade == "full"
    assert 0 < looks["TC12"].seen < looks["TC12"].machines
    wrong: list[str] = []
    by_seat = {(one.role, one.unit.code): one.user for one in reversed(loaded.accounts)}
    lead = {seat for seat in by_seat if seat[1] == "TC"}
    others = {next(seat for seat in sorted(by_seat) if seat[0] is role) for role in Role}
    seats = sorted(lead | others | {(Role.FOCAL_POINT, "TC02"), (Role.SIGNER, "TC01")})
    assert {role for role, _code in seats} == set(Role)
    for role, code in seats:
        faults = crawled(signed_in(by_seat[role, code]))
        wrong += [f"{role} {code} {fault}" for fault in faults]
    assert not wrong, "\n".join(sorted(set(wrong)))
