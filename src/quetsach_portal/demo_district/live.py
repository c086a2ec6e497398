"""What the live demo needs: a watch's token and the names planted today, in files of its owner."""

import os
from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.tokens import make_token
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.demo_district.accounts import DemoPerson, of_role
from quetsach_portal.people.models.roles import Role
from quetsach_portal.planted.observing import names_today
from quetsach_portal.planted.places import add_place
from quetsach_portal.units.models import OrgUnit

LIVE_UNIT = "TC03"
"""The commune whose traffic `quetsach demo-live` makes; it has handed in those of a week ago."""

TOKEN_FILE = "live-token"  # noqa: S105 - the name of a file
PLANTED_FILE = "live-planted"
_DAYS = 30
_SUBNET = "192.168.13.0/24"


def prepare_live(home: Path, campaign: Campaign, accounts: list[DemoPerson]) -> None:
    """Write what the live demo needs into `home`, as the focal point of its commune gives it."""
    keep_live_token(home, accounts)
    keep_planted(home, campaign, accounts)


def keep_planted(home: Path, campaign: Campaign, accounts: list[DemoPerson]) -> Path:
    """Add a place whose PC asks for planted names; write those of today into `home`."""
    actor = of_role(accounts, Role.FOCAL_POINT, LIVE_UNIT)
    node = CampaignNode.objects.select_related("unit").get(campaign=campaign, unit__code=LIVE_UNIT)
    add_place(node.unit, "Bộ phận một cửa", _SUBNET, actor=actor)
    return _keep(home / PLANTED_FILE, "\n".join(names_today(node)))


def keep_live_token(home: Path, accounts: list[DemoPerson]) -> Path:
    """Write a token for the watch of the live commune into `home`; return its file."""
    actor = of_role(accounts, Role.FOCAL_POINT, LIVE_UNIT)
    unit = OrgUnit.objects.get(code=LIVE_UNIT)
    _token, text = make_token(
        unit,
        name=_("Watch of the live demo"),
        scopes=[TokenScope.WATCH],
        expires_on=timezone.localdate() + timedelta(days=_DAYS),
        actor=actor,
    )
    return _keep(home / TOKEN_FILE, text)


def _keep(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor, no path
        file.write(f"{text}\n")
    return path
