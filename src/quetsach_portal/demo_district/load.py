"""Load the whole demo: made-up logs, units, people, the campaign, and a week of work."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach.sandbox.warm import kept_warm
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.config.jobs import JOBS
from quetsach_portal.demo_district import campaign as campaigns
from quetsach_portal.demo_district import evidence, history, machines, public, reports
from quetsach_portal.demo_district.accounts import DemoPerson, make_accounts, write_district
from quetsach_portal.intake.sandboxed import LOADED_AHEAD
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.jobs.worker import run_ready
from quetsach_portal.reports.models.report import ReportVersion
from quetsach_portal.units.demo import TOP, load_tra_cu
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.acts import Refused

Told = Callable[[Promise], None]
"""Called with what is done now, to be said in the language of who is told."""


@dataclass(frozen=True)
class LoadedDemo:
    """The demo as it stands: its campaign, its people, and the district's signed report."""

    campaign: Campaign
    accounts: list[DemoPerson]
    report: ReportVersion


def load(announce: Told, *, public_url: str = "") -> LoadedDemo:
    """Load the demo into an empty portal; its public page is known as `public_url`.

    What its people write is Vietnamese, whatever language is active.
    Errors: Refused where there are units already."""
    if OrgUnit.objects.exists():
        raise Refused(_("This portal already has units; the demo needs an empty portal."))
    with translation.override("vi"), kept_warm([LOADED_AHEAD]), _kept_at_the_end():
        return _loaded(announce, public_url)


@contextmanager
def _kept_at_the_end() -> Iterator[None]:
    """Let SQLite wait for the disk once at the end, and not for each of 800 acts.

    Where the machine stops meanwhile, an empty portal is all that is lost.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        (before,) = cursor.fetchone()
        cursor.execute("PRAGMA synchronous=OFF")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA synchronous={int(before)}")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _loaded(announce: Told, public_url: str) -> LoadedDemo:
    week = _last_monday()
    with tempfile.TemporaryDirectory() as folder:
        announce(_lazy("The logs of a made-up week in the district Trà Cú"))
        district = write_district(Path(folder) / "demo", week.date())
        announce(_lazy("Units, people and their roles"))
        units = load_tra_cu()
        accounts = make_accounts(dict(units))
        announce(_lazy("The campaign, from the letter to its start by two people"))
        campaign = campaigns.run_campaign(district, units[TOP], accounts)
        nodes = {
            node.unit.code: node
            for node in CampaignNode.objects.filter(campaign=campaign).select_related(
                "unit", "parent"
            )
        }
        announce(
            _lazy("The letter to the units, their receipts, deployments and people who take part")
        )
        campaigns.send_letter(campaign, accounts)
        campaigns.answer(nodes, accounts)
        announce(_lazy("Evidence of some units, swept in the background; about a minute"))
        evidence.hand_in_logs(district, nodes, accounts, week_end=week + timedelta(days=6))
        machines.hand_in_collections(nodes, accounts)
        evidence.begin_work(nodes, accounts, week)
        announce(_lazy("The authority's notices"))
        evidence.hand_in_notices(district, nodes, accounts)
        announce(_lazy("The reports of the units, and the district’s own over them"))
        evidence.recheck(nodes, accounts)
        report = reports.write_reports(nodes, accounts)
        campaigns.present_reminder(nodes[TOP], accounts)
    enqueue("participation.roll", key="participation.roll:demo")
    enqueue("lists.make", key="lists.make:demo")
    run_ready(JOBS)
    announce(_lazy("Four weeks of history behind the figures"))
    history.lay_back(campaign)
    evidence.publish(campaign, accounts)
    announce(_lazy("The public page: its lists, its tools, and who may see it: everybody"))
    public.open_page(campaign, accounts, public_url)
    run_ready(JOBS)
    return LoadedDemo(campaign, accounts, report)


def _last_monday() -> datetime:
    """Return the Monday of the last week that is over."""
    now = timezone.localtime()
    return now - timedelta(days=now.weekday() + 7)
