"""Evidence of some units of the demo, handed in and swept, and the first work on what was found."""

import uuid
from datetime import datetime, time, timedelta
from pathlib import Path

from django.utils import timezone

from quetsach_portal.campaigns.models import CampaignNode
from quetsach_portal.cases.actions import tell_handling
from quetsach_portal.cases.models import Case, HandlingKind
from quetsach_portal.cases.notice_actions import hand_in
from quetsach_portal.cases.notice_models import NoticeBatch
from quetsach_portal.config.jobs import JOBS
from quetsach_portal.demo_district.accounts import Account, of_role
from quetsach_portal.demo_district.papers import (
    folders_of_units,
    logs_of,
    notices_of,
    table_of,
)
from quetsach_portal.files.actions import Given
from quetsach_portal.intake.actions import begin, send
from quetsach_portal.intake.knowledge_actions import add_table
from quetsach_portal.jobs.worker import run_ready
from quetsach_portal.rights.models import Role

HANDED_IN = ("TC01", "TC02", "TC05", "TC08", "TC12", "TC16", "TC17", "TC18", "TC27")
"""Units that have handed in their logs: some infected, one clean, one with two days only."""

OWN_TABLES = (("inventory", "machines.csv", "unit"), ("plan", "units.csv", "code"))


def hand_in_logs(
    district: Path, nodes: dict[str, CampaignNode], accounts: list[Account], *, week_end: datetime
) -> int:
    """Let units hand in their tables and logs and sweep them; return how many jobs ran."""
    folders = folders_of_units(district)
    for code in HANDED_IN:
        node, actor = nodes[code], of_role(accounts, Role.FOCAL_POINT, code)
        for kind, table, column in OWN_TABLES:
            given = Given(file=table_of(district, table, column, code))
            add_table(node.unit, kind=kind, given=given, as_of=week_end.date(), actor=actor)
        submission = begin(
            node,
            kind="logs",
            given=Given(file=logs_of(folders[code])),
            note="Nhật ký tuần rà quét",
            token=uuid.uuid4(),
            actor=actor,
        )
        send(submission, actor=actor)
    return run_ready(JOBS)


def hand_in_notices(
    district: Path, nodes: dict[str, CampaignNode], accounts: list[Account]
) -> None:
    """Let the units hand in the notices of their own public addresses and have them traced."""
    for code in HANDED_IN:
        notices = notices_of(district, code)
        if notices is not None:
            actor = of_role(accounts, Role.FOCAL_POINT, code)
            source = NoticeBatch.Source.NOTICES
            hand_in(nodes[code], upload=notices, source=source, actor=actor)
    run_ready(JOBS)


def begin_work(nodes: dict[str, CampaignNode], accounts: list[Account], week: datetime) -> None:
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
        tell_handling(case.pk, kind=kind, at=at, tool=tool, result=result, actor=actor)
