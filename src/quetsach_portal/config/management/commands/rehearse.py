"""`quetsach manage rehearse CAMPAIGN`: make a rehearsal of a campaign in preparation."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.jobs.worker import GiveUp
from quetsach_portal.rehearsals.actions import make
from quetsach_portal.web.acts import Refused
from quetsach_portal.web.public_address import public_address
from quetsach_portal.web.scratch_homes import base_path


class Command(BaseCommand):
    """What the button on the campaign's page does, from the command line."""

    help = gettext_noop(
        "Make a rehearsal of a campaign in preparation: a portal of its own with made-up people, "
        "which nothing leaves and which goes by itself after 7 days."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the number of the campaign."""
        parser.add_argument("campaign", type=int, help=_("number of the campaign in its address"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it and print its address."""
        campaign = (
            Campaign.objects.select_related("lead_unit").filter(pk=options["campaign"]).first()
        )
        if campaign is None:
            raise CommandError(_("There is no campaign %(id)s.") % {"id": options["campaign"]})
        try:
            note = make(campaign, actor=None)
        except (Refused, GiveUp) as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(public_address(f"{base_path(note.id)}/"))
