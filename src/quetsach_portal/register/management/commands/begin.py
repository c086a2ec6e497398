"""`quetsach manage begin`: an empty portal gets its lead office and a link for its owner."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from quetsach_portal.audit.record import record
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.invitations import invite
from quetsach_portal.people.roles.second_person import LATELY
from quetsach_portal.units.dated import UNPLACED, place
from quetsach_portal.units.importing.preview import preview_of
from quetsach_portal.units.importing.save import save
from quetsach_portal.units.models import OrgUnit, ReportingLine, UnitKind
from quetsach_portal.units.register_file.rows import UnitRow
from quetsach_portal.web.acts import Refused


class Command(BaseCommand):
    """Make the lead office, invite its first owner, and print the one-time link."""

    help = gettext_noop(
        "Set up an empty portal: create the lead office and print the link by which its first "
        "owner sets a password. The units below are then loaded from a table on the page Units."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the office and the address of its owner."""
        parser.add_argument(
            "--code", required=True, help=_("code of the lead office, for example H61 or TC")
        )
        parser.add_argument("--name", required=True, help=_("its full name"))
        parser.add_argument("--email", required=True, help=_("mail address of the first owner"))
        parser.add_argument(
            "--kind",
            default=UnitKind.DISTRICT,
            choices=UnitKind.values,
            help=_("kind of the lead office"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        try:
            validate_email(options["email"])
        except ValidationError as error:
            told = _("%(text)s is not a valid mail address.") % {"text": options["email"]}
            raise CommandError(told) from error
        try:
            with transaction.atomic():
                unit = _office(options["code"], options["name"], options["kind"])
                done = invite(
                    unit=unit,
                    email=options["email"],
                    role=Role.LEAD_OWNER,
                    last_day=None,
                    actor=None,
                )
        except Refused as refused:
            raise CommandError(refused.told) from refused
        self.stdout.write(_("Open this link once, within 72 hours, and set a password:"))
        self.stdout.write(done.link)
        self.stdout.write(
            _(
                "Next: on the page Units, load the units below from a table (XLSX, ODS, CSV) and "
                "enter a mail address of the lead office. Starting a campaign needs two owners: "
                "invite the second by: quetsach manage invite_owner --unit %(code)s --email "
                "ADDRESS. An owner invited by the first on the page People does not count as a "
                "second person for %(days)s days."
            )
            % {"code": unit.code, "days": LATELY.days}
        )


def _office(code: str, name: str, kind: str) -> OrgUnit:
    """Create the lead office of an empty portal. Errors: Refused if there are units."""
    if OrgUnit.objects.exists():
        raise Refused(
            _(
                "The portal already has units. Invite owners on the page People, or by: quetsach "
                "manage invite_owner --unit CODE --email ADDRESS"
            )
        )
    today = timezone.localdate()
    top = OrgUnit.objects.create(
        code=code.strip(), kind=kind, name="-", path=UNPLACED, opened_on=today
    )
    place(0)
    top.refresh_from_db()
    unit_row = UnitRow(
        row=1, sheet="", code=top.code, name=name, kind=kind, line=ReportingLine.TERRITORY.value
    )
    comparison = preview_of([unit_row], [], top)
    if comparison.problems:
        raise Refused(" ".join(problem.told for problem in comparison.problems))
    save(comparison, today, "")
    top.refresh_from_db()
    record(
        "unit.begun",
        actor=None,
        kind="unit",
        object_id=top.pk,
        unit_path=top.path,
        detail={"code": top.code},
    )
    return top
