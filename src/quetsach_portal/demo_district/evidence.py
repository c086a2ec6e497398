"""Evidence of some units of the demo, the first work on it, re-checks and public figures."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path

from django.utils import timezone

from quetsach_portal.campaigns.deadlines import exclusive
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.cases.actions import record_handling
from quetsach_portal.cases.models.case import Case, HandlingKind
from quetsach_portal.cases.models.recheck import RecheckResult
from quetsach_portal.cases.rechecks import actions as rechecks
from quetsach_portal.config.jobs import JOBS
from quetsach_portal.demo_district.accounts import (
    DemoPerson,
    folders_of_units,
    logs_of,
    of_role,
    ranges_of,
    table_of,
    upload,
)
from quetsach_portal.files.actions import FileUpload
from quetsach_portal.intake.actions import begin, send
from quetsach_portal.intake.own_tables import add_table
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.jobs.worker import run_ready
from quetsach_portal.people.models.roles import Role
from quetsach_portal.publishing.figures import actions as public
from quetsach_portal.ranges import approving
from quetsach_portal.ranges import table as ranges
from quetsach_portal.ranges.allotting import hand_in
from quetsach_portal.units.demo import TOP

HANDED_IN = (
    *("TC01", "TC02", "TC03", "TC04", "TC05", "TC06", "TC07", "TC08", "TC09", "TC11"),
    *("TC12", "TC13", "TC16", "TC17", "TC18", "TC20", "TC25", "TC27"),
)
"""Units that have handed in their logs: some infected, one clean, one with two days only.

All to which the authority's notices point are among them, so that the lead office sees each traced.
"""

CONTRACT = "Hợp đồng với nhà mạng, năm 2022"

OWN_TABLES = (("inventory", "machines.csv", "unit"), ("plan", "units.csv", "code"))


def hand_in_logs(
    district: Path,
    nodes: dict[str, CampaignNode],
    accounts: list[DemoPerson],
    *,
    week_end: datetime,
) -> int:
    """Let units hand in their tables and logs and sweep them; return how many jobs ran."""
    folders = folders_of_units(district)
    for code in HANDED_IN:
        node, actor = nodes[code], of_role(accounts, Role.FOCAL_POINT, code)
        for kind, table, column in OWN_TABLES:
            given = FileUpload(file=table_of(district, table, column, code))
            add_table(node.unit, kind=kind, upload=given, as_of=week_end.date(), actor=actor)
        submission = begin(
            node,
            kind="logs",
            upload=FileUpload(file=logs_of(folders[code])),
            note="Nhật ký tuần rà quét",
            token=uuid.uuid4(),
            actor=actor,
        )
        send(submission, actor=actor)
    return run_ready(JOBS)


def hand_in_notices(
    district: Path, nodes: dict[str, CampaignNode], accounts: list[DemoPerson]
) -> None:
    """Let the lead office hand in the authority's file, which goes to the units of its addresses.

    Whose each public address is, one person has written and another has approved.
    """
    lead, owner = nodes[TOP], of_role(accounts, Role.LEAD_OWNER)
    analyst = of_role(accounts, Role.LEAD_ANALYST)
    ranges.add_csv(lead.unit, ranges_of(district), source=CONTRACT, actor=analyst)
    shown = approving.waiting_for(lead.unit, owner).digest
    approving.approve_waiting(lead.unit, shown, actor=owner)
    due = exclusive(timezone.localdate() + timedelta(days=6))
    notices = upload(district / "notices/canh-bao.csv")
    hand_in(lead, upload=notices, due=due, actor=owner)
    run_ready(JOBS)


def begin_work(nodes: dict[str, CampaignNode], accounts: list[DemoPerson], week: datetime) -> None:
    """Let two units write down their first work: one machine scanned, one installed anew."""
    done = (
        ("TC17", HandlingKind.SCANNED, "Windows Defender Offline", "removed"),
        ("TC01", HandlingKind.REINSTALLED, "", ""),
    )
    for code, kind, tool, result in done:
        case = Case.objects.filter(node=nodes[code], outcome="").order_by("pk").first()
        if case is None:
            continue
        at = timezone.make_aware(datetime.combine(week.date(), time(17))) + timedelta(days=4)
        actor = of_role(accounts, Role.FOCAL_POINT, code)
        record_handling(case.pk, kind=kind, at=at, tool=tool, result=result, actor=actor)


SIZE = 12
NOT_SO, CANNOT_TELL = (3, 7), (5,)
"""At which places of the sample nothing was deployed, and where nobody could look."""
TEXT = "Số liệu tuần đầu của Chiến dịch. Cảm ơn các cơ quan, đơn vị và người dân đã tham gia."


def recheck(nodes: Mapping[str, CampaignNode], accounts: Sequence[DemoPerson]) -> None:
    """Draw units that declare to have deployed, enter what was found, and finish."""
    compiler = of_role(list(accounts), Role.COMPILER)
    draw = rechecks.draw(nodes[TOP], subject="units", size=SIZE, actor=compiler)
    for recheck_item in draw.items.select_related("draw").order_by("place"):
        result, note = RecheckResult.YES if recheck_item.was_declared else RecheckResult.NO, ""
        if recheck_item.place in NOT_SO:
            result = RecheckResult.NO
        if recheck_item.place in CANNOT_TELL:
            result, note = RecheckResult.UNKNOWN, "Trụ sở đóng cửa khi đoàn đến."
        rechecks.answer(recheck_item, found=result, note=note, actor=compiler)
    rechecks.finish(draw, actor=compiler)


def publish(campaign: Campaign, accounts: Sequence[DemoPerson]) -> None:
    """Prepare and publish the figures, and gather those of the pages."""
    analyst = of_role(list(accounts), Role.LEAD_ANALYST)
    owner = of_role(list(accounts), Role.LEAD_OWNER)
    figures = public.prepare(campaign, text=TEXT, actor=analyst)
    public.publish(figures, sha256=figures.sha256, actor=owner)
    enqueue("dashboards.gather", key="dashboards.gather:demo")
