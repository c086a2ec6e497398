"""`quetsach manage invite_owner --unit CODE --email ADDRESS`: the first owner of a lead office."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from quetsach_portal.rights.invitations import invite
from quetsach_portal.rights.models import Role
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.problems import Refused


class Command(BaseCommand):
    """Invite an owner and print the one-time link."""

    help = "Invites an owner of a lead office and prints the link, which works once, for 72 hours."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the unit and the address."""
        parser.add_argument("--unit", required=True, help="the unit's code")
        parser.add_argument("--email", required=True, type=_address)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        unit = OrgUnit.objects.filter(code=options["unit"]).first()
        if unit is None:
            raise CommandError(f"no unit has the code {options['unit']}")
        try:
            done = invite(
                unit=unit,
                email=options["email"],
                role=Role.LEAD_OWNER,
                last_day=None,
                actor=None,
            )
        except Refused as refused:
            raise CommandError(refused.told) from refused
        self.stdout.write(done.link)


def _address(text: str) -> str:
    validate_email(text)
    return text
