"""`quetsach manage invite_owner --unit CODE --email ADDRESS`: the first owner of a lead office."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.invitations import invite
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.acts import Refused


class Command(BaseCommand):
    """Invite an owner and print the one-time link."""

    help = gettext_noop(
        "Invites an owner of a lead office and prints the one-time link, valid for 72 hours."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the unit and the address."""
        parser.add_argument("--unit", required=True, help=_("the unit's code"))
        parser.add_argument("--email", required=True, help=_("mail address of the owner"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        try:
            validate_email(options["email"])
        except ValidationError as error:
            message = _("%(text)s is not a valid mail address.") % {"text": options["email"]}
            raise CommandError(message) from error
        unit = OrgUnit.objects.filter(code=options["unit"]).first()
        if unit is None:
            message = _(
                "No unit has the code %(code)s. Set up an empty portal by: quetsach manage begin "
                "--code CODE --name NAME --email ADDRESS"
            )
            raise CommandError(message % {"code": options["unit"]})
        try:
            done = invite(
                unit=unit, email=options["email"], role=Role.LEAD_OWNER, last_day=None, actor=None
            )
        except Refused as refused:
            raise CommandError(refused.told) from refused
        self.stdout.write(done.link)
