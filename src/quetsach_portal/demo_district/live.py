"""What the live demo needs: a token of its watch, in a file that only its owner reads."""

import os
from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.tokens import make_token
from quetsach_portal.demo_district.accounts import DemoPerson, of_role
from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import OrgUnit

LIVE_UNIT = "TC03"
"""The commune whose traffic `quetsach demo-live` makes; it has handed in no logs."""

TOKEN_FILE = "live-token"  # noqa: S105 - the name of a file
_DAYS = 30


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
    path = home / TOKEN_FILE
    home.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor, no path
        file.write(f"{text}\n")
    return path
